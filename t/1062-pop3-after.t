#!/usr/bin/env bash
# What becomes of stored messages at a POP3 server: kept, deleted, deleted later, also when
# QUIT is cut off, and with a server that deletes by itself.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/maildrop.sh"

# age DAYS: what was stored was stored so much earlier.
age() {
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" \
		"UPDATE source_letter SET at = at - $1 * 86400 WHERE at > 86400 * 1000"
}
fetch() {
	run mr-fetch --into 'mr-filter | mr-deliver'
}
stored() {
	chain_stored | wc -l
}

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
chain_config pop3 implicit 'delete-after = "30d"'
dovecot_fill alice INBOX "${corpus[@]:0:5}"
fetch
is 'delete-after: fetched' "$STATUS $(stored)$(<"$ERR")" '0 5'
is 'all stay' "$(dovecot_count alice INBOX)" 5
age 20
dovecot_fill alice INBOX "${corpus[@]:5:3}"
fetch
is '20 days later three came' "$STATUS $(stored)$(<"$ERR")" '0 8'
is 'all stay for now' "$(dovecot_count alice INBOX)" 8
age 10
fetch
is 'on the day: nothing is fetched' "$STATUS $(stored)$(<"$ERR")" '0 8'
is 'the five are gone' "$(dovecot_count alice INBOX)" 3
fetch
is 'the next run has nothing to do' "$STATUS $(stored)$(<"$ERR")" '0 8'
chain_config pop3 implicit 'keep = true'
fetch
is 'keep: they stay for ever' "$STATUS $(stored) $(dovecot_count alice INBOX)" '0 8 3'
dovecot_fill alice INBOX "${corpus[12]}"
fetch
age 31
fetch
is 'one more' "$STATUS $(stored) $(dovecot_count alice INBOX)" '0 9 4'
chain_config pop3 implicit 'delete-after = "30d"'
fetch
is 'delete-after once more' "$STATUS $(stored) $(dovecot_count alice INBOX)" '0 9 0'
chain_config pop3 implicit 'keep = true'
dovecot_fill alice INBOX "${corpus[13]}"
fetch
is 'kept' "$STATUS $(stored) $(dovecot_count alice INBOX)" '0 10 1'
chain_config pop3 implicit
fetch
is 'without keep they go, and are not fetched again' \
	"$STATUS $(stored) $(dovecot_count alice INBOX)" '0 10 0'

dovecot_fill alice INBOX "${corpus[@]:8:4}"
chain_config pop3 implicit 'keep = true'
exits 'four are marked' 0 mr-fetch mark
chain_config pop3 implicit
fetch
is 'what was only marked is neither fetched nor deleted' \
	"$STATUS $(stored) $(dovecot_count alice INBOX)" '0 10 4'
chain_config pop3 implicit 'move-to = "Archive"'
exits 'POP3 has no folders to move to: 78' 78 mr-fetch
chain_config pop3 implicit 'set-flags = "\\Seen"'
exits 'and no flags: 78' 78 mr-fetch

# A due message is deleted only if it is the one that was stored.
maildrop TOP/UIDL a:one:1 b:two
maildrop TOP/UIDL a:one:1 b:other
MAILDROP_QUIT=drop
maildrop TOP/UIDL a:one:1 b:other
MAILDROP_QUIT=
maildrop TOP/UIDL a:one:1 b:other
maildrops due 'delete-after = "30d"'
maildrop_fetch 'two are kept' 0 'one two'
age 31
maildrop_fetch 'due, and one is another message now: it is stored' 0 'one other two'
is 'the one that was stored then is deleted' "$(maildrop_asked 'DELE 1') $(maildrop_asked DELE)" '1 1'
maildrop_fetch 'still there, and QUIT is cut' 75 'one other two'
maildrop_fetch 'nothing is stored twice' 0 'one other two'
is 'the due one was deleted each time, no other' "$(maildrop_asked 'DELE 1') $(maildrop_asked DELE)" '3 3'

# EXPIRE 0: QUIT may delete what was downloaded.
MAILDROP_QUIT='drop'
maildrop TOP/UIDL/EXPIRE\ 0 a:one b:two
maildrop TOP/UIDL/EXPIRE\ 0 a:one b:two
MAILDROP_QUIT=
maildrop TOP/UIDL/EXPIRE\ 0 a:one b:two
maildrops expire 'keep = true'
run mr-fetch --into 'mr-filter | mr-deliver'
is 'EXPIRE 0 and keep: stored' "$STATUS $(maildrop_stored)$(<"$ERR")" '0 one two'
is 'without QUIT' "$(maildrop_asked QUIT)" 0
maildrop_fetch 'where nothing was downloaded QUIT does no harm' 75 'one two'
maildrop_config
maildrop_fetch 'EXPIRE 0 without keep' 0 'one two'
is 'they are deleted' "$(maildrop_asked DELE) $(maildrop_asked QUIT)" '2 2'

maildrop TOP/UIDL/EXPIRE\ 0 a:one b:two
maildrops expire-unstored
: >"$HOME/Mail"
run timeout 30 mr-fetch --into 'mr-filter | mr-deliver'
is 'EXPIRE 0, and nothing could be stored: no QUIT' "$STATUS $(maildrop_asked QUIT)" '75 0'
done_testing
