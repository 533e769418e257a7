#!/usr/bin/env bash
# Each program of the pipe missing, or dying before its first byte: nothing is lost, nothing
# hangs, nothing leaves the server.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
chain_config imap implicit
dovecot_fill alice INBOX "${corpus[@]}"
count=${#corpus[@]}

# A run of the pipe with other programs in it: LABEL, the three commands.
broken() {
	local label=$1
	run timeout 60 bash -c "$2 | $3 | $4; echo \"\${PIPESTATUS[@]}\""
	statuses=$(tail -n 1 "$OUT")
	ok "$label: it ends" '[ "$STATUS" != 124 ]'
	is "$label: all messages are still on the server" "$(dovecot_count alice INBOX)" "$count"
	is "$label: nothing is stored" "$(chain_stored | wc -l)" 0
}

broken 'no mr-filter' mr-fetch no-such-program mr-deliver
unlike 'no mr-filter: mr-fetch does not say 0' "$statuses" '^0 '
like 'no mr-filter: mr-deliver says 75 about its empty input' "$statuses" ' 75$'
broken 'no mr-deliver' mr-fetch mr-filter no-such-program
unlike 'no mr-deliver: mr-fetch does not say 0' "$statuses" '^0 '
broken 'no mr-fetch' no-such-program mr-filter mr-deliver
like 'no mr-fetch: 75 from both readers' "$statuses" ' 75 75$'
broken 'mr-filter dies at once' mr-fetch 'sh -c "kill -9 \$\$"' mr-deliver
unlike 'mr-filter dies at once: mr-fetch does not say 0' "$statuses" '^0 '
broken 'mr-deliver dies at once' mr-fetch mr-filter 'sh -c "kill -9 \$\$"'
unlike 'mr-deliver dies at once: mr-fetch does not say 0' "$statuses" '^0 '
broken 'mr-fetch dies at once' 'sh -c "kill -9 \$\$"' mr-filter mr-deliver
like 'mr-fetch dies at once: 75 from both readers' "$statuses" ' 75 75$'
exits '--into with a missing program' 78 mr-fetch --into 'mr-filter | no-such-program'
is '--into with a missing program: one line' "$(wc -l <"$ERR")" 1
is '--into with a missing program: the server is untouched' \
	"$(dovecot_count alice INBOX)" "$count"
exits '--into with a program that fails' 75 timeout 60 mr-fetch --into 'mr-filter | false'
is '--into with a program that fails: the server is untouched' \
	"$(dovecot_count alice INBOX)" "$count"

chain_run
is 'afterwards the chain works' "$STATUS" '0 0 0'
chain_sent imap "${corpus[@]}" >"$TEST_HOME/sent"
chain_same 'and every message is stored once'
done_testing
