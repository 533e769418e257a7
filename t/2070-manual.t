#!/usr/bin/env bash
# The manual pages of mr-filter: every script in mailrail-sieve(5) compiles, each word and
# capability of the language stands in it; mailrail-stream(5) tells of every action, and
# mr-deliver carries out those that it shows; what mr-filter(1) shows is what comes.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
page=$MR_TOP/filter/mailrail-sieve.5

# Literal blocks as a reader sees them, a file each.
awk '/^\.Bd -literal/ { file = sprintf("example-%02d.sieve", ++n); line = NR; next }
	/^\.Ed/ { file = ""; next }
	file { gsub(/\\\(dq/, "\""); gsub(/\\&/, ""); gsub(/\\e/, "\\"); print > file }' "$page"

count=0
for file in example-*.sieve; do
	# A file of a list is no script.
	grep -q ';$\|; }$' "$file" || continue
	count=$((count + 1))
	run mr-filter check "$file"
	is "$file: $(grep -m1 . "$file")" "$STATUS $(cat "$OUT" "$ERR")" '0 '
done
ok 'there are many' '[ "$count" -ge 19 ]'

words() {
	sed -n "s/^\t&$1_\([a-z_]*\),.*/\1/p" "$MR_TOP/filter/language/vocabulary.c"
}
missing() {
	while read -r word; do
		grep -qwF -e "$word" "$page" || echo "$word"
	done
}
is 'every command is told of' "$(words command | missing)" ''
is 'every test' "$(words test | missing)" ''
is 'every capability' "$(sed -n '/^} capabilities/,/NULL/s/.*{ "\([^"]*\)".*/\1/p' \
	"$MR_TOP/filter/language/vocabulary.c" | missing)" ''

# block PAGE NUMBER: a literal block as a reader sees it.
block() {
	awk -v wanted="$2" '/^\.Bd -literal/ { n++; shown = n == wanted; next } /^\.Ed/ { shown = 0 }
		shown { gsub(/\\e/, "\\"); print }' "$1"
}
page=$MR_TOP/filter/mr-filter.1
printf '%s\n' 'require "fileinto";' '' '' 'if heder "list-id" "foo" {' '	fileinto "foo";' '}' >10-lists.sieve
run mr-filter check 10-lists.sieve
is 'the mistake in mr-filter(1)' "$(head -3 "$OUT")" "$(block "$page" 5)"
mkdir suite
printf 'Subject: a\n\n' >suite/boss.eml
block "$page" 6 | sed -n '/expect$/{n;p}' >suite/boss.expect
block "$page" 6 | sed -n '/args$/{n;p}' >suite/boss.args
printf '%s\n' 'require ["fileinto", "imap4flags", "envelope", "date"];' \
	'if allof (envelope "from" "boss@work.org", currentdate "year" "2026") {' \
	'	fileinto :flags "\\Flagged" "work"; }' >work.sieve
exits 'its suite' 0 mr-filter test --rules work.sieve suite
config=$TEST_HOME/filter.conf
printf 'filter: {\n%s\nrules = "work.sieve" }\n' "$(block "$MR_TOP/common/mailrail.conf.5" \
	"$(awk '/^\.Bd -literal/ { n++ } /spam-header = / { print n; exit }' "$MR_TOP/common/mailrail.conf.5")")" >"$config"
chmod 600 "$config"
exits 'the settings of mailrail.conf(5) for spam' 0 mr-filter -c "$config" check

page=$MR_TOP/common/mail/mailrail-stream.5
is 'every action stands in mailrail-stream(5)' "$(sed -n \
	's/^\t\[ACTION_[A-Z]*\] = { "\([a-z]*\)".*/\1/p' "$MR_TOP/common/mail/action.c" | missing)" ''
is 'every option of one' "$(sed -n 's/^\t{ "\([a-z]*\)", OPTION_.*/:\1/p' \
	"$MR_TOP/common/mail/action.c" | missing)" ''

# Long lines of the examples go on behind blanks.
sed '/^\.Sh EXAMPLES/,/^\.Sh SEE/!d; /^\./d; s/\\e/\\/g' "$page" |
	awk '/^    / { sub(/^ */, " "); printf "%s", $0; next } { printf "\n%s", $0 } END { print "" }' |
	grep '^action: ' >actions
PATH=$MR_TOP/t/lib:$PATH
echo "deliver: { relay-program = \"$MR_TOP/t/lib/carrier\" }" >config
while read -r action; do
	# A reply or a mark alone does not say where the message goes.
	printf '%%mailrail-stream 1\n\nmessage\nmail-from: carol@example.org\nactions: 2\n%s\naction: implicit keep;\n\nbytes 15\n%s\nend ok 15\ndone 1\n' \
		"$action" $'From: a@b\n\nhi\n\n' >stream
	run mr-deliver -c config stream
	is "${action:0:60}" "$STATUS $(cat "$ERR")" '0 '
done <actions
is 'these were some' "$(wc -l <actions)" 7

done_testing
