#!/usr/bin/env bash
# Choosing mail over POP3: from now on, only the newest, so many in a run, none too large.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/maildrop.sh"

dovecot_start
for i in 1 2 3 4 5 6 7 8 9; do
	printf 'From: a@example.org\nSubject: m%d\nMessage-ID: <%d@example.org>\n\ntext\n' $i $i \
		>"$TEST_HOME/m$i"
done
add() {
	for i; do dovecot_fill alice INBOX "$TEST_HOME/m$i"; done
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
	STATUS="$STATUS$(<"$ERR") $(maildrop_stored)"
}
# begin LINE...: an empty maildrop, an empty ledger, these settings.
begin() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$(dovecot_folder alice INBOX)"/{new,cur}/*
	chain_config pop3 implicit "$@"
}
there() {
	dovecot_count alice INBOX
}

for keep in true false; do
	begin "keep = $keep" 'first = "now"'
	add 1 2 3
	fetch
	is "first = now, keep = $keep: nothing is downloaded" "$STATUS $(there)" '0  3'
	add 4
	fetch
	is 'what comes then is' "$STATUS" '0 m4'
	[ $keep = false ] || is 'and kept' "$(there)" 4
	[ $keep = true ] || is 'and deleted, the others stay' "$(there)" 3
	fetch
	is 'no news' "$STATUS" '0 m4'
	fetch --again
	is '--again means all' "$STATUS" "0 m1 m2 m3 m4"
done

begin 'first = "now"'
fetch
is 'first = now in an empty maildrop' "$STATUS" '0 '
add 1
fetch
is 'what comes then is fetched' "$STATUS $(there)" '0 m1 0'

for keep in true false; do
	begin "keep = $keep" 'newest = 2'
	add 1 2 3 4 5
	fetch
	is "newest = 2, keep = $keep" "$STATUS" '0 m4 m5'
	[ $keep = true ] || is 'the others stay' "$(there)" 3
	fetch
	is 'the others are not fetched later' "$STATUS" '0 m4 m5'
	add 6 7 8
	fetch
	is 'again the newest of what came' "$STATUS" '0 m4 m5 m7 m8'
done

begin 'max-messages = 2'
add 1 2 3 4 5
fetch
is 'max-messages = 2' "$STATUS $(there)" '0 m1 m2 3'
fetch
is 'the next run goes on' "$STATUS $(there)" '0 m1 m2 m3 m4 1'
fetch
is 'and ends' "$STATUS $(there)" '0 m1 m2 m3 m4 m5 0'

big() {
	perl -e 'print "From: a\@example.org\nSubject: $ARGV[0]\nMessage-ID: <$ARGV[0]\@example.org>\n",
		"MIME-Version: 1.0\nContent-Type: text/html\n\n", "<p>large</p>\n" x $ARGV[1]' \
		"$1" "$2" >"$TEST_HOME/$1"
	dovecot_fill alice INBOX "$TEST_HOME/$1"
}
for keep in true false; do
	begin "keep = $keep" 'max-size = "10K"'
	add 1
	big big 5000
	big huge 9000
	add 2
	fetch
	like "max-size, keep = $keep: the large ones stay" "$STATUS" \
		'^0.*box: 2 larger than max-size left at the server.*message 3.* m1 m2$'
	is 'they are not deleted' "$(there)" "$([ $keep = true ] && echo 4 || echo 2)"
	fetch
	is 'that is told once' "$STATUS" '0 m1 m2'
	chain_config pop3 implicit "keep = $keep" 'max-size = "100K"'
	fetch
	is 'with a higher limit they come' "$STATUS" '0 big m1 m2'
done

for keep in true false; do
	begin "keep = $keep" 'max-size = "10K"' 'oversize = "header"'
	add 1
	big big 5000
	fetch
	is "oversize = header, keep = $keep" "$STATUS" '0 big m1'
	is 'the large one stays' "$(there)" "$([ $keep = true ] && echo 2 || echo 1)"
	file=$(grep -l 'Subject: big' "$CHAIN_MAIL"/new/*)
	ok 'a note says how large it is' 'grep -q "it has 70[0-9]* bytes" "$file" &&
		grep -q "^X-Original-Content-Type: text/html" "$file" &&
		grep -q "^Content-Type: text/plain" "$file" && ! grep -q large "$file"'
	fetch
	is 'it comes once' "$STATUS" '0 big m1'
	add 2
	fetch
	is 'also beside others' "$STATUS" '0 big m1 m2'
	chain_config pop3 implicit "keep = $keep"
	fetch
	is 'without a limit it comes as a whole' "$STATUS" '0 big big m1 m2'
	is 'and is settled' "$(there)" "$([ $keep = true ] && echo 3 || echo 0)"
done

for keep in true false; do
	begin "keep = $keep" 'max-size = "10K"' 'oversize = "header"'
	add 1
	big big 5000
	fetch
	chain_config pop3 implicit "keep = $keep" 'max-size = "10K"' 'oversize = "discard"'
	fetch
	is "oversize = discard, keep = $keep: no word of it" "$STATUS" '0 big m1'
	is 'it is gone, or kept' "$(there)" "$([ $keep = true ] && echo 2 || echo 0)"
	is 'the log has it' "$(mr-deliver log | grep -c 'discard  *max-size')" 1
	chain_config pop3 implicit "keep = $keep"
	fetch
	is 'and it does not come any more' "$STATUS" '0 big m1'
done

long=$(printf 'x%.0s' $(seq 3000))
maildrop TOP/UIDL a:one:1 "b:two:2:$long"
maildrop TOP/UIDL "b:two:2:$long" c:three:3
maildrops headed 'max-size = "2K"' 'oversize = "header"'
maildrop_fetch 'oversize = header' 0 'one two'
maildrop_fetch 'the next run asks for no header twice' 0 'one three two'
is 'TOP' "$(maildrop_asked TOP)" 1

begin 'max-bytes = "60K"'
big a 2000
big b 2000
big c 9000
big d 10
fetch
is 'max-bytes' "$STATUS $(there)" '0 a b 2'
fetch
is 'one is fetched in any case' "$STATUS $(there)" '0 a b c 1'
fetch
is 'and the rest' "$STATUS $(there)" '0 a b c d 0'

for setting in 'since = "30d"' 'unseen = true' 'search = "ALL"'; do
	chain_config pop3 implicit "$setting"
	exits "POP3 has no ${setting%% *}: 78" 78 mr-fetch
	like 'which is said' "$(<"$ERR")" "${setting%% *} is for IMAP"
done

# Without UIDL what stays must be known by other means, with and without keep.
maildrop TOP a:one:1 b:two
maildrop TOP a:one:1 b:two c:three:3
maildrops no-uidl 'first = "now"'
maildrop_fetch 'no UIDL, first = now' 0 ''
maildrop_fetch 'what comes then' 0 three
is 'only that is deleted' "$(maildrop_asked DELE) $(maildrop_asked 'DELE 3')" '1 1'
done_testing
