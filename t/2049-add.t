#!/usr/bin/env bash
# mr-filter add writes rule files for people who write no Sieve.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
rules=$XDG_CONFIG_HOME/mailrail/rules.d

goes() {
	printf '%s\n' "$2" "${3:-X: y}" '' text >message
	run mr-filter explain message
	is "$2 ${3:-}" "$(sed 's/ #.*//' "$OUT")" "$1"
}

exits 'a list' 0 mr-filter add --list-id foo.example.org --into lists/foo
is 'what it wrote' "$(cat "$OUT")" "$rules/50-foo.example.org.sieve:
# Written by mr-filter add.
require \"fileinto\";

if header :contains \"list-id\" \"<foo.example.org>\" {
	fileinto \"lists/foo\";
}"
ok 'is in the file' 'tail -n +2 "$OUT" | cmp - "$rules/50-foo.example.org.sieve"'
is 'for nobody else' "$(stat -c %a "$rules" "$rules"/*.sieve | tr '\n' ' ')" '700 600 '
goes 'fileinto "lists/foo"' 'List-Id: Foo <foo.example.org>'
goes 'implicit-keep' 'List-Id: Foo <notfoo.example.org>'
goes 'implicit-keep' 'List-Id: Foo <foo.example.org.evil>'

exits 'the same again' 0 mr-filter add --list-id foo.example.org --into other
ok 'overwrites nothing' 'grep -q lists/foo "$rules/50-foo.example.org.sieve" &&
	grep -q other "$rules/50-foo.example.org-2.sieve"'
rm "$rules"/*
exits 'a sender or a domain' 0 mr-filter add --from boss@work.org --from shop.org --into work
goes 'fileinto "work"' 'From: The Boss <boss@work.org>'
goes 'fileinto "work"' 'From: any@shop.org'
goes 'implicit-keep' 'From: other@work.org'
goes 'implicit-keep' 'From: "boss@work.org" <evil@x.org>'
rm "$rules"/*
exits 'several conditions' 0 mr-filter add --to me@x.org --subject 'a "b" \c' --into both --name 20-both.sieve
goes 'fileinto "both"' 'Cc: you@x.org, me@x.org' 'Subject: see a "b" \c there'
goes 'implicit-keep' 'Cc: me@x.org'
goes 'implicit-keep' 'Subject: a "b" \c'
exits 'a name that is taken' 75 mr-filter add --to me@x.org --into y --name 20-both.sieve
ok 'is left as it was' '[ "$(ls "$rules")" = 20-both.sieve ] && grep -q both "$rules/20-both.sieve"'
ok 'nothing stays behind' '[ "$(ls -A "$rules")" = 20-both.sieve ]'

exits 'no folder' 64 mr-filter add --from a@b
exits 'no condition' 64 mr-filter add --into x
exits 'an empty one' 64 mr-filter add --from= --into x
exits 'a name elsewhere' 64 mr-filter add --from a@b --into x --name ../x.sieve
exits 'a control character' 64 mr-filter add --from $'a\nb' --into x
exits 'a folder that has no place' 65 mr-filter add --from a@b --into ../x
ok 'none of them wrote a file' '[ "$(ls -A "$rules")" = 20-both.sieve ]'
run mr-filter add --subject '../../$(reboot)' --into x
is 'a value from a stranger' "$(ls "$rules" | head -1)" '20-both.sieve'
ok 'makes a harmless name' 'ls "$rules" | grep -qxE "50-[a-z-]+\.sieve"'
done_testing
