#!/usr/bin/env bash
# Vacation replies and notifications: at most once, when the message is safe; a second reply
# only when it is due; a copy of what was sent; what is not sent is told, and no more.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3; do
	printf 'From: a%d@example.org\nMessage-ID: <%d@t>\nSubject: %d\n\nbody\n' $i $i $i >m$i
done
echo 'deliver: { relay-program = "'"$MR_TOP/t/lib/carrier"'" }' >config
reply=$'Subject: away\nMessage-ID: <r@t>\n\nI am away\n'
vacation() {
	printf 'action=r:1 vacation :seconds %d :handle "h" %s "%s" "%s";' "${2:-1000}" "${3:-}" "$1" \
		"$reply"
}
ledger() { sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" "$1"; }
reset() { rm -rf Mail carried "$XDG_STATE_HOME/mailrail"; }
sent() { cat carried 2>/dev/null | wc -l; }

make-stream --receipts stdout "$(vacation bob@example.net)" 'action=r:2 keep;' m1 m2 >stream
exits 'two messages of one sender' 0 mr-deliver -c config <stream
is 'both are stored' "$(grep -c '^stored' "$OUT") $(ls Mail/new | wc -l)" '2 2'
is 'one reply, from the null sender' "$(<carried)" \
	'from <> to <bob@example.net>: Subject: away|Message-ID: <r@t>||I am away'
run mr-deliver log
like 'the log tells of it' "$(<"$OUT")" 'vacation "bob@example.net"  r:1  <1@t>'$'\n'
like 'and that the second was not due' "$(<"$OUT")" 'r:1  <2@t>  \(already answered\)'
exits 'the same again' 0 mr-deliver -c config <stream
is 'nothing is sent' "$(sent)" 1
make-stream --prefix b: "$(vacation Bob@EXAMPLE.net)" 'action=r:2 keep;' m3 | mr-deliver -c config
is 'nor by another writing of the address' "$(sent)" 1
ledger 'UPDATE vacation SET "until" = 5'
make-stream --prefix c: "$(vacation bob@example.net)" 'action=r:2 discard;' m3 | mr-deliver -c config
is 'when the time has come it is, for a message that is discarded, too' "$(sent)" 2
make-stream --prefix d: "$(vacation bob@example.net 0 ':from "me@x.y"')" 'action=r:2 keep;' m1 m2 |
	mr-deliver -c config
is 'no time given: what is marked counts all the same' "$(grep -c 'from <me@x.y>' carried)" 0
ledger 'DELETE FROM vacation'
make-stream --prefix e: "$(vacation bob@example.net 0 ':from "me@x.y"')" 'action=r:2 keep;' m1 m2 |
	mr-deliver -c config
is 'no time: every message is answered, by :from' "$(grep -c 'from <me@x.y>' carried)" 2

# Plain messages.
reset
make-stream --prefix '' "$(vacation bob@example.net)" 'action=r:2 keep;' m1 m1 >plain
exits 'plain messages' 0 mr-deliver -c config <plain
is 'one reply for them' "$(sent) $(ls Mail/new | wc -l)" '1 2'

# Nothing is answered before the message is safe.
reset
mkdir Mail
: >Mail/.x
make-stream --receipts stdout "$(vacation bob@example.net)" 'action=r:2 fileinto "x";' m1 >stream
exits 'a message that cannot be stored' 75 mr-deliver -c config <stream
is 'is not answered' "$(sent)" 0
rm Mail/.x
exits 'when it is' 0 mr-deliver -c config <stream
is 'it is' "$(sent)" 1
make-stream --receipts stdout --prefix n: "$(vacation bob@example.net)" m1 >stream
exits 'a reply is no place for a message' 75 mr-deliver -c config <stream
like 'it says so' "$(<"$ERR")" 'no action that disposes of it'

# Copies.
reset
make-stream --receipts stdout \
	"$(vacation bob@example.net 1000 ':fcc "Sent" :flags "\\Seen"')" 'action=r:2 keep;' m1 m2 >stream
exits 'with :fcc' 0 mr-deliver -c config <stream
is 'one copy of the one reply' "$(cat Mail/.Sent/cur/*:2,S | tr '\n' '|')" \
	'Subject: away|Message-ID: <r@t>||I am away|'
like 'stands in the log' "$(mr-deliver log)" 'fileinto "Sent"  r:1  <r@t>  \(a copy of what was sent\)'
reset
exits 'what is not sent' 0 env ANSWER=refused mr-deliver -c config <stream
like 'is told' "$(<"$ERR")" 'a vacation to bob@example.net is not sent: mr-relay carry: no room'
ok 'and not copied' '[ ! -e Mail/.Sent ]'
is 'its messages are stored all the same' "$(grep -c ^stored "$OUT")" 2
make-stream --prefix z: "$(vacation bob@example.net)" 'action=r:2 keep;' m3 | mr-deliver -c config
is 'and the next one is answered' "$(grep -c away carried)" 2
reset
exits 'no answer' 0 env ANSWER=die mr-deliver -c config <stream
like 'is told, too' "$(<"$ERR")" 'is perhaps not sent'
make-stream --prefix z: "$(vacation bob@example.net)" 'action=r:2 keep;' m3 | mr-deliver -c config
is 'then there is no second try' "$(sent)" 0
reset
echo 'deliver: { relay-program = "/nowhere/mr-relay" }' >none
exits 'nobody there to send' 0 mr-deliver -c none <stream
like 'told once' "$(<"$ERR")" 'not sent: .*nowhere'
make-stream --prefix z: "$(vacation bob@example.net)" 'action=r:2 keep;' m3 | mr-deliver -c config
is 'answered when somebody is' "$(sent)" 1

# Notifications.
reset
make-stream --receipts stdout 'action=r:1 notify :from "me@x.y" "bob@example.net" "one";' \
	'action=r:2 notify "bob@example.net" "two";' 'action=r:3 keep;' m1 >stream
exits 'two notifications to one address' 0 mr-deliver -c config <stream
is 'both go, once' "$(<carried)" $'from <me@x.y> to <bob@example.net>: one\nfrom <> to <bob@example.net>: two'
exits 'and again' 0 mr-deliver -c config <stream
is 'no more' "$(sent)" 2

# Killed when they were sent, before anything could be written down: never a second time.
reset
(ANSWER=kill mr-deliver -c config <stream; :) >"$OUT" 2>/dev/null
is 'killed behind the first' "$(sent) $(grep -c ^stored "$OUT")" '1 0'
exits 'the next run' 0 mr-deliver -c config <stream
is 'stores nothing twice and sends nothing again' "$(sent) $(ls Mail/new | wc -l)" '1 1'
like 'the log says how it was' "$(mr-deliver log)" 'notify "bob@example.net"  r:1  <1@t>  \(recovered'

# defer: the message stays where it is.
make-stream --receipts stdout --prefix f: 'action=r:1 defer "not today";' m1 >stream
exits 'deferred by a rule' 75 mr-deliver -c config <stream
is 'with its reason' "$(<"$OUT")" 'deferred f:1 not today (rule r:1)'

done_testing
