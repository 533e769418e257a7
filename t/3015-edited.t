#!/usr/bin/env bash
# mr-filter | mr-deliver with rules that change messages: each action gets the state that it
# was decided for, a unit of variants is stored whole, once, or not at all.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3 4; do
	printf 'From: a%d@example.org\nSubject: %d\nX-Spam: no\n\nFrom here, %d\n' $i $i $i >m$i
done
printf 'X-Redirected-To: bob@example.net\nSubject: 5\n\nloop\n' >m5
cat >rules.sieve <<'END'
require ["editheader", "fileinto", "copy", "imap4flags"];
if header "Subject" "1" { addheader "X-One" "edited"; stop; }
if header "Subject" "2" {
	fileinto :copy "raw";
	deleteheader "X-Spam";
	fileinto :copy :flags "\\Seen" "clean";
	addheader "X-Two" "kept";
	stop;
}
if header "Subject" "3" { fileinto "raw"; addheader "X" "1"; fileinto "raw"; stop; }
if header "Subject" ["4", "5"] {
	addheader "X-Four" "sent";
	deleteheader "X-Redirected-To";
	redirect :copy "bob@example.net";
	addheader "X-Four" "kept";
}
END
cat >config <<END
deliver: { inbox = "maildir:~/Mail", folders = "maildir:~/Mail" }
relay: { hostname = "here.test", send = "manual", queue = "$HOME/queue" }
END
make-stream --receipts stdout mail-from=s@example.org m1 m2 m3 m4 m5 >fetched
filter() {
	mr-filter -c config --rules rules.sieve
}
deliver() {
	filter <fetched | mr-deliver -c config >"$OUT" 2>"$ERR"
	STATUS="${PIPESTATUS[*]}"
}
# The messages of a folder, each behind a line "=".
stored() {
	for file in Mail/$1/new/* Mail/$1/cur/*; do
		[ -f "$file" ] && { echo =; cat "$file"; }
	done
}

deliver
is 'both leave with 0' "$STATUS" '0 0'
is 'one receipt for each message' "$(grep -c '^stored ' "$OUT")" 5
is 'the copy as it came' "$(stored .raw | grep -A3 'a2@')" "$(sed '/^$/,$d' m2)"
is 'the edited one' "$(stored .clean)" '=
From: a2@example.org
Subject: 2

From here, 2'
ok 'has its flag' 'ls Mail/.clean/cur/*:2,S'
is 'and the inbox what came of it in the end' "$(stored . | grep -B1 -A4 '^X-Two')" '=
X-Two: kept
From: a2@example.org
Subject: 2

From here, 2'
is 'one folder, twice: once, as at the first' "$(stored .raw | grep -c 'Subject: 3') \
$(stored .raw | grep -c '^X: 1')" '1 0'
is 'a message with one state' "$(stored . | grep -A1 '^X-One')" 'X-One: edited
From: a1@example.org'
is 'as many as there should be' "$(find Mail -path '*/new/*' -o -path '*/cur/*' | wc -l)" 7
like 'redirected as it was there' "$(cat queue/content/* | grep -A5 '^X-Redirected-To: bob' |
	tr '\n' '|')" 'X-Redirected-To: bob@example.net\|X-Four: sent\|From: a4@'
is 'and kept as it was later' "$(stored . | grep -B2 'From: a4@')" 'X-Four: kept
X-Four: sent
From: a4@example.org'
like 'the field that stops loops cannot be removed' "$(<"$ERR")" \
	'not redirected to bob@example.net: it was there before'
is 'what is kept anyway is enough in its place' "$(stored . | grep -c '^loop')" 1
is 'one went out' "$(ls queue/queue | wc -l)" 1

mailstate Mail >before
deliver
is 'again' "$STATUS $(grep -c '^stored ' "$OUT")" '0 0 5'
mailstate Mail >after
ok 'nothing twice' 'cmp -s before after'
is 'nor sent again' "$(ls queue/queue | wc -l)" 1

# Nothing of a unit that is not whole.
filter <fetched >filtered
at=$(grep -abo '^variant: 2/' filtered | head -1 | cut -d: -f1)
rm -rf Mail "$XDG_STATE_HOME/mailrail" queue
head -c $((at + 150)) filtered | mr-deliver -c config >"$OUT" 2>"$ERR"
is 'cut in the second variant: 75' "${PIPESTATUS[1]}" 75
is 'the message before it is stored' "$(grep '^stored' "$OUT")" 'stored test:1'
is 'and nothing else' "$(mailstate Mail | wc -l)" 1
mr-deliver -c config <filtered >"$OUT" 2>"$ERR"
is 'then all of them' "$(grep -c '^stored' "$OUT") $(mailstate Mail | wc -l)" '5 7'
mailstate Mail >after
ok 'the same' 'cmp -s before after'

# What was done of a unit is not done again when the rest is.
rm -rf Mail "$XDG_STATE_HOME/mailrail" queue
sed 's|^deliver: {|& relay-program = "/nowhere/mr-relay", |' config >broken
mr-deliver -c broken <filtered >"$OUT" 2>"$ERR"
is 'a redirect that fails' "$(grep -c '^deferred test:4' "$OUT")" 1
is 'all that is stored, is' "$(mailstate Mail | wc -l)" 7
mr-deliver -c config <filtered >"$OUT" 2>"$ERR"
is 'and later it goes out' "$(grep -c '^stored' "$OUT") $(ls queue/queue | wc -l)" '5 1'
mailstate Mail >after
ok 'and nothing is stored twice' 'cmp -s before after'

done_testing
