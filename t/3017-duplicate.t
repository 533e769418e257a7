#!/usr/bin/env bash
# The duplicate test through mr-filter and mr-deliver: what is stored is remembered, and only
# that; a message is never its own duplicate; a duplicate waits for its first.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3; do
	printf 'From: a@example.org\nMessage-ID: <%s@t>\nSubject: %d\n\nbody\n' $((i < 3 ? 1 : 3)) $i >m$i
done
cat >dup.sieve <<'END'
require ["duplicate", "fileinto"];
if duplicate { fileinto "dup"; stop; }
END
ledger=$XDG_STATE_HOME/mailrail/ledger.db
chain() {
	mr-filter --rules dup.sieve | mr-deliver "$@"
}
where() {
	(cd Mail && grep -rh '^Subject:' new .dup/new 2>/dev/null | sort | tr '\n' ' '
		ls new | wc -l; ls .dup/new 2>/dev/null | wc -l) | tr '\n' ' '
}

make-stream --receipts stdout m1 m2 m3 >stream
exits 'a stream with a duplicate in it' 0 chain <stream
is 'all are stored' "$(cut -d' ' -f1 "$OUT" | sort | uniq -c | tr -s ' ')" ' 3 stored'
is 'the second message in its place' "$(where)" 'Subject: 1 Subject: 2 Subject: 3 2 1 '
like 'the log tells of the mark' "$(mr-deliver log)" 'mark "<1@t>"  dup.sieve:2'
exits 'the same stream again' 0 chain <stream
is 'changes nothing' "$(where)" 'Subject: 1 Subject: 2 Subject: 3 2 1 '
make-stream --prefix later: m1 >again
exits 'one that comes later, in another run' 0 chain <again
is 'is a duplicate' "$(ls Mail/.dup/new | wc -l)" 2
run mr-deliver log
is 'a duplicate leaves no mark' "$(grep -c ' mark ' "$OUT")" 2

# A plain message: marked when all of it is done.
rm -rf Mail "$XDG_STATE_HOME/mailrail"
exits 'a plain message' 0 chain <m1
exits 'and again' 0 chain <m1
is 'the second is a duplicate' "$(where)" 'Subject: 1 Subject: 1 1 1 '
echo 'deliver: { ledger = false }' >config
rm -rf Mail "$XDG_STATE_HOME/mailrail"
exits 'without rows for plain mail' 0 chain -c config <m1
exits 'it is remembered as well' 0 chain -c config <m1
is 'by its mark alone' "$(where) $(mr-deliver log | wc -l)" 'Subject: 1 Subject: 1 1 1  0'

# What was not stored is not remembered: inbox is a file.
rm -rf Mail "$XDG_STATE_HOME/mailrail"
echo 'deliver: { inbox = "maildir:'"$HOME/no"'" }' >config
: >no
exits 'where nothing can be stored' 75 chain -c config <m1
exits 'a stream' 75 chain -c config <stream
is 'the duplicate is not stored either: it waits' "$(grep -c '^deferred' "$OUT")" 3
rm no
exits 'when it can' 0 chain -c config <stream
is 'no message is its own duplicate' "$(ls no/new | wc -l) $(ls no/.dup/new | wc -l)" '2 1'

# The first message is only for a folder that is in the way: its duplicate must wait for it.
rm -rf Mail no "$XDG_STATE_HOME/mailrail"
cat >first.sieve <<'END'
require ["duplicate", "fileinto"];
if duplicate { discard; stop; }
fileinto "x"; stop;
END
mkdir Mail
: >Mail/.x
mr-filter --rules first.sieve <stream >filtered
is 'the frame names it' "$(grep '^after' filtered)" 'after: test:1'
exits 'the first fails' 75 mr-deliver <filtered
is 'so does its duplicate' "$(sort "$OUT" | cut -d' ' -f1,2 | tr '\n' ' ')" \
	'deferred test:1 deferred test:2 deferred test:3 '
rm Mail/.x
exits 'when it is stored' 0 mr-deliver <filtered
is 'the duplicate goes' "$(ls Mail/.x/new | wc -l)" 2

# :last and :seconds.
rm -rf Mail "$XDG_STATE_HOME/mailrail"
until_of() { sqlite3 "$ledger" 'SELECT "until" - strftime("%s") FROM seen'; }
printf 'require "duplicate"; if duplicate :seconds 100 { discard; stop; }' >dup.sieve
chain <m1
printf 'require "duplicate"; if duplicate :seconds 1000 { discard; stop; }' >dup.sieve
chain <m1
ok 'the time counts from the first' '[ "$(until_of)" -le 100 ]'
printf 'require "duplicate"; if duplicate :last :seconds 1000 { discard; stop; }' >dup.sieve
chain <m1
ok 'with :last from the last' '[ "$(until_of)" -gt 900 ]'

done_testing
