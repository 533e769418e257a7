#!/usr/bin/env bash
# 100,000 tiny messages through the whole chain: no deadlock, none lost, none twice.
# SPDX-License-Identifier: ISC
#
# In memory where possible: what is tested is the traffic, and a disk takes minutes to make
# and remove 200,000 files.
TEST_IN_MEMORY=2000
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

count=100000
dovecot_start
chain_config imap implicit
"$MR_TOP/t/lib/generate" maildir "$(dovecot_folder alice INBOX)" "$count" 0
dovecot_own
start=$SECONDS
run timeout 150 bash -c 'mr-fetch | mr-filter | mr-deliver; echo "${PIPESTATUS[@]}"'
diag "$count messages in $((SECONDS - start)) s"
is 'the three leave with 0' "$(cat "$OUT")" '0 0 0'
is 'they are silent' "$(cat "$ERR")" ''
is 'the server is empty' "$(dovecot_count alice INBOX)" 0
find "$CHAIN_MAIL/new" -type f >"$TEST_HOME/files"
is 'all are stored' "$(wc -l <"$TEST_HOME/files")" "$count"
# Each is "Subject: N" and nothing else: as many different ones as there are.
is 'each is there once' \
	"$(xargs cat <"$TEST_HOME/files" | grep '^Subject: ' | sort -u | wc -l)" "$count"
done_testing
