#!/usr/bin/env bash
# Messages to programs: when the files are in place, once; a program that fails leaves the
# message in the inbox, one that says "later" leaves it where it was.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

mkdir programs
echo 'filter: { programs = "'"$HOME/programs"'", program-timeout = "2s" }' >config
for i in 1 2; do
	printf 'From: a%d@example.org\r\nMessage-ID: <%d@t>\nSubject: %d\n\nbody %d\n' $i $i $i $i >m$i
done
program() { cat >"programs/$1"; chmod 700 "programs/$1"; }
program take <<'END'
#!/bin/sh
{ echo "$# $* from=$SENDER to=$RECIPIENT stored=$(ls "$HOME/Mail/new" 2>/dev/null | wc -l)"
tr '\n' '|'; echo; } >>"$HOME/taken"
END
program fail <<'END'
#!/bin/sh
echo 'I will not' >&2
exit 3
END
program later <<'END'
#!/bin/sh
[ -e "$HOME/now" ] && exec "$HOME/programs/take" later
exit 75
END
program slow <<'END'
#!/bin/sh
exec sleep 60
END
reset() { rm -rf Mail taken now "$XDG_STATE_HOME/mailrail"; }
taken() { cat taken 2>/dev/null | grep -c 'from='; }
inbox() { ls Mail/new 2>/dev/null | wc -l; }

make-stream --receipts stdout mail-from=bob@example.net rcpt-to=me@here \
	'action=r:1 pipe "take" ["a b", "$(reboot)"];' 'action=r:2 keep;' m1 m2 >stream
exits 'a program and the inbox' 0 mr-deliver -c config <stream
is 'both messages are stored' "$(grep -c ^stored "$OUT") $(inbox)" '2 2'
is 'and given to it, behind the files' "$(head -2 taken)" \
	"2 a b \$(reboot) from=bob@example.net to=me@here stored=2
From: a1@example.org|Message-ID: <1@t>|Subject: 1||body 1|"
exits 'again' 0 mr-deliver -c config <stream
is 'no more' "$(taken)" 2
like 'the log tells of it' "$(mr-deliver log)" 'pipe "take"  r:1  <1@t>'$'\n'

reset
make-stream --receipts stdout 'action=r:1 pipe :header "take" [];' m1 \
	'action=' 'action=r:1 pipe :body "take" [];' m2 | mr-deliver -c config >"$OUT"
is 'header alone, body alone' "$(grep -v from= taken | tr '\n' '/')" \
	'From: a1@example.org|Message-ID: <1@t>|Subject: 1||/body 2|/'
is 'they are in no mailbox' "$(inbox) $(grep -c ^stored "$OUT")" '0 2'

# Headers that are longer than anything of them that is held.
{ cat m1 | sed '/^$/,$d'; for i in $(seq 3000); do printf 'X-%d: %s\n' $i "$(printf '%060d' $i)"; done; } >long-head
{ sed '/^$/,$d' m1; printf 'X-Long: '; head -c 300000 /dev/zero | tr '\0' x; printf '\nX-Y: z\n'; } >long-line
program sum <<'END'
#!/bin/sh
md5sum >>"$HOME/taken"
END
for what in long-head long-line; do
	reset
	{ cat $what; printf '\nbody\n\nmore\n'; } >m3
	make-stream --receipts stdout 'action=r:1 pipe :header "sum" [];' m3 \
		'action=' 'action=r:1 pipe :body "sum" [];' m3 >stream
	exits "$what" 0 mr-deliver -c config <stream
	is '  is parted from its body' "$(<taken)" \
		"$({ tr -d '\r' <$what; echo; } | md5sum; printf 'body\n\nmore\n' | md5sum)"
done

# Failures.
for name in fail missing slow; do
	reset
	make-stream --receipts stdout "action=r:1 pipe \"$name\" [];" 'action=r:2 discard;' m1 m2 >stream
	exits "$name" 0 mr-deliver -c config <stream
	is '  the messages are kept' "$(inbox) $(grep -c ^stored "$OUT")" '2 2'
	like '  with a line that says why' "$(<"$ERR")" "program $name: .*\(rule r:1\); the message is kept"
	exits '  once' 0 mr-deliver -c config <stream
	is '  and for all' "$(inbox)" 2
	like '  noted in the log' "$(mr-deliver log)" "pipe \"$name\"  r:1  <1@t>  \(program $name: "
done
like 'what it said is told' "$(reset; make-stream 'action=r:1 pipe "fail" [];' m1 |
	mr-deliver -c config 2>&1)" 'exit status 3: I will not'
reset
make-stream 'action=r:1 pipe "fail" [];' 'action=r:2 keep;' m1 | mr-deliver -c config 2>/dev/null
is 'no second copy beside a keep' "$(inbox)" 1
reset
make-stream 'action=r:1 pipe :try "fail" [];' m1 >stream
exits ':try' 0 mr-deliver -c config <stream
is 'the failure does not cancel the implicit keep' "$(inbox) $(<"$ERR")" '1 '
exits ':try again' 0 mr-deliver -c config <stream
is 'is kept for all' "$(inbox)" 1
for other in 'fileinto "x";' 'discard;'; do
	reset
	make-stream --receipts stdout 'action=r:1 pipe :try "fail" [];' "action=r:2 $other" m1 |
		mr-deliver -c config >"$OUT"
	is ":try beside $other" "$(grep -c ^stored "$OUT") $(inbox)" '1 0'
done
reset
make-stream 'action=r:1 pipe :try "fail" [];' 'action=r:2 pipe "take" [];' m1 |
	mr-deliver -c config 2>/dev/null
is 'another program may have got a copy alone' "$(inbox) $(taken)" '1 1'
reset
printf 'require "vnd.dovecot.pipe"; pipe :try "fail";' >try.sieve
mr-filter -c config --rules try.sieve --message <m1 2>"$ERR" | mr-deliver -c config
is 'from rule to mailbox' "$(inbox) ${PIPESTATUS[*]}" '1 0 0'
reset
make-stream --prefix '' 'action=r:1 pipe "fail" [];' m1 m2 >stream
exits 'plain messages' 0 mr-deliver -c config <stream
is 'are kept, too' "$(inbox)" 2

# Later.
reset
make-stream --receipts stdout 'action=r:1 pipe "later" [];' 'action=r:2 fileinto "x";' m1 >stream
exits 'a program that cannot now' 75 mr-deliver -c config <stream
like 'defers the message' "$(<"$OUT")" '^deferred test:1 program later: exit status 75'
: >now
exits 'when it can' 0 mr-deliver -c config <stream
is 'it gets it, and the file is not stored again' "$(taken) $(ls Mail/.x/new | wc -l)" '1 1'
exits 'once' 0 mr-deliver -c config <stream
is 'and for all' "$(taken)" 1

# The inbox is an mbox, which is locked already for another message of the batch.
reset
make-stream --receipts stdout 'action=r:1 pipe "fail" [];' m1 'action=' m2 >stream
exits 'kept in an mbox' 0 mr-deliver -c config --inbox "mbox:$HOME/box" <stream
is 'both messages are whole' "$(grep -c '^From ' box) $(grep -c '^body' box)" '2 2'

done_testing
