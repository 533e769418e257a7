#!/usr/bin/env bash
# mr-deliver into a Maildir: plain messages, folders, flags, names, line ends, odd input.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
CORPUS=$MR_TOP/t/corpus
cd "$HOME" || exit 1

quiet() {
	exits "$1" 0 "${@:2}"
	ok "$1: nothing is said" '[ ! -s "$OUT" ] && [ ! -s "$ERR" ]'
}
only() {
	set -- "$1"/*
	[ $# = 1 ] && echo "$1"
}

quiet 'a plain message' mr-deliver <"$CORPUS/plain.eml"
ok 'it lies in new/ as it was' 'cmp "$(only Mail/new)" "$CORPUS/plain.eml"'
like 'its name is unique and has the size' "$(only Mail/new)" \
	"^Mail/new/[0-9]+\.M[0-9]{6}P[0-9]+Q1R[a-z0-9]{10}\.[^:/]+,S=$(stat -c %s "$CORPUS/plain.eml")\$"
is 'nobody else may read it' "$(stat -c %a "$(only Mail/new)") $(stat -c %a Mail)" '600 700'
ok 'nothing is left in tmp/' '[ -z "$(ls Mail/tmp)" ]'
rm -r Mail

exits 'empty input is an error' 75 mr-deliver </dev/null
ok 'and no message' '[ ! -e Mail ] || [ -z "$(ls Mail/new)" ]'
exits 'an unknown option' 64 mr-deliver --nonsense </dev/null
exits 'a mailbox kind that is none' 64 mr-deliver --inbox mh:/x <"$CORPUS/plain.eml"
printf 'deliver: { inbox = "Mail" }\n' >bad
exits 'a store without a kind in the configuration' 78 mr-deliver -c bad <"$CORPUS/plain.eml"
like 'it is told with file and line' "$(<"$ERR")" 'bad:1'

# Every message of the corpus, alone, as bytes: only CRLF becomes LF.
for file in "$CORPUS"/*.eml; do
	[ -s "$file" ] || continue
	rm -rf Mail
	run mr-deliver --message <"$file"
	perl -0777 -pe 's/\r\n/\n/g' "$file" | cmp -s - "$(only Mail/new)" && [ "$STATUS" = 0 ] ||
		echo "${file##*/}"
done >different 2>&1
# A leading From_ line is the envelope, not the message.
ok 'the whole corpus is stored byte for byte' '! grep -v "^from-line-first.eml$" different'
rm -rf Mail

(printf 'Subject: big\n\n' && head -c 50000000 /dev/urandom) >big
quiet '50 MB of all bytes' mr-deliver --message <big
ok 'stored' 'perl -0777 -pe "s/\r\n/\n/g" big | cmp - "$(only Mail/new)"'
rm -rf Mail big

make-stream --receipts stdout \
	'action=a.sieve:1 fileinto "lists/c";' "$CORPUS/plain.eml" \
	'action=' 'action=a.sieve:2 fileinto :flags ["\\Seen", "$Label1", "\\Answered"] "lists.c";' \
	"$CORPUS/reply.eml" \
	'action=' 'action=a.sieve:3 keep;' 'action=a.sieve:4 fileinto "Entwürfe & mehr";' \
	'action=a.sieve:5 fileinto "INBOX";' flags='\Flagged' "$CORPUS/list-dev.eml" \
	'action=' 'action=a.sieve:6 discard;' "$CORPUS/spam-mild.eml" \
	'action=' 'action=a.sieve:7 fileinto "../../.ssh/keys";' flags= "$CORPUS/crlf.eml" >stream
exits 'a stream with actions' 0 mr-deliver <stream
is 'a receipt for each' "$(sort "$OUT")" "$(printf 'stored test:%d\n' 1 2 3 4 5)"
like 'a name without a place is told' "$(<"$ERR")" 'goes to the inbox'
is '"/" and "." part folders' "$(ls -d Mail/.lists*)" 'Mail/.lists.c'
ok 'Maildir++ marks it' '[ -f Mail/.lists.c/maildirfolder ] && [ ! -e Mail/maildirfolder ]'
like 'flags put it into cur/' "$(only Mail/.lists.c/cur)" ':2,RS$'
ok 'a name in modified UTF-7' '[ -d "Mail/.Entw&APw-rfe &- mehr" ]'
is 'the same mailbox twice gets one copy' "$(ls Mail/cur | wc -l)" 1
like "the source's flags hold where the rule has none" "$(only Mail/cur)" ':2,F$'
is 'no name leads out of the store' "$(find . -name keys | wc -l) $(ls Mail/new | wc -l)" '0 1'
mailstate Mail >before
exits 'the same stream again' 0 mr-deliver <stream
is 'gets the same receipts' "$(sort "$OUT")" "$(printf 'stored test:%d\n' 1 2 3 4 5)"
ok 'and stores nothing again' 'mailstate Mail | diff before -'
run mr-deliver log -n 6
like 'the log knows rule and target' "$(<"$OUT")" 'fileinto "lists/c"  a.sieve:1  <'
like 'and what was discarded' "$(<"$OUT")" 'discard  a.sieve:6'
is 'a row per action and mailbox' "$(mr-deliver log -n 0 | grep -c a.sieve)" 6

make-stream --prefix u: --receipts stdout 'action=x:1 vanish "x";' "$CORPUS/plain.eml" \
	'action=' 'action=x:2 keep;' "$CORPUS/plain.eml" >stream
exits 'an unknown action' 75 mr-deliver <stream
like 'its message is deferred' "$(<"$OUT")" 'deferred u:1 .*vanish|deferred u:1 '
like 'the other is stored' "$(<"$OUT")" 'stored u:2'
ok 'nothing of it is left' '[ -z "$(find Mail -path "*/tmp/*")" ]'

printf 'deliver: { ledger = false }\n' >noledger
rm -r Mail "$XDG_STATE_HOME/mailrail"
quiet 'without a ledger' mr-deliver -c noledger <"$CORPUS/plain.eml"
ok 'none is made' '[ ! -e "$XDG_STATE_HOME/mailrail/ledger.db" ]'
quiet 'with one' mr-deliver <"$CORPUS/plain.eml"
rm "$XDG_STATE_HOME/mailrail/ledger.db"
exits 'a ledger that is gone' 75 mr-deliver <"$CORPUS/plain.eml"
like 'is not made anew in silence' "$(<"$ERR")" 'mr-deliver doctor'
exits 'which knows what to do' 75 mr-deliver doctor
like 'and says so' "$(<"$OUT")" 'ledger.made'
rm "$XDG_STATE_HOME/mailrail/run/ledger.made"
quiet 'so that it goes on' mr-deliver <"$CORPUS/plain.eml"
exits 'with a ledger that is sound' 0 mr-deliver doctor
perl -e 'open F, "+<", $ARGV[0]; seek F, 4096, 0; print F "x" x 40000' "$XDG_STATE_HOME/mailrail/ledger.db"
exits 'a damaged one' 75 mr-deliver doctor
make-stream --receipts stdout "$CORPUS/plain.eml" >stream
exits 'stores nothing' 75 mr-deliver <stream
like 'and names the doctor' "$(<"$ERR")" 'mr-deliver doctor'

done_testing
