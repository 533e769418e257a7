#!/usr/bin/env bash
# delete-after: what was stored goes when its day has come, also when there is no news;
# never what was not stored here, nor what others marked; rows do not outlive their messages.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
inbox=$(dovecot_folder alice INBOX)
stored() {
	chain_stored | wc -l
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}
sql() {
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" "$1"
}
rows() {
	sql "SELECT count(*) FROM source_letter WHERE place LIKE 'imap/%'"
}
there() {
	dovecot_count alice INBOX
}
# older SECONDS UID...: as if they had been stored so long ago.
older() {
	local by=$1
	shift
	sql "UPDATE source_letter SET at = at - $by WHERE item IN ($(printf "'%s'," "$@")'')"
}

chain_config imap implicit 'keep = true'
dovecot_fill alice INBOX "${corpus[@]:0:4}"
fetch
is 'kept' "$STATUS $(stored) $(there) $(rows)" '0 4 4 4'
is 'each row knows its message' \
	"$(sql 'SELECT count(*) FROM source_letter WHERE digest != 0 AND size > 20')" 4
older 900000 1 3
fetch
is 'without delete-after they stay' "$STATUS $(there)" '0 4'

chain_config imap implicit 'delete-after = "10d"'
fetch
is 'two are due, without any news' "$STATUS $(there) $(rows)$(cat "$ERR")" '0 2 2'
ok 'the right ones' '[ "$(sql "SELECT item FROM source_letter" | paste -sd,)" = 2,4 ]'
fetch
is 'then nothing' "$STATUS $(stored) $(there)$(cat "$ERR")" '0 4 2'

# Never fetched: marked as kept by hand.
dovecot_fill alice INBOX "${corpus[4]}"
exits 'mark' 0 mr-fetch mark box
older 900000 2
dovecot_fill alice INBOX "${corpus[5]}"
fetch
is 'one due, one new, one only marked' "$STATUS $(stored) $(there)$(cat "$ERR")" '0 5 3'

# Deleted by others: its row ends on its day.
rm -f "$inbox"/{new,cur}/*
older 900000 4
fetch
is 'due, but gone' "$STATUS $(there)$(cat "$ERR")" '0 0'
dovecot_fill alice INBOX "${corpus[6]}"
fetch
is 'an empty folder has no rows' "$STATUS $(stored) $(rows)" '0 6 1'

# Many deleted by others, long before their day.
for i in {1..15}; do
	dovecot_fill alice INBOX "${corpus[@]:10:10}"
done
fetch
is 'many' "$STATUS $(there) $(rows)" '0 151 151'
find "$inbox" -type f -name '*.test*' | sort | tail -n 145 | xargs rm -f
dovecot_fill alice INBOX "${corpus[7]}"
fetch
is 'their rows end when there are too many' "$STATUS $(there) $(rows)$(cat "$ERR")" '0 7 7'

# Numbered anew: the UIDs of the rows are those of other messages now.
older 900000 $(sql 'SELECT item FROM source_letter')
dovecot_stop
sed -i '1s/ V[0-9]* / V1234567890 /' "$inbox/dovecot-uidlist"
rm -f "$inbox"/dovecot.index*
dovecot_start
fetch
is 'a new UIDVALIDITY: nothing is due' "$STATUS $(there)" '0 7'


# keep is taken back: mr-deliver is not even asked.
chain_config imap implicit 'keep = true'
fetch
count=$(stored)
chain_config imap implicit
sql 'DELETE FROM done'
fetch
is 'keep is taken back: deleted without a download' \
	"$STATUS $(stored) $(there) $(rows)$(cat "$ERR")" "0 $count 0 0"

for bad in '"0s"' '"10d"; keep = false' '"10d"; move-to = "Old"'; do
	chain_config imap implicit "delete-after = $bad"
	exits "delete-after = $bad: 78" 78 mr-fetch
done
dovecot_stop

# Without UIDPLUS, and others marked something.
login='S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
answer \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
end'
open='S: * 2 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK done
C: \S+ UID SEARCH UID 1:\* UNDELETED'
due="C: \\S+ SELECT
$open
S: * SEARCH 5
S: %TAG% OK done
C: \\S+ UID STORE 5 \\+FLAGS.SILENT \\(\\\\Deleted\\)
S: %TAG% OK done
C: \\S+ UID SEARCH DELETED"
finish='C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done'
printf '%s\n' "$login" 'C: \S+ EXAMINE' "$open" 'S: * SEARCH 5' 'S: %TAG% OK done' \
	'C: \S+ UID FETCH 5 \(' 'S: * 1 FETCH (UID 5 BODY[] {15}' 'S- Subject: five\r\n' 'S: )' \
	'S: %TAG% OK done' "$finish" >"$TEST_HOME/kept"
printf '%s\n' "$login" "$due" 'S: * SEARCH 5 7' 'S: %TAG% OK done' "$finish" \
	>"$TEST_HOME/blocked"
printf '%s\n' "$login" "$due" 'S: * SEARCH 5' 'S: %TAG% OK done' 'C: \S+ EXPUNGE$' \
	'S: * 9 EXPUNGE' 'S: * 1 EXPUNGE' 'S: * 0 EXISTS' 'S: %TAG% OK done' "$finish" \
	>"$TEST_HOME/free"
rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
start_peer plain "$TEST_HOME/kept" "$TEST_HOME/blocked" "$TEST_HOME/free"
DOVECOT_IMAP=$PEER_PORT chain_config imap none 'delete-after = "10d"'
fetch
is 'plain: kept' "$STATUS $(stored) $(rows)$(cat "$ERR")" '0 1 1'
older 900000 5
fetch
is 'plain: others marked something: no EXPUNGE' "$STATUS $(rows)$(cat "$ERR")" '0 1'
fetch
is 'plain: then it goes' "$STATUS $(stored) $(rows)$(cat "$ERR")" '0 1 0'
ok 'the client kept to the script' 'wire_ok && ! wire | grep -a "waits for .*\(UID\|EXPUNGE\)"'
done_testing
