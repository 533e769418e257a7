#!/usr/bin/env bash
# mr-filter apply: the rules over a Maildir; with --do mr-deliver moves what belongs elsewhere.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

cat >rule.sieve <<'SIEVE'
require ["fileinto", "copy", "imap4flags", "editheader"];
if header :is "subject" "list" { fileinto "lists/c"; }
elsif header :is "subject" "copy" { fileinto :copy "copies"; }
elsif header :is "subject" "junk" { discard; }
elsif header :is "subject" "away" { redirect "a@b.org"; }
elsif header :is "subject" "here" { fileinto "old"; }
elsif header :is "subject" "edit" { fileinto "one"; addheader "X-E" "1"; fileinto "two"; }
SIEVE
mail=$HOME/Mail
src=$mail/.old
subjects='list copy junk away here edit keep'
fill() {
	rm -rf "$mail" "$XDG_STATE_HOME/mailrail"
	mkdir -p "$mail"/{cur,new,tmp} "$src"/{cur,new,tmp}
	for s in $subjects; do
		printf 'Subject: %s\nMessage-ID: <%s@x>\n\nbody\n' "$s" "$s" >"$src/cur/$s:2,FS"
	done
	printf 'Subject: list\n\nnew\n' >"$src/new/fresh"
}
apply() { run mr-filter apply --rules rule.sieve "$@" "$src"; }
fill
apply
is 'a dry run' "$STATUS" 0
is 'its summary' "$(sed "s,$src,SRC," "$OUT")" 'SRC: 8 messages
       1  -> redirect "a@b.org"  (left out: nothing is sent or run)
       1  -> fileinto "copies"
       2  -> implicit-keep  (stays)
       1  -> fileinto "one"
       1  -> fileinto "two"
       1  -> fileinto "old"  (stays)
       1  -> discard  (stays: --discard is not given)
       2  -> fileinto "lists/c"
nothing was done (--do does it)'
ok 'does nothing' '[ "$(ls "$src"/cur "$src"/new | grep -c .)" = 10 ] && [ ! -d "$mail/.lists.c" ]'
apply --do
is '--do' "$STATUS" 0
is 'what stays' "$(cd "$src" && ls cur new | tr '\n' ' ')" \
	'cur: away:2,FS copy:2,FS here:2,FS junk:2,FS keep:2,FS  new: '
is 'moved, its flags kept' "$(ls "$mail/.lists.c/cur" | sed 's/.*:/:/')" ':2,FS'
is 'a new one is new' "$(grep -l new "$mail"/.lists.c/new/* | wc -l)" 1
is 'copied' "$(ls "$mail/.copies/cur" | wc -l)" 1
is 'as it was' "$(head -1 "$mail"/.one/cur/*)" 'Subject: edit'
is 'and as rules changed it' "$(head -1 "$mail"/.two/cur/*)" 'X-E: 1'
is 'counts' "$(tail -1 "$OUT")" '3 moved, 1 copied, 0 not stored'
apply --do
is 'again: nothing is copied twice' "$STATUS $(ls "$mail/.copies/cur" | wc -l)" '0 1'
apply --do --discard
ok '--discard' '[ ! -e "$src/cur/junk:2,FS" ] && [ -e "$src/cur/away:2,FS" ]'
ok 'the log says so' 'mr-deliver log | grep -q "discard.*rule.sieve:4.*<junk@x>"'

# what was moved once may come back and be moved again
mv "$mail"/.lists.c/cur/* "$src/cur/list:2,FS"
apply --do
is 'a message that was moved back' "$STATUS $(ls "$mail/.lists.c/cur" | wc -l)" '0 1'
ok 'is moved again' '[ ! -e "$src/cur/list:2,FS" ]'

fill
chmod 500 "$mail"
apply --do
[ "$(id -u)" = 0 ] || is 'no room' "$STATUS" 75
chmod 700 "$mail"
fill
echo 'if foo {}' >bad.sieve
exits 'a broken rule file' 65 mr-filter apply --do --rules bad.sieve "$src"
is 'moves nothing' "$(ls "$src/cur" | wc -l)" 7
{ echo 'From x Thu Jan  1 00:00:00 1970'; cat "$src/cur/list:2,FS"; } >mbox
exits 'an mbox, dry' 0 mr-filter apply --rules rule.sieve mbox
like 'is counted' "$(sed -n 2p "$OUT")" '1  -> fileinto "lists/c"'
exits 'an mbox is not written' 64 mr-filter apply --do --rules rule.sieve mbox
exits 'no source' 64 mr-filter apply --rules rule.sieve
done_testing
