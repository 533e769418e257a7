#!/usr/bin/env bash
# mr-deliver with marks, replies, a copy and a program, killed at its system calls, then run
# again: each message once, no reply twice, the marks are there. A sample; all: MR_CRASH=full.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

command -v strace >/dev/null || bail_out "strace is not installed"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3 4 5; do
	printf 'From: a%d@example.org\nSubject: %d\nMessage-ID: <%d@t>\n\nbody %d\n' \
		$i $i $i $i >"m$i"
done
mkdir programs
printf '#!/bin/sh\nexit 1\n' >programs/fail
chmod 700 programs/fail
cat >config <<END
deliver: { inbox = "maildir:~/Mail" relay-program = "$MR_TOP/t/lib/carrier" }
filter: { programs = "$HOME/programs" }
END
reply() { printf 'vacation :seconds 1000 :handle "h" %s "%s" "Subject: away\n\nto %s\n";' "$2" "$1" "$1"; }
make-stream --receipts stdout \
	'action=r:1 mark :seconds 1000 "k1";' "action=r:2 $(reply a@x.org ':fcc "Sent"')" \
	'action=r:3 keep;' m1 \
	'action=' 'action=r:4 notify "n@x.org" "Subject: news";' 'action=r:5 fileinto "f";' m2 \
	'action=' "action=r:2 $(reply b@x.org '')" 'action=r:6 discard;' m3 \
	'action=' 'action=r:7 mark :seconds 1000 "k4";' 'action=r:8 pipe "fail" [];' m4 \
	'action=' "action=r:2 $(reply a@x.org '')" 'action=r:9 keep;' m5 >stream

reset() { rm -rf Mail carried "$XDG_STATE_HOME/mailrail"; }
# What there must be in the end: every message in its place, once; both marks.
state() {
	mailstate Mail | grep -v 'Subject: away' | grep -v '\.Sent'
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" 'SELECT key, id FROM seen ORDER BY key'
}
check_sent() {
	sort carried 2>/dev/null | uniq -d | sed 's/^/sent twice: /'
	[ "$(ls Mail/.Sent/new 2>/dev/null | wc -l)" -le 1 ] || echo 'two copies'
	[ ! -d Mail/.Sent/new ] || [ -z "$(ls Mail/.Sent/new)" ] || grep -q 'to <a@x.org>' carried ||
		echo 'a copy of what was not sent'
}

# one SYSCALL N: killed there, then run again; silence when all is well.
one() {
	reset
	(
		strace -f -qq -o /dev/null -e "inject=$1:signal=KILL:when=$2" \
			mr-deliver -c config <stream >/dev/null
		:
	) 2>/dev/null
	check_sent
	mr-deliver -c config <stream >"$TEST_HOME/again" 2>"$TEST_HOME/said" || echo "again: exit $?"
	grep -v '^stored ' "$TEST_HOME/again"
	grep -v 'program fail: exit status 1' "$TEST_HOME/said"
	check_sent
	state >"$TEST_HOME/got"
	diff "$TEST_HOME/want" "$TEST_HOME/got"
}

reset
strace -qq -o "$TEST_HOME/trace" mr-deliver -c config <stream >"$OUT" 2>"$ERR"
state >"$TEST_HOME/want"
is 'a run without a kill stores all' "$(grep -c ^stored "$OUT") $(grep -c '^k' "$TEST_HOME/want")" '5 2'
is 'and sends three texts' "$(cut -d: -f1 carried | sort | tr '\n' ' ')" \
	'from <> to <a@x.org> from <> to <b@x.org> from <> to <n@x.org> '
is 'one is filed' "$(ls Mail/.Sent/new | wc -l)" 1
sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$TEST_HOME/trace" | sort | uniq -c >"$TEST_HOME/calls"
: >"$TEST_HOME/bad"
step=11
at=0
tried=0
[ "${MR_CRASH:-}" = full ] && step=1
while read -r count call; do
	case $call in execve | exit_group | clone* | vfork) continue ;; esac
	for ((n = 1; n <= count; n++)); do
		at=$((at + 1))
		[ $((at % step)) = 0 ] || continue
		tried=$((tried + 1))
		one "$call" "$n" >"$TEST_HOME/one" 2>&1
		[ -s "$TEST_HOME/one" ] && sed "s/^/$call $n: /" "$TEST_HOME/one" >>"$TEST_HOME/bad"
	done
done <"$TEST_HOME/calls"
diag "$tried kills of $at calls"
head -n 20 "$TEST_HOME/bad" | sed 's/^/# /'
ok 'each message once, no text twice, after each of the kills' '[ ! -s "$TEST_HOME/bad" ]'
ok 'there were kills' "[ $tried -gt 20 ]"

done_testing
