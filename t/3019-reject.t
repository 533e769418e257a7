#!/usr/bin/env bash
# reject and ereject: the sender is told once, by a report or by who called us; never a
# program, a list or nobody; fetched mail is kept.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

printf 'From: a@example.org\nMessage-ID: <1@t>\nSubject: \303\251t\303\251\n\nsecret body\n' >m1
echo 'deliver: { relay-program = "'"$MR_TOP/t/lib/carrier"'" }' >config
sed 's/ }/ reject-fetched = true }/' config >fetched
reset() { rm -rf Mail carried "$XDG_STATE_HOME/mailrail"; }
sent() { cat carried 2>/dev/null | wc -l; }
reason=$'I am not taking mail from you,\nand no birdseed!\n'
# one KIND [OPTION...]: a plain message from bob, rejected so.
one() {
	local kind=$1
	shift
	make-stream --prefix '' mail-from=bob@example.net rcpt-to=me@here.test \
		"action=r:1 $kind \"$reason\";" "$@" m1
}

one reject >stream
exits 'rejected' 0 mr-deliver -c config <stream
ok 'it is not stored' '[ ! -e Mail/new ] || [ -z "$(ls Mail/new)" ]'
like 'its sender is told, by nobody' "$(<carried)" 'from <> to <bob@example.net>: From: <me@here.test>\|To: <bob@example.net>\|'
like 'as RFC 5429 2.2.1 has it' "$(<carried)" 'The message was refused by the recipient.s mail filtering program.\|The reason given was as follows:\|\|I am not taking mail from you,\|and no birdseed!\|'
like 'a disposition notification' "$(<carried)" 'report-type=disposition-notification;'
like 'with its disposition' "$(<carried)" 'Final-Recipient: rfc822; me@here.test\|Original-Message-ID: <1@t>\|Disposition: automatic-action/MDN-sent-automatically; deleted\|'
like 'and the header of the message' "$(<carried)" $'text/rfc822-headers\|Content-Transfer-Encoding: 8bit\|\|From: a@example.org\|'
unlike 'but not its body' "$(<carried)" 'secret'
like 'that programs do not answer' "$(<carried)" 'Auto-Submitted: auto-replied'
like 'the log tells of it' "$(mr-deliver log)" 'reject  r:1  <1@t>  \(bob@example.net is told\)'
sed 's/^from[^:]*: //' carried | tr '|' '\n' >report
is 'all parts of it stand between boundaries' "$(grep -c '^--mr[.]' report; grep '^Content-Type' report |
	cut -d' ' -f2 | tr -d ';' | tr '\n' ' ')" "4
multipart/report text/plain message/disposition-notification text/rfc822-headers "

rm carried
one ereject >stream
exits 'ereject' 0 mr-deliver -c config <stream
like 'is a bounce' "$(<carried)" 'From: Mail Delivery System <MAILER-DAEMON@.*report-type=delivery-status.*Reporting-MTA: dns; .*Final-Recipient: rfc822; me@here.test\|Action: failed\|Status: 5.7.1\|'

# Who must not be told.
no=0
kept() {
	local label=$1 want
	shift
	reset
	make-stream --prefix '' "action=r:1 reject \"no\";" "$@" >stream
	exits "$label" 0 mr-deliver -c config <stream
	is '  is kept' "$(ls Mail/new | wc -l) $(sent)" '1 0'
	like '  which the log tells' "$(mr-deliver log)" 'not rejected: '
}
kept 'the null sender' mail-from= m1
kept 'nobody' m1
kept 'what is no address' 'mail-from=a b' m1
kept 'a daemon' mail-from=Mailer-Daemon@x.org m1
for field in 'Auto-Submitted: auto-replied' 'Precedence: bulk' 'List-Id: <l.x>'; do
	{ echo "$field"; cat m1; } >m2
	kept "${field%%:*}" mail-from=bob@example.net m2
done
{ echo 'Auto-Submitted: no'; cat m1; } >m2
reset
make-stream --prefix '' "action=r:1 reject \"no\";" mail-from=bob@example.net m2 | mr-deliver -c config
is 'Auto-Submitted: no is a person' "$(sent)" 1

# Fetched mail.
reset
make-stream --receipts stdout "action=r:1 reject \"no\";" mail-from=bob@example.net m1 >stream
exits 'fetched mail' 0 mr-deliver -c config <stream
is 'is kept' "$(ls Mail/new | wc -l) $(sent)" '1 0'
like 'and logged' "$(mr-deliver log)" 'reject  r:1  <1@t>  \(kept: fetched mail is not rejected\)'
make-stream --receipts stdout --prefix q: "action=r:1 reject \"no\";" mail-from=bob@example.net m1 >stream
exits 'with reject-fetched, when the queue has no room' 75 env ANSWER=deferred mr-deliver -c fetched <stream
rm carried
exits 'it is tried again' 0 mr-deliver -c fetched <stream
exits 'when it went,' 0 mr-deliver -c fetched <stream
is 'never again' "$(sent) $(ls Mail/new | wc -l)" '1 1'

# A caller that can refuse.
reset
one ereject >stream
exits 'refused' 69 mr-deliver -c config --refuse <stream
is 'with the reason' "$(<"$ERR")" 'mr-deliver: refused: I am not taking mail from you, and no birdseed!'
is 'and nobody else is told' "$(sent) $(ls Mail/new 2>/dev/null | wc -l)" '0 0'
make-stream --prefix '' 'action=r:1 ereject "n'$'\303\266''";' mail-from= m1 >stream
exits 'also the null sender' 69 mr-deliver -c config --refuse <stream
like 'with a reason that any protocol can carry' "$(<"$ERR")" 'refused: the message was refused by'
make-stream --prefix '' 'action=r:1 reject "n'$'\303\266''";' mail-from=bob@example.net m1 >stream
exits 'reject keeps its text' 0 mr-deliver -c config --refuse <stream
is 'so it goes as a report' "$(sent)" 1
done_testing
