#!/usr/bin/env bash
# mr-deliver killed at its system calls, then run again: each message exactly once, no part
# of one is ever seen, nothing is left in tmp/. A sample; all of them: MR_CRASH=full.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

command -v strace >/dev/null || bail_out "strace is not installed"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3 4 5 6 7 8 9 10; do
	printf 'From: a%d@example.org\nSubject: %d\nMessage-ID: <%d@t>\n\nFrom here, %d\n' \
		$i $i $i $i >"$TEST_HOME/m$i"
done
head -c 200000 /dev/zero | tr '\0' x >>"$TEST_HOME/m3"
cat >config <<'END'
deliver: { inbox = "maildir:~/Mail" folders = "mbox:~/boxes" lock-timeout = "5s" }
END

# stream: Maildir alone, an mbox alone, both, flags, a discard.
make_mixed() {
	(cd "$TEST_HOME" && make-stream --receipts stdout m1 'action=r:1 keep;' m2 m3 \
		'action=r:2 fileinto "a";' m4 'action=' 'action=r:3 fileinto "b";' m5 m6 \
		'action=' 'action=r:4 keep :flags "\\Seen";' m7 'action=' 'action=r:5 discard;' m8 \
		'action=' 'action=r:6 keep;' 'action=r:7 fileinto "a";' m9 m10) >mixed
}
# stream: Maildir folders; a file with three links.
make_links() {
	(cd "$TEST_HOME" && make-stream --receipts stdout m1 'action=r:1 fileinto "a/b";' m2 m3 \
		'action=r:2 fileinto :flags ["\\Seen", "\\Flagged"] "c";' 'action=r:3 keep;' m4 m5) >links
}

reset() {
	rm -rf Mail boxes "$XDG_STATE_HOME/mailrail"
}
state() {
	mailstate "$@" Mail boxes/a boxes/b
}

# What was promised in the first run must be there before the second.
check_promises() {
	local id
	sed -n 's/^stored test://p' "$TEST_HOME/receipts" | while read -r id; do
		[ "$id" = 8 ] && [ "$STREAM" = mixed ] && continue
		grep -rqs "^Subject: $id\$" Mail boxes || echo "promised and not there: $id"
	done
}

# one SYSCALL N: killed there, then run again; silence when all is well.
one() {
	reset
	# In a subshell: bash tells on stderr who was killed.
	(
		strace -f -qq -o /dev/null -e "inject=$1:signal=KILL:when=$2" \
			mr-deliver "${OPTIONS[@]}" <"$STREAM" >"$TEST_HOME/receipts"
		:
	) 2>/dev/null
	# The tail of an mbox may be torn until the next run.
	state --partial | sort -u >"$TEST_HOME/seen"
	comm -23 "$TEST_HOME/seen" <(sort -u "$STREAM.want") | grep -v '^boxes' |
		sed 's/^/a part is seen: /'
	check_promises
	mr-deliver "${OPTIONS[@]}" <"$STREAM" >"$TEST_HOME/again" 2>&1 || echo "again: exit $?"
	grep -v '^stored ' "$TEST_HOME/again"
	state >"$TEST_HOME/got"
	diff "$STREAM.want" "$TEST_HOME/got"
}

# sample NAME: every call of the batch, or one of eleven.
sample() {
	local name=$1 step=11 at=0 call n tried=0
	STREAM=$name
	[ "${MR_CRASH:-}" = full ] && step=1
	reset
	strace -f -qq -o "$TEST_HOME/trace" mr-deliver "${OPTIONS[@]}" <"$STREAM" >/dev/null
	state >"$STREAM.want"
	ok "$name: a run without a kill stores all" '[ -s "$STREAM.want" ]'
	sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' "$TEST_HOME/trace" | sort | uniq -c \
		>"$TEST_HOME/calls"
	: >"$TEST_HOME/bad"
	while read -r count call; do
		case $call in execve | exit_group) continue ;; esac
		for ((n = 1; n <= count; n++)); do
			at=$((at + 1))
			[ $((at % step)) = 0 ] || continue
			tried=$((tried + 1))
			one "$call" "$n" >"$TEST_HOME/one" 2>&1
			[ -s "$TEST_HOME/one" ] && sed "s/^/$call $n: /" "$TEST_HOME/one" >>"$TEST_HOME/bad"
		done
	done <"$TEST_HOME/calls"
	diag "$name: $tried kills of $at calls"
	head -n 20 "$TEST_HOME/bad" | sed 's/^/# /'
	ok "$name: exactly once after each of the kills" '[ ! -s "$TEST_HOME/bad" ]'
	ok "$name: there were kills" "[ $tried -gt 20 ]"
}

OPTIONS=(-c "$HOME/config")
make_mixed
sample mixed
OPTIONS=()
make_links
sample links

done_testing
