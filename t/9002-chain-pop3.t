#!/usr/bin/env bash
# The whole chain from a real POP3 server, by TLS and by STLS, deleting and keeping.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
chain_rule 10-spam.sieve 'require "fileinto";
if header :is "X-Spam-Flag" "yes" { fileinto "junk"; }'

for tls in implicit starttls; do
	rm -rf "$CHAIN_MAIL"
	chain_config pop3 "$tls"
	dovecot_fill alice INBOX "${corpus[@]}"
	chain_run
	is "$tls: the three leave with 0" "$STATUS" '0 0 0'
	is "$tls: they are silent" "$(cat "$ERR")" ''
	chain_sent pop3 "${corpus[@]}" >"$TEST_HOME/sent"
	chain_same "$tls: every message is stored once, byte for byte"
	is "$tls: the server's mailbox is empty" "$(dovecot_count alice INBOX)" 0
	is "$tls: the rule took the spam" "$(find "$CHAIN_MAIL/.junk/new" -type f | wc -l)" 1
	chain_run
	is "$tls: a second run has nothing to do" "$STATUS$(cat "$ERR")" '0 0 0'
	chain_same "$tls: and stores nothing twice"
done

rm -rf "$CHAIN_MAIL"
chain_config pop3 implicit 'keep = true'
dovecot_fill alice INBOX "${corpus[@]:0:20}"
chain_run
is 'keep: 0 0 0' "$STATUS$(cat "$ERR")" '0 0 0'
chain_sent pop3 "${corpus[@]:0:20}" >"$TEST_HOME/sent"
chain_same 'keep: all are stored'
is 'keep: all is left on the server' "$(dovecot_count alice INBOX)" 20
dovecot_fill alice INBOX "${corpus[30]}"
chain_run
chain_sent pop3 "${corpus[@]:0:20}" "${corpus[30]}" >"$TEST_HOME/sent"
chain_same 'keep: a second run fetches what is new, and nothing twice'
done_testing
