#!/usr/bin/env bash
# The house style, as far as a machine can see it.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$MR_TOP" || exit 1

# Files of ours: no build directory, no unpacked server, no message, no seed of a fuzzer.
ours() {
	find . -name .git -prune -o -path './build*' -prune -o -path ./t/.servers -prune -o \
		-path ./t/corpus -prune -o -path './t/fuzz/seeds' -prune -o -type f -print |
		sed 's,^\./,,' | sort
}
ours >"$TEST_HOME/ours"
code='\.([ch]|sh|t|pm|sieve)$|^t/(check|demo)$|^t/fake/[^.]+$|^t/lib/[^./]+$|^t/bench/[^.]+$'
grep -E "$code" "$TEST_HOME/ours" >"$TEST_HOME/code"

# Files of more than 400 lines, each line "NAME reason"; most do two jobs and want a split.
# Unit tests have 600: tables of cases grow long before they do a second job.
long_files='
'

ok 'there is code to look at' '[ "$(wc -l <"$TEST_HOME/code")" -gt 100 ]'
ok 'every file of code has its SPDX line near its top' \
	'! while read -r file; do
		head -n 80 "$file" | grep -q "SPDX-License-Identifier: ISC" || echo "$file"
	done <"$TEST_HOME/code" | grep .'

words='TO''DO|FIX''ME|X''XX|not (yet )?(impl''emented|supp''orted)'
ok 'no word in the code says that it is unfinished' \
	'! grep -v "^t/lib/prove/" "$TEST_HOME/code" | xargs grep -nwE "$words"'
ok 'no file of code is longer than 400 lines' \
	'! while read -r file; do
		lines=$(wc -l <"$file")
		limit=400
		[ "${file#t/unit/}" = "$file" ] || limit=600
		[ "$lines" -le "$limit" ] || grep -qx "$file .*" <<<"$long_files" ||
			echo "$file: $lines"
	done <"$TEST_HOME/code" | grep .'
# .clang-format asks for 90. Texts for people and tables of cases are better left whole.
ok 'no line of C is wider than 100 columns' \
	'! grep "\.[ch]$" "$TEST_HOME/code" | grep -v ^t/ | while read -r file; do
		expand "$file" | grep -nE "^.{101}" |
			grep -vE "^[0-9]+: *(say\(|return fault_set\(why, FAULT_[A-Z]+, )?\"" |
			sed "s,^,$file:,"
	done | grep .'
# A transcript of the scripted peer in a test may need one.
ok 'no blanks at line ends in C and shell' \
	'! xargs grep -nE "[[:blank:]]+$" <"$TEST_HOME/code" | grep -vE ":[CS][:*-] "'
ok 'no path of one machine in the tree' \
	'! xargs grep -nE "(^|[^A-Za-z0-9_./-])/(work|farm|root)/" <"$TEST_HOME/ours"'

ok 'every folder says in its README.md what it is' \
	'! sed -n "s,/[^/]*$,,p" "$TEST_HOME/ours" | sort -u |
		grep -vxE "\.ci|t/lib/prove|t/bench/.*|t/fake/.*" | while read -r folder; do
		[ -f "$folder/README.md" ] || echo "$folder"
	done | grep .'

ok 'there are manual pages' 'grep -qE "\.[1578]$" "$TEST_HOME/ours"'
ok 'the manual pages are clean' \
	'! grep -E "\.[1578]$" "$TEST_HOME/ours" | xargs mandoc -Tlint -Wwarning | grep .'
ok 'each of the four programs has a manual page' \
	'for name in fetch filter deliver relay; do
		[ -f "$name/mr-$name.1" ] || { echo "$name/mr-$name.1"; exit=1; }
	done; [ -z "${exit:-}" ]'
done_testing
