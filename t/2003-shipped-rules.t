#!/usr/bin/env bash
# Every rule file that ships, over messages that it should take and some that it should not.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

# goes TO HEADER...: a message of these lines, and the action of all of rules.d
goes() {
	local want=$1
	shift
	printf '%s\n' "$@" '' 'text' >message
	run mr-filter explain --plain --rules "$MR_TOP/rules.d" message
	is "$*" "$(cat "$OUT" "$ERR" | sed 's/:[0-9]*$//')" "$want"
}
inbox='implicit-keep # implicit'

goes 'fileinto "junk" flags "\\Seen" # 05-spam.sieve' 'X-Spam-Flag: YES' 'List-Id: <a.b>' 'List-Post: x'
goes 'fileinto "junk" flags "\\Seen" # 05-spam.sieve' 'X-Spam-Status: Yes, score=12'
goes 'fileinto "junk" flags "\\Seen" # 05-spam.sieve' 'X-Spam-Level: ************'
goes "$inbox" 'X-Spam-Flag: NO' 'X-Spam-Status: No, score=0'

goes 'fileinto "lists/foo-users" # 10-lists.sieve' 'List-Id: Foo <Foo-Users.example.org>' 'List-Post: <mailto:x@y>'
goes 'fileinto "lists/foo" # 10-lists.sieve' 'List-Id: <foo>' 'List-Post: <mailto:x@y>'
goes "$inbox" 'List-Id: Foo <../../evil.example.org>' 'List-Post: <mailto:x@y>'
goes "$inbox" 'List-Id: Foo <foo.example.org>' 'List-Post: NO'

goes 'fileinto "newsletters" # 20-newsletters.sieve' 'List-Unsubscribe: <mailto:x@y>'
goes 'fileinto "newsletters" # 20-newsletters.sieve' 'Precedence: bulk'

goes 'fileinto "bounces" # 30-bounces.sieve' \
	'Content-Type: multipart/report; report-type=delivery-status; boundary=x'
goes 'fileinto "bounces" # 30-bounces.sieve' 'Return-Path: <>' 'From: MAILER-DAEMON@x.org'
goes "$inbox" 'Return-Path: <a@b.org>' 'From: postmaster@x.org'
goes 'fileinto "receipts" # 30-bounces.sieve' \
	'Content-Type: multipart/report; report-type=disposition-notification; boundary=x'
goes 'fileinto "receipts" # 30-bounces.sieve' 'Auto-Submitted: auto-replied (vacation)'

goes 'keep flags "$Calendar" # 40-calendar.sieve' 'Content-Type: text/calendar; method=REQUEST'
goes 'implicit-keep flags "\\Flagged" # implicit' 'Importance: high'
goes 'implicit-keep flags "\\Flagged" # implicit' 'X-Priority: 1 (Highest)'
goes "$inbox" 'From: a@b.org' 'Subject: hello'

# 80-vacation.sieve has its days.
printf '%s\n' 'Return-Path: <a@b.org>' 'To: me@example.org' '' 'text' >message
for day in 2026-06-30 2026-07-01 2026-07-14 2026-07-15; do
	mr-filter explain --plain --now "${day}T12:00:00Z" --rules "$MR_TOP/rules.d" message
done | cut -d' ' -f1,2 >days
is 'away from the first day to the last' "$(tr '\n' ' ' <days)" 'implicit-keep # vacation "a@b.org" implicit-keep # vacation "a@b.org" implicit-keep # implicit-keep # '

goes 'fileinto "maybe-junk" # 50-score.sieve' 'Subject: You are the winner of a million!!' 'To: friends'
goes "$inbox" 'Subject: the lottery, winner!!' 'To: a@b.org' 'Message-ID: <a@b>' 'References: <c@d>'
goes 'fileinto "foreign" # 70-raw.sieve' 'Subject: =?GB2312?B?xOO6ww==?=' 'To: a@b.org' 'Message-ID: <a>'
goes "$inbox" 'Subject: =?utf-8?Q?a?=' 'To: a@b.org' 'Message-ID: <a>'

mkdir programs
printf '#!/bin/sh\ntest "$1" = 12 && echo printers\n' >programs/ticket-queue
chmod 700 programs/ticket-queue
ticket() {
	printf '%s\n' "Subject: [ticket $1] paper" 'To: a@b.org' 'Message-ID: <a>' '' 'text' >message
	run mr-filter explain --plain --rules "$MR_TOP/rules.d" --programs programs message
	cat "$OUT" "$ERR" | sed 's/:[0-9]*$//'
}
is 'a ticket that the program knows' "$(ticket 12)" \
	'fileinto "tickets/printers" # 60-programs.sieve'
is 'one that it does not know' "$(ticket 13)" "$inbox"
{ printf 'Subject: large\nTo: a@b.org\nMessage-ID: <a>\n\n' && head -c 21M /dev/zero | tr '\0' '\n'; } >message
large() { mr-filter explain --plain --rules "$MR_TOP/rules.d" --now "$1" message; }
like 'large mail by day' "$(large 2026-02-01T10:00:00Z)" '^defer "larger than 20 MiB.*75-defer.sieve'
is 'and in the evening' "$(large 2026-02-01T21:00:00Z)" "$inbox"

for file in "$MR_TOP"/rules.d/*.sieve; do
	exits "${file##*/} compiles alone" 0 mr-filter check "$file"
	ok "${file##*/} stands in the README" 'grep -q "${file##*/}" "$MR_TOP/rules.d/README.md"'
done

done_testing
