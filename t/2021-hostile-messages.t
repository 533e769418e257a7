#!/usr/bin/env bash
# Messages that are made to cost much: an answer each, nothing lost, within bounds of time
# and memory.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

# LIMIT: seconds of CPU and KiB of address space; a build with sanitizers has its own needs.
seconds=10
space=600000
grep -q -a __asan_init "$MR_BUILD/filter/mr-filter" && { seconds=100 space=unlimited; }
make="$MR_TOP/t/lib/hostile-message"
rules="$MR_TOP/t/lib/hostile-rules.sieve"

bounded() {
	(
		ulimit -t "$seconds"
		ulimit -v "$space"
		exec "$@"
	)
}

# Bytes of the message in a stream that mr-filter wrote.
message_of() {
	perl -0777 -ne 'while (s/^.*?^bytes (\d+)\n//ms) { print substr($_, 0, $1, "") }' "$1"
}

ok 'the rules compile' 'mr-filter check --rules "$rules"'
for kind in $("$make" kinds); do
	"$make" "$kind" 100000 >message
	bounded mr-filter --message --rules "$rules" <message >stream 2>err
	is "$kind: passes on" "$?" 0
	message_of stream >back
	ok "$kind: byte for byte" 'cmp -s message back'
	is "$kind: kept" "$(grep -ac '^action: .*keep;' stream)" 1
	ok "$kind: at most two lines on stderr" '[ "$(wc -l <err)" -le 2 ]' || diag "$(head -3 err)"
done

# A header line of 20 MB; a body of 20 MB in one line.
perl -e 'print "Subject: ", "x" x 20000000, "\n\nbody\n"' >message
bounded mr-filter --message --rules "$rules" <message >stream 2>err
is 'a header line of 20 MB: passes on' "$?" 0
like 'and one line says what was seen' "$(cat err)" 'the header is longer than 1 MiB'
perl -e 'print "Subject: x\n\n", "x" x 20000000' >message
exits 'a body line of 20 MB' 0 bounded mr-filter --message --rules "$rules" message

# NUL, CR and LF of encoded words never get into a name, nor cut a text short.
printf 'Subject: =?utf-8?Q?via=00gra=0D=0ABcc:_a@b?= viagra\n\nx\n' >message
printf '%s\n' 'require ["fileinto", "variables"];' \
	'if header :matches "Subject" "*" { fileinto "${1}"; }' >capture.sieve
run mr-filter explain --plain --rules capture.sieve message
ok 'encoded NUL, CR and LF are no such bytes' '! grep -qaP "\x00|\r" "$OUT" && [ "$(wc -l <"$OUT")" = 1 ]'
printf 'Subject: via\0gra viagra\n\nx\0needle\n' >message
printf '%s\n' 'require ["body"];' \
	'if allof (header :contains "Subject" "gra viagra", body :contains "needle") { discard; }' \
	>nul.sieve
run mr-filter explain --plain --rules nul.sieve message
like 'NUL ends no text' "$(cat "$OUT")" '^discard'
done_testing
