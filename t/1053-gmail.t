#!/usr/bin/env bash
# Gmail: one message under several labels is stored once; deleting is a move to the bin;
# labels come as keywords on request.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/chain.sh"

login='S: * OK Gimap ready for requests from 127.0.0.1
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 UNSELECT IDLE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS MOVE SASL-IR AUTH=PLAIN SPECIAL-USE LITERAL-
S: %TAG% OK Thats all she wrote!
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK u@example.com authenticated (Success)
end
answer \S+ LOGOUT
S: * BYE LOGOUT Requested
S: %TAG% OK 73 good day (Success)
end
answer \S+ STATUS "\[Gmail\]/All Mail"
S: * STATUS "[Gmail]/All Mail" (MESSAGES 2 UIDNEXT 78 UIDVALIDITY 11)
S: %TAG% OK Success
end
answer \S+ STATUS
S: * STATUS "INBOX" (MESSAGES 2 UIDNEXT 7 UIDVALIDITY 1)
S: %TAG% OK Success
end
answer \S+ LIST "" ""
S: * LIST (\Noselect) "/" "/"
S: %TAG% OK Success
end
answer \S+ LIST "" "\*"
S: * LIST (\HasNoChildren) "/" "INBOX"
S: * LIST (\HasChildren \Noselect) "/" "[Gmail]"
S: * LIST (\All \HasNoChildren) "/" "[Gmail]/All Mail"
S: * LIST (\HasNoChildren \Trash) "/" "[Gmail]/Bin"
S: %TAG% OK Success
end'
# folder WORD NAME VALIDITY: opened.
folder() {
	printf '%s\n' "C: \\S+ $1 \"$2\"" 'S: * FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)' \
		'S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen \\*)] Flags permitted.' \
		"S: * OK [UIDVALIDITY $3] UIDs valid." 'S: * 2 EXISTS' 'S: %TAG% OK done' \
		'C: \S+ UID SEARCH UID 1:\* UNDELETED'
}
found() {
	printf '%s\n' "S: * SEARCH $1" 'S: %TAG% OK SEARCH completed (Success)'
}
# message SEQUENCE UID MSGID LABELS SUBJECT
message() {
	printf '%s\n' "S: * $1 FETCH (X-GM-MSGID $3 ${4:+X-GM-LABELS ($4) }UID $2 RFC822.SIZE $((${#5} + 15)) INTERNALDATE \"17-Jul-1996 02:44:25 +0000\" FLAGS (\\\\Seen) BODY[] {$((${#5} + 15))}" \
		"S- Subject: $5\\r\\n\\r\\n\\r\\n" 'S: )'
}
okay='S: %TAG% OK Success'
finish='C: \S+ LOGOUT
S: * BYE LOGOUT Requested
S: %TAG% OK done'
stored() {
	chain_stored | wc -l
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}
played() {
	wire_ok && ! wire | grep -aE 'waits for .*(UID|SELECT|EXAMINE)'
}
# play CONFIG...: one run against the script on stdin.
number=0
play() {
	number=$((number + 1))
	start_peer "gmail$number" -
	DOVECOT_CA=$PEER_CA DOVECOT_IMAP=$PEER_PORT chain_config imap none "$@"
}

play 'keep = true' 'folders = [ "INBOX", "[Gmail]/All Mail" ]' <<END
$login
$(folder EXAMINE INBOX 1)
$(found '5 6')
C: \S+ UID FETCH 5:6 \(X-GM-MSGID UID
$(message 1 5 1278455344230334865 '' five)
$(message 2 6 1278455344230334866 '' six)
$okay
$(folder EXAMINE '\[Gmail\]/All Mail' 11)
$(found '75 76 77')
C: \S+ UID FETCH 75:77 \(X-GM-MSGID UID
$(message 1 75 1278455344230334865 '' five)
$(message 2 76 1278455344230334866 '' six)
$(message 3 77 1278455344230334867 '' seven)
$okay
$finish
END
fetch
is 'two folders, three messages' "$STATUS $(stored)$(cat "$ERR")" '0 3'
ok 'the client kept to the script' played
ok 'all are remembered in both folders' '[ "$(sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" \
	"SELECT kept FROM source_folder ORDER BY kept" | paste -sd,)" = 5:6,75:77 ]'
stop_peer

# The port is part of the place: what follows is another account.
play 'folders = [ "INBOX", "*" ]' 'labels = true' <<END
$login
$(folder SELECT INBOX 1)
$(found '5')
C: \S+ UID FETCH 5 \(X-GM-MSGID X-GM-LABELS UID
$(message 1 5 99 '"\\\\Important" "\\\\Starred" "Muy Importante" "Gel&APY-scht"' five)
$okay
C: \S+ UID MOVE 5 "\[Gmail\]/Bin"
S: * OK [COPYUID 5 5 1]
S: * 1 EXPUNGE
$okay
$(folder SELECT '\[Gmail\]/All Mail' 11)
$(found '')
$finish
END
: >"$TEST_HOME/stream"
mr-fetch >"$TEST_HOME/stream" 2>"$ERR" &
pid=$!
wait_for 20 'grep -aq "^end ok" "$TEST_HOME/stream"'
kill "$pid"
wait "$pid"
like 'labels are among the flags' "$(grep -a '^flags' "$TEST_HOME/stream")" \
	'\\Seen \$Important Muy_Importante Gel&APY-scht$'
stop_peer
sed '/^C: .*UID FETCH/s/X-GM-LABELS //' "$TEST_HOME/gmail2.transcript1" >"$TEST_HOME/delete"
play 'folders = [ "INBOX", "*" ]' <"$TEST_HOME/delete"
fetch
is 'deleted' "$STATUS $(stored)$(cat "$ERR")" '0 4'
ok 'which is: moved to the bin, and nothing is fetched from there' played ||
	wire | tail -8
stop_peer

play 'folders = "INBOX"' <<END
$(sed '/Bin"$/d' <<<"$login")
$(folder SELECT INBOX 1)
$(found '5')
C: \S+ UID FETCH 5 \(X-GM-MSGID UID
$(message 1 5 100 '' again)
$okay
C: \S+ UID STORE 5 \+FLAGS.SILENT \(\\\\Deleted\)
$okay
C: \S+ UID EXPUNGE 5
$okay
$finish
END
fetch
is 'the bin is hidden: the label goes' "$STATUS $(stored)$(cat "$ERR")" '0 5'
ok 'by EXPUNGE' played
done_testing
