#!/usr/bin/env bash
# The table of hostile messages: every row has tests, and they are there; every kind that
# t/lib/hostile-message makes has its row.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

table=$MR_TOP/t/hostile-filter.md
rows=$(grep -E '^\| [0-9]+ \|' "$table")
count=$(wc -l <<<"$rows")
is 'the rows are numbered' "$(cut -d' ' -f2 <<<"$rows" | paste -sd' ')" "$(seq -s' ' "$count")"
while IFS='|' read -r _ row what _ kinds tests _; do
	found=0
	for test in $tests; do
		[ -f "$MR_TOP/t/$test" ] && found=$((found + 1))
	done
	is "row$row($what): tests that exist" "$found" "$(wc -w <<<"$tests")"
	ok "row$row: at least one" "[ $found -gt 0 ]"
done <<<"$rows"
is 'every kind of message has its row, once' \
	"$(cut -d'|' -f5 <<<"$rows" | tr -s ' ' '\n' | grep . | sort)" \
	"$("$MR_TOP/t/lib/hostile-message" kinds)"
done_testing
