#!/usr/bin/env bash
# The whole chain from a real IMAP server, by TLS and by STARTTLS, deleting and keeping.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
chain_rule 10-lists.sieve 'require ["fileinto", "imap4flags"];
if exists "List-Id" { fileinto :flags "\\Seen" "lists/all"; }'

for tls in implicit starttls; do
	rm -rf "$CHAIN_MAIL"
	chain_config imap "$tls"
	dovecot_fill alice INBOX "${corpus[@]}"
	chain_run
	is "$tls: the three leave with 0" "$STATUS" '0 0 0'
	is "$tls: they are silent" "$(cat "$ERR")" ''
	chain_sent imap "${corpus[@]}" >"$TEST_HOME/sent"
	chain_same "$tls: every message is stored once, byte for byte"
	is "$tls: the server's mailbox is empty" "$(dovecot_count alice INBOX)" 0
	is "$tls: the rule took the lists, seen" \
		"$(find "$CHAIN_MAIL/.lists.all/cur" -name '*:2,*S*' | wc -l)" \
		"$(grep -il '^list-id:' "${corpus[@]}" | wc -l)"
	is "$tls: tmp/ is clean" "$(chain_parts)" 0
	chain_run
	is "$tls: a second run has nothing to do" "$STATUS$(cat "$ERR")" '0 0 0'
	chain_same "$tls: and stores nothing twice"
done

rm -rf "$CHAIN_MAIL"
chain_config imap implicit 'keep = true' 'folders = [ "INBOX", "lists/*" ]'
dovecot_fill alice INBOX "${corpus[@]:0:20}"
dovecot_fill alice lists/c "${corpus[@]:20:5}"
dovecot_fill alice other "${corpus[@]:25:5}"
chain_run
is 'keep: 0 0 0' "$STATUS$(cat "$ERR")" '0 0 0'
chain_sent imap "${corpus[@]:0:25}" >"$TEST_HOME/sent"
chain_same 'keep: the folders that match are fetched, no other'
is 'keep: all is left on the server' \
	"$(dovecot_count alice INBOX) $(dovecot_count alice lists/c) $(dovecot_count alice other)" \
	'20 5 5'
dovecot_fill alice lists/c "${corpus[30]}"
chain_run
chain_sent imap "${corpus[@]:0:25}" "${corpus[30]}" >"$TEST_HOME/sent"
chain_same 'keep: a second run fetches what is new, and nothing twice'

rm -rf "$CHAIN_MAIL"
chain_config imap implicit 'folders = [ "into" ]'
dovecot_fill alice into "${corpus[@]:40:10}"
exits 'mr-fetch --into runs the pipe itself' 0 mr-fetch --into 'mr-filter | mr-deliver'
ok '--into: silent' '[ ! -s "$OUT" ] && [ ! -s "$ERR" ]'
chain_sent imap "${corpus[@]:40:10}" >"$TEST_HOME/sent"
chain_same '--into: every message is stored once'
is '--into: the folder on the server is empty' "$(dovecot_count alice into)" 0
done_testing
