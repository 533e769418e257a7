#!/usr/bin/env bash
# The table of hostile servers: every class is there, once, in order, and so are its tests.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

table=$MR_TOP/t/hostile.md
rows=$(grep -E '^\| [0-9]+ \|' "$table")
is 'classes 1 to 26' "$(cut -d' ' -f2 <<<"$rows" | paste -sd' ')" "$(seq -s' ' 26)"
while IFS='|' read -r _ class what _ tests _; do
	found=0
	for test in $tests; do
		[ -f "$MR_TOP/t/$test" ] && found=$((found + 1))
	done
	is "class$class($what): tests that exist" "$found" "$(wc -w <<<"$tests")"
	ok "class$class: at least one" "[ $found -gt 0 ]"
done <<<"$rows"
done_testing
