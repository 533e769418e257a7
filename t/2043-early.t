#!/usr/bin/env bash
# Rules that need the header alone decide before the body has come, however many there are;
# each message of a stream goes on before the next one comes.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

# begin RULES: mr-filter reads from descriptor 3 until it is closed
begin() {
	rm -f pipe out
	mkfifo pipe
	mr-filter --rules "$1" <pipe >out 2>err &
	PID=$!
	adopt "$PID"
	exec 3>pipe
	printf '%%mailrail-stream 1\nprogram: test\n\n' >&3
}

# head N: the header of a message and no byte of its body
head_of() {
	printf 'message\n\nbytes 19\nSubject: ticket %03d\n\n' "$1" >&3
}

{
	echo 'require ["fileinto", "regex", "body"];'
	for n in $(seq 200); do
		printf 'if header :contains "subject" "ticket %03d" { fileinto "t%d"; stop; }\n' "$n" "$n"
		printf 'if header :regex "subject" "^number %d(a|b)" { discard; }\n' "$n"
	done
} >header.sieve

begin header.sieve
for n in 7 150 199; do
	printf 'message\n\nbytes 21\nSubject: ticket %03d\n\n\n' "$n" >&3
	ok "message $n is decided by its header" \
		'wait_for 10 "grep -q \"fileinto .t$n.;\" out"'
	printf 'bytes 5\nbody\n\nend ok 26\n' >&3
done
printf 'done 3\n' >&3
exec 3>&-
wait "$PID"
is 'all went well' "$? $(cat err)" '0 '
is 'each went to its folder' "$(grep -c '^action: .*fileinto' out)" 3

# With a rule on the body it cannot be so.
{ cat header.sieve; echo 'if body :contains "body" { fileinto "b"; }'; } >body.sieve
begin body.sieve
printf 'message\n\nbytes 21\nSubject: ticket 900\n\n\n' >&3
ok 'a rule on the body waits for it' '! wait_for 1 "grep -q ^action out"'
printf 'bytes 5\nbody\n\nend ok 26\ndone 1\n' >&3
exec 3>&-
wait "$PID"
is 'and finds it' "$(sed -n 's/^action: //p' out | sed 's/^[^ ]* //')" 'fileinto "b";'
done_testing
