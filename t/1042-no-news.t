#!/usr/bin/env bash
# No news: one STATUS for each folder, nothing selected, the same bytes whatever the folder
# holds; all that a later run has still to do is found, none the less.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start 'imap_logout_format = in=%i out=%o'
corpus=("$MR_TOP"/t/corpus/*.eml)
inbox=$(dovecot_folder alice INBOX)
stored() {
	chain_stored | wc -l
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}
# What the last session said and heard, in bytes.
bytes() {
	wait_for 5 'tail -1 "$DOVECOT_LOG" | grep -q "in=.* out="'
	sed -n '$s/.*\(in=[0-9]* out=[0-9]*\).*/\1/p' "$DOVECOT_LOG"
}
remembered() {
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" 'SELECT next FROM source_folder'
}

chain_config imap implicit 'keep = true'
dovecot_fill alice INBOX "${corpus[@]:0:5}"
fetch
is 'fetched' "$STATUS $(stored)" '0 5'
is 'UIDNEXT is remembered' "$(remembered)" 6
with_news=$(bytes)
fetch
is 'no news' "$STATUS $(stored)$(cat "$ERR")" '0 5'
few=$(bytes)
ok "which takes less" '[ "$few" != "$with_news" ]'
for i in $(seq 60); do
	dovecot_fill alice INBOX "${corpus[@]:5:10}"
done
exits 'mark' 0 mr-fetch mark box
fetch
fetch
is 'no news in 600 messages' "$STATUS $(stored)" '0 5'
many=$(bytes)
# UIDNEXT and MESSAGES have more digits.
is 'as much is sent' "${many% *}" "${few% *}"
ok 'and heard, but for four digits' '[ $((${many##*=} - ${few##*=})) -le 4 ]'

chain_config imap implicit 'keep = false'
fetch
is 'another choice is looked at again' "$STATUS $(dovecot_count alice INBOX)" '0 0'
fetch
empty=$(bytes)
dovecot_fill alice INBOX "${corpus[20]}"
fetch
is 'news in an emptied folder' "$STATUS $(dovecot_count alice INBOX)" '0 0'
count=$(stored)
fetch
fetch
is 'emptied again: no news' "$(bytes)" "$empty"

# Marked by others as deleted: not wanted, until the mark is taken off.
chain_config imap implicit 'keep = true'
dovecot_fill alice INBOX "${corpus[21]}"
sleep 1
mv "$inbox"/new/* "$inbox/cur/$(basename "$(ls "$inbox"/new/*)"):2,T"
fetch
is 'marked as deleted: not fetched' "$STATUS $(stored)" "0 $count"
mv "$inbox"/cur/* "$(echo "$inbox"/cur/* | sed 's/:2,T/:2,/')"
fetch
is 'the mark is taken off: fetched' "$STATUS $(stored)" "0 $((count + 1))"

# What could not be stored is no news, and comes all the same.
rm -rf "$CHAIN_MAIL"
: >"$CHAIN_MAIL"
dovecot_fill alice INBOX "${corpus[22]}"
fetch
ok "not stored" '[ "$STATUS" != 0 ]'
rm "$CHAIN_MAIL"
fetch
is 'the next run brings it' "$STATUS $(stored)" '0 1'

# Many folders: pipelined, and only those with news are selected.
folders=()
for i in $(seq 80); do
	folders+=("\"f$i\"")
	dovecot_fill alice "f$i" "${corpus[$((i % 30))]}"
done
rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/mailrail
chain_config imap implicit 'keep = true' "folders = [ $(IFS=,; echo "${folders[*]}") ]"
fetch
is '80 folders' "$STATUS $(stored)" '0 80'
dovecot_fill alice f77 "${corpus[40]}"
fetch
is 'news in one of them' "$STATUS $(stored)" '0 81'
done_testing
