#!/usr/bin/env bash
# The manual pages of mr-filter: every script in mailrail-sieve(5) compiles, each word and
# capability of the language stands in it, and what mr-filter(1) shows is what comes.
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
	sed -n "s/^\t&$1_\([a-z_]*\),.*/\1/p" "$MR_TOP/filter/vocabulary.c"
}
missing() {
	while read -r word; do
		grep -qwF -e "$word" "$page" || echo "$word"
	done
}
is 'every command is told of' "$(words command | missing)" ''
is 'every test' "$(words test | missing)" ''
is 'every capability' "$(sed -n '/^} capabilities/,/NULL/s/.*{ "\([^"]*\)".*/\1/p' \
	"$MR_TOP/filter/vocabulary.c" | missing)" ''

done_testing
