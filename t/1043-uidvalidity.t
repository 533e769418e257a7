#!/usr/bin/env bash
# Another UIDVALIDITY: what is kept and known is told again by Message-ID and size, anything
# else is fetched, nothing is stored twice; also when it changes each time, is zero, or when
# a run ends in the midst of it.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"

dovecot_start 'imap_logout_format = in=%i out=%o'
inbox=$(dovecot_folder alice INBOX)
ledger() {
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" "$1"
}
stored() {
	find "$CHAIN_MAIL" -type f -path '*/new/*' -exec grep -h ^Subject: {} + 2>/dev/null |
		cut -d' ' -f2- | LC_ALL=C sort | paste -sd' '
}
fetch() {
	run timeout 60 mr-fetch "$@" --into mr-deliver
}
# Dovecot gives new UIDs under a new UIDVALIDITY, in the order of the files' names.
renumber() {
	dovecot_stop
	rm -f "$inbox"/dovecot* "$inbox"/../Maildir/dovecot*
	sleep 1.1
	dovecot_start 'imap_logout_format = in=%i out=%o'
}
message() {
	printf 'Message-ID: <%s@example.org>\nSubject: %s\n\n%s\n' "$2" "$3" "$4" >"$inbox/cur/$1.M1P1.test:2,"
	dovecot_own
}

chain_config imap implicit 'keep = true'
message 2 one one body
message 3 two two body
message 4 three three body
printf 'Subject: four\nDate: x\n\nno Message-ID\n' >"$inbox/cur/5.M1P1.test:2,"
printf 'Subject: five\nDate: x\n\nno Message-ID!\n' >"$inbox/cur/6.M1P1.test:2,"
dovecot_own
fetch
is 'fetched' "$STATUS $(stored)" '0 five four one three two'
before=$(ledger 'SELECT validity FROM source_folder')

# In the meantime: one more, one deleted, its Message-ID on one of another size, and a second
# copy of one.
message 1 six six body
message 7 three 'three, again' 'longer body'
message 8 one one body
rm "$inbox"/cur/4.*
renumber
fetch
is 'anew: only what is not known' "$STATUS $(stored)" '0 five four one one six three three, again two'
ok 'it is another UIDVALIDITY' '[ "$before" != "$(ledger "SELECT validity FROM source_folder")" ]'
is 'one line says so' "$(cat "$ERR")" \
	'mr-fetch: account box: folder INBOX: its UIDVALIDITY changed: 4 of 7 messages are known, the others are new'
is 'rows are of what is there' "$(ledger 'SELECT group_concat(item) FROM (SELECT item FROM source_letter ORDER BY item)')" 1,2,3,4,5,6,7
fetch
is 'quiet again' "$STATUS $(stored)$(cat "$ERR")" '0 five four one one six three three, again two'
for i in 1 2; do
	renumber
	fetch
	is 'and again: nothing is new' "$STATUS $(stored)" '0 five four one one six three three, again two'
done
like 'all are known' "$(cat "$ERR")" '7 of 7 messages are known'
is 'nothing grows' "$(ledger 'SELECT count(*) FROM source_letter')" 7

# An older ledger has no rows; first = "now" spares what it cannot tell again.
ledger 'DELETE FROM source_letter'
chain_config imap implicit 'first = "now"'
renumber
fetch
is 'first = now: left alone' "$STATUS $(stored) $(dovecot_count alice INBOX)" \
	'0 five four one one six three three, again two 7'
like 'and said' "$(cat "$ERR")" 'its UIDVALIDITY changed: all its messages are left alone'
chain_config imap implicit 'keep = true'
renumber
rm -rf "$CHAIN_MAIL"
fetch
is 'no rows: all is new' "$STATUS $(stored)" '0 five four one one six three, again two'
like 'and said, too' "$(cat "$ERR")" 'its UIDVALIDITY changed: all its messages are new'

# script VALIDITY REST: a server with UIDs 5 and 6.
script() {
	cat <<-END2
	S: * OK IMAP4rev1 ready
	answer \S+ CAPABILITY
	S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
	S: %TAG% OK done
	end
	answer \S+ AUTHENTICATE PLAIN
	S: %TAG% OK logged in
	end
	answer \S+ UID SEARCH UID 1:\* DELETED
	S: * SEARCH
	S: %TAG% OK done
	end
	C: \S+ EXAMINE "INBOX"
	S: * 2 EXISTS
	S: * OK [UIDVALIDITY $1] ok
	S: %TAG% OK done
	$2
	C: \S+ LOGOUT
	S: * BYE bye
	S: %TAG% OK done
	END2
}
found='S: * SEARCH 6 5
S: %TAG% OK done'
fetch_all='C: \S+ UID SEARCH UID 1:\* UNDELETED
'$found'
C: \S+ UID FETCH 5:6 
S: * 1 FETCH (UID 5 BODY[] {38}
S- Message-ID: <5@x>\r\nSubject: five\r\n\r\n\r\n
S: )
S: * 2 FETCH (UID 6 BODY[] {37}
S- Message-ID: <6@x>\r\nSubject: six\r\n\r\n\r\n
S: )
S: %TAG% OK done'
survey='C: \S+ UID SEARCH UID 1:\*$
'$found'
C: \S+ UID FETCH 5:6 .*MESSAGE-ID.*
S: * 1 FETCH (UID 6 RFC822.SIZE 38 BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {21}
S- Message-ID: <5@x>\r\n\r\n
S: )'
told='S: * 2 FETCH (RFC822.SIZE 37 UID 5 BODY[HEADER.FIELDS ("MESSAGE-ID")]<0> "Message-ID: <6@x>")
S: %TAG% OK done
C: \S+ UID SEARCH UID 1:\* UNDELETED
'$found
script 17 "$fetch_all" >"$TEST_HOME/first"
# A change is believed when SELECT tells it, too: Courier has one in each EXAMINE.
selected='C: \S+ SELECT "INBOX"
S: * 2 EXISTS
S: * OK [UIDVALIDITY %d] ok
S: %%TAG%% OK done'
# shellcheck disable=SC2059
script 18 "$(printf "$selected" 18)
$survey
drop" >"$TEST_HOME/cut"
# shellcheck disable=SC2059
script 0 "$(printf "$selected" 0)
$survey
$told" >"$TEST_HOME/zero"
script 0 'C: \S+ UID SEARCH UID (1:\*|7:\*) UNDELETED
'"$found" >"$TEST_HOME/again"
rm -rf "$XDG_STATE_HOME/mailrail" "$CHAIN_MAIL"
start_peer odd "$TEST_HOME/first" "$TEST_HOME/cut" "$TEST_HOME/zero" "$TEST_HOME/again"
cat >"$XDG_CONFIG_HOME/mailrail/config" <<END2
account: { box: { host = "localhost"; port = $PEER_PORT; tls = "none"; keep = true
  user = "u"; password = "p"; timeout = "5s" } }
END2
fetch
is 'a server without UIDNEXT, UIDs in disorder' "$STATUS $(stored)$(cat "$ERR")" '0 five six'
fetch
is 'cut off in the survey: 75' "$STATUS $(stored)" '75 five six'
is 'nothing of it was written' "$(ledger 'SELECT validity FROM source_folder')" 17
fetch
is 'UIDVALIDITY 0: both are known' "$STATUS $(stored)" '0 five six'
fetch
is 'and stay so' "$STATUS $(stored)$(cat "$ERR")" '0 five six'
ok 'as the server expects it' wire_ok || wire | tail -7 | sed 's/^/#  /'
done_testing
