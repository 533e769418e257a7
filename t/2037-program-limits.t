#!/usr/bin/env bash
# What a program may use: time, processor, files, output; and a named lock, one at a time.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$HOME" || exit 1

mkdir -m 700 programs
program() { cat >"programs/$1"; chmod 700 "programs/$1"; }
printf 'From: a@b.org\nMessage-ID: <1@t>\nSubject: one\n\nbody\n' >one
cat >config <<END
filter: { programs = "$HOME/programs" program-timeout = "2s" program-cpu = "1s"
	program-file-size = "100K" program-output = "1M" rules = "$HOME/rule.sieve" }
END
rule() { echo 'require ["vnd.mailrail.program", "vnd.dovecot.pipe", "fileinto", "variables", "copy"];' "$@" >rule.sieve; }
filter() { run mr-filter -c config --message <one; }
decided() { grep -a '^action:' "$OUT" | sed 's/^[^ ]* [^ ]* //'; }

program slow <<'END'
#!/bin/sh
sleep 60 &
echo $! >"$HOME/child"
wait
END
program loop <<'END'
#!/bin/sh
while :; do :; done
END
program flood <<'END'
#!/bin/sh
exec yes
END
program big <<'END'
#!/bin/sh
trap '' XFSZ
head -c 200000 /dev/zero >"$HOME/file" && exit 0
exit 3
END

rule 'if program "slow" { fileinto "x"; }'
began=$SECONDS
filter
ok 'a program that takes too long is ended' '[ $((SECONDS - began)) -lt 20 ]'
like 'with a line' "$(<"$ERR")" 'rule.sieve:1: program slow: '
like 'and the message is kept' "$(decided)" '^keep;'
gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }
ok 'what it had begun has ended, too' 'wait_for 5 "gone $(<child)"'
rule 'if program :timeout 60 "loop" { fileinto "x"; }'
began=$SECONDS
filter
ok 'one that uses too much processor' '[ $((SECONDS - began)) -lt 30 ]'
like 'has a line' "$(<"$ERR")" 'program loop was ended by signal'
like 'and keeps' "$(decided)" '^keep;'
rule 'if program :output "x" "flood" { fileinto "x"; }'
filter
like 'one that prints for ever' "$(<"$ERR")" 'program flood: '
like 'and keeps the message' "$(decided)" '^keep;'
rule 'if program :exit 3 "big" { fileinto "x"; }'
filter
is 'one that writes too large a file' "$(decided)" 'fileinto "x";'
ok 'has written no more than it may' '[ "$(stat -c %s file)" -le 102400 ]'

# Two at once would both see the other's mark.
program alone <<'END'
#!/bin/sh
mkdir "$HOME/inside" || exit 1
sleep 0.5
rmdir "$HOME/inside"
END
rule 'if program :lock "l" "alone" { fileinto "alone"; }'
for i in 1 2 3; do
	spawn "f$i" mr-filter -c config --message one
	pids[i]=$PID
done
wait_for 20 '! kill -0 ${pids[1]} ${pids[2]} ${pids[3]} 2>/dev/null' ||
	wait_for 1 '[ "$(grep -al "^action.*alone" $TEST_HOME/f?.log | wc -l)" = 3 ]'
is 'a named lock lets one at a time run' "$(grep -al '^action.*fileinto "alone"' "$TEST_HOME"/f?.log | wc -l)" 3
rule 'pipe :lock "l" :timeout 1 "slow";'
filter
began=$SECONDS
mr-deliver -c config <"$OUT" 2>"$ERR"
ok 'mr-deliver ends a program, too' '[ $((SECONDS - began)) -lt 20 ]'
is 'and keeps the message' "$(ls Mail/new | wc -l)" 1

done_testing
