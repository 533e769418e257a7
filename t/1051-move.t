#!/usr/bin/env bash
# move-to: what is stored goes to another folder of the server, by MOVE or by COPY, STORE and
# EXPUNGE; the folder is made, and not fetched from; no cut loses a message or stores it twice.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
stored() {
	chain_stored | wc -l
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}
there() {
	echo "$(dovecot_count alice INBOX) $(dovecot_count alice 'Gel&APY-scht/2026')"
}
anew() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$DOVECOT_DIR"/mail/alice/Maildir/{new,cur,.[A-Z]*}/*
	dovecot_fill alice INBOX "${corpus[@]:0:5}"
}
target='move-to = "Gelöscht/2026"'

for case in '' 'no UIDPLUS' 'no MOVE' 'neither'; do
	can='IMAP4rev1 SASL-IR LITERAL+ ENABLE IDLE'
	case $case in
	'') settings= ;;
	'no UIDPLUS') settings="$can MOVE" ;;
	'no MOVE') settings="$can UIDPLUS" ;;
	neither) settings=$can ;;
	esac
	dovecot_stop
	dovecot_start "${settings:+imap_capability = $settings}"
	anew
	rm -rf "$(dovecot_folder alice 'Gel&APY-scht/2026')"
	chain_config imap implicit "$target" 'folders = [ "INBOX", "*" ]' 'mark-read = true'
	fetch
	is "${case:-all}: fetched" "$STATUS $(stored)$(cat "$ERR")" '0 5'
	is "${case:-all}: moved to a folder that was missing" "$(there)" '0 5'
	is "${case:-all}: read" \
		"$(ls "$(dovecot_folder alice 'Gel&APY-scht/2026')"/cur | grep -c ':2,.*S')" 5
	dovecot_fill alice INBOX "${corpus[@]:5:2}"
	fetch
	is "${case:-all}: then what is new" "$STATUS $(stored) $(there)$(cat "$ERR")" '0 7 0 7'
done

chain_config imap implicit "$target" 'keep = true'
dovecot_fill alice INBOX "${corpus[7]}"
fetch
is 'with keep, too' "$STATUS $(stored) $(there)$(cat "$ERR")" '0 8 0 8'
chain_config imap implicit 'move-to = "inbox"'
exits 'to where it comes from: 78' 78 mr-fetch
dovecot_stop

# Cut at each point of COPY, STORE and EXPUNGE: what does the next run say to the server?
login='S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 %CAN% AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
answer \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
end
C: \S+ SELECT "INBOX"
S: * 2 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK [READ-WRITE] done
C: \S+ UID SEARCH UID 1:\* UNDELETED'
found='S: * SEARCH 5 6
S: %TAG% OK done
C: \S+ UID FETCH 5:6 
S: * 1 FETCH (UID 5 BODY[] {15}
S- Subject: five\r\n
S: )
S: * 2 FETCH (UID 6 BODY[] {14}
S- Subject: six\r\n
S: )
S: %TAG% OK done'
copy='C: \S+ UID COPY 5:6 "Done"'
trycreate='S: %TAG% NO [TRYCREATE] no such folder
C: \S+ CREATE "Done"
S: %TAG% OK done'
store='C: \S+ UID STORE 5:6 \+FLAGS.SILENT \(\\Deleted\)'
expunge='C: \S+ UID EXPUNGE 5:6'
okay='S: %TAG% OK done'
there='C: \S+ UID SEARCH UID 5:6 UNDELETED'
finish='C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done'
number=0
played() {
	wire_ok && ! wire | grep -a 'waits for .*UID'
}
# play LABEL CAN FIRST SECOND: the first run is killed when it has said what is last in
# FIRST, the second one is good.
play() {
	local label=$1 can=$2 last
	number=$((number + 1))
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
	last=${3##*UID }
	printf '%s\n' "${login//%CAN%/$can}" "$found" "$3" 'stall 60' >"$TEST_HOME/cut"
	printf '%s\n' "${login//%CAN%/$can}" "$4" "$finish" >"$TEST_HOME/good"
	start_peer "move$number" "$TEST_HOME/cut" "$TEST_HOME/good"
	DOVECOT_IMAP=$PEER_PORT chain_config imap none 'move-to = "Done"'
	spawn killed mr-fetch --into 'mr-filter | mr-deliver'
	wait_for 20 'wire | grep -aq "^C: .* UID ${last%% *} "'
	kill -9 "$PID"
	wait "$PID" 2>/dev/null
	is "$label: the first run" "$(stored)" 2
	fetch
	is "$label: the second run" "$STATUS $(stored)$(cat "$ERR")" '0 2'
	ok "$label: the client kept to the script" played || wire | tail -5 | sed 's/^/#  /'
	stop_peer
}
gone='S: * SEARCH
S: %TAG% OK done'
both='S: * SEARCH 5 6
S: %TAG% OK done'
play 'cut before COPY is answered' UIDPLUS "$copy" "$both
$there
$both
$copy
$trycreate
$copy
$okay
$store
$okay
$expunge
$okay"
play 'cut after COPY is answered' UIDPLUS "$copy
$okay
$store" "$both
$there
S: * SEARCH 6
S: %TAG% OK done
${copy/5:6/6}
$okay
${store/5:6/6}
$okay
$expunge
$okay"
play 'cut after STORE is answered' UIDPLUS "$copy
$okay
$store
$okay
$expunge" "$gone
$there
$gone
$expunge
$okay"
move=${copy/COPY/MOVE}
play 'cut before MOVE is answered' 'UIDPLUS MOVE' "$move" "$gone
$there
S: * SEARCH 6
S: %TAG% OK done
${move/5:6/6}
S: * 1 EXPUNGE
S: %TAG% OK done"

rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
printf '%s\n' "${login//%CAN%/MOVE}" "$found" "$move" "$trycreate" "$move" \
	'S: %TAG% NO [TRYCREATE] still not' "$finish" >"$TEST_HOME/stubborn"
start_peer stubborn "$TEST_HOME/stubborn"
DOVECOT_IMAP=$PEER_PORT chain_config imap none 'move-to = "Done"'
fetch
is 'a folder that cannot be made: 75' "$STATUS $(stored)" '75 2'
like 'it says so' "$(cat "$ERR")" 'folder INBOX: stored messages cannot be moved: .*still not'
ok 'it was tried once' played
done_testing
