#!/usr/bin/env bash
# mr-filter killed while a program of a rule runs: nothing is stored of what was not decided,
# nothing is lost, the program does not stay, and the next run does all of it.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_TOP/t/lib:$MR_BUILD/t/fake:$PATH
cd "$HOME" || exit 1

mkdir -m 700 programs
cat >programs/ask <<'END'
#!/bin/sh
cat >/dev/null
[ -e "$HOME/now" ] && exit 0
echo $$ >"$HOME/asked.new"
mv "$HOME/asked.new" "$HOME/asked"
exec sleep 10
END
chmod 700 programs/ask
echo 'require ["vnd.mailrail.program", "fileinto"]; if program "ask" { fileinto "yes"; }' >rule.sieve
echo "filter: { programs = \"$HOME/programs\" program-timeout = \"12s\" rules = \"$HOME/rule.sieve\" }" >config
for i in 1 2; do
	printf 'From: a@b.org\nMessage-ID: <%d@t>\nSubject: %d\n\nbody %d\n' $i $i $i >m$i
done
make-stream --receipts stdout m1 m2 >stream
stored() { ls Mail/new Mail/.yes/new 2>/dev/null | grep -c '^[0-9]'; }
gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }

mkfifo between
spawn deliver sh -c 'mr-deliver -c config <between'
deliver=$PID
mr-filter -c config <stream >between 2>"$ERR" &
filter=$!
wait_for 10 '[ -e asked ]'
ok 'the program runs' '[ -e asked ]'
kill -KILL "$filter"
wait "$filter" 2>/dev/null
ok 'mr-deliver ends' 'wait_for 10 "gone $deliver"'
is 'nothing is stored, no receipt says so' \
	"$(stored) $(grep -c ^stored "$TEST_HOME/deliver.log")" '0 0'
ok 'the program ends in its time' 'wait_for 15 "gone $(<asked)"'
: >now
mr-filter -c config <stream | mr-deliver -c config >"$OUT" 2>"$ERR"
is 'the next run stores all' "$(stored) $(ls Mail/.yes/new | wc -l) $(grep -c ^stored "$OUT")" '2 2 2'
mr-filter -c config <stream | mr-deliver -c config >"$OUT" 2>"$ERR"
is 'once' "$(stored) $(grep -c ^stored "$OUT")" '2 2'

done_testing
