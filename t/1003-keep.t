#!/usr/bin/env bash
# keep = true: everything stays there and comes once; 50,000 kept messages cost next to
# nothing; a lost ledger is not begun anew in silence; mark and --again.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
stored() {
	chain_stored | wc -l
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}

for protocol in imap pop3; do
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$(dovecot_folder alice INBOX)"/{new,cur}/*
	chain_config "$protocol" implicit 'keep = true'
	dovecot_fill alice INBOX "${corpus[@]:0:10}"
	fetch
	is "$protocol: fetched" "$STATUS $(stored)" '0 10'
	fetch
	is "$protocol: once" "$STATUS $(stored)$(cat "$ERR")" '0 10'
	rm -f "$(dovecot_folder alice INBOX)"/{new,cur}/*0000003.test*
	dovecot_fill alice INBOX "${corpus[@]:10:5}"
	fetch
	is "$protocol: then what is new" "$STATUS $(stored)" '0 15'
	is "$protocol: all stays on the server" "$(dovecot_count alice INBOX)" 14

	fetch --again
	is "$protocol: --again asks for all, mr-deliver knows them" "$STATUS $(stored)" '0 15'
	rm -rf "$XDG_STATE_HOME"/mailrail/ledger.db* "$XDG_STATE_HOME"/mailrail/run/ledger.made
	fetch
	is "$protocol: a lost ledger: 78, nothing is fetched" "$STATUS $(stored)" '78 15'
	like "$protocol: both ways out are named" "$(cat "$ERR")" \
		'account box: it has run before.*mr-fetch mark box.*mr-fetch --again box'
	exits "$protocol: mark" 0 mr-fetch mark box
	like "$protocol: it says how many" "$(cat "$OUT")" '^box: 14 messages '
	fetch
	is "$protocol: nothing that was marked is fetched" "$STATUS $(stored)" '0 15'
	dovecot_fill alice INBOX "${corpus[20]}"
	fetch
	is "$protocol: what came later is" "$STATUS $(stored)" '0 16'
	rm -rf "$XDG_STATE_HOME"/mailrail/ledger.db* "$XDG_STATE_HOME"/mailrail/run/ledger.made
	fetch --again
	is "$protocol: --again after a loss brings all" "$STATUS $(stored)" '0 31'
done

chain_config imap implicit
exits 'mark without keep: 64' 64 mr-fetch mark
like 'it says why' "$(cat "$ERR")" 'keep is not set'
done_testing
