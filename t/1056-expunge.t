#!/usr/bin/env bash
# Expunging takes what was stored, by UID, and nothing else: whatever others delete, mark or
# add in between, and whatever a server says of it.
# SPDX-License-Identifier: ISC
# check: asan
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
# meanwhile FILE: a run, during which FILE arrives, is marked by somebody, and message 1 goes.
meanwhile() {
	local name=1900000000.M1P$RANDOM.test
	rm -f "$TEST_HOME/go" "$TEST_HOME/begun"
	spawn slow mr-fetch --into "$TEST_HOME/wait | mr-deliver"
	wait_for 10 '[ -e "$TEST_HOME/begun" ]'
	cp "$1" "$inbox/cur/$name:2,T"
	rm -f "$inbox"/{new,cur}/*_0000000.test*
	dovecot_own
	: >"$TEST_HOME/go"
	wait "$PID"
	STATUS=$?
}
cat >"$TEST_HOME/wait" <<END
#!/bin/sh
: >"$TEST_HOME/begun"
while [ ! -e "$TEST_HOME/go" ]; do sleep 0.05; done
exec mr-filter
END
chmod +x "$TEST_HOME/wait"
chain_config imap implicit
dovecot_fill alice INBOX "${corpus[@]:0:3}"
meanwhile "${corpus[3]}"
is 'UIDPLUS: ours go, what others marked stays' \
	"$STATUS $(stored) $(dovecot_count alice INBOX)$(cat "$TEST_HOME/slow.log")" '0 3 1'
dovecot_stop
rm -f "$inbox"/{new,cur}/*
dovecot_start 'imap_capability = IMAP4rev1 SASL-IR LITERAL+'
dovecot_fill alice INBOX "${corpus[@]:4:3}"
meanwhile "${corpus[7]}"
is 'without: ours stay, marked beside it' \
	"$STATUS $(stored) $(dovecot_count alice INBOX)$(cat "$TEST_HOME/slow.log")" '0 6 3'
rm -f "$inbox"/cur/19*
run mr-fetch --into 'mr-filter | mr-deliver'
is 'until nothing else is marked' "$STATUS $(stored) $(dovecot_count alice INBOX)" '0 6 0'
dovecot_stop

login='S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
C: \S+ SELECT "INBOX"
S: * 2 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK [READ-WRITE] done
C: \S+ UID SEARCH UID 1:\* UNDELETED
S: * SEARCH 5 6
S: %TAG% OK done'
fetched='C: \S+ UID FETCH 5:6
S: * 1 FETCH (UID 5 BODY[] {15}
S- Subject: five\r\n
S: )
S: * 2 FETCH (UID 6 BODY[] {14}
S- Subject: six\r\n
S: )'
okay='S: %TAG% OK done'
store='C: \S+ UID STORE 5:6 \+FLAGS.SILENT \(\\Deleted\)'
expunge='C: \S+ UID EXPUNGE 5:6$'
finish='C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done'
number=0
# script TEXT; play LABEL STATUS LINE STORED, for each script in its order.
scripts=()
script() {
	number=$((number + 1))
	printf '%s\n' "$login" "$@" >"$TEST_HOME/script$number"
	scripts+=("$TEST_HOME/script$number")
}
begin() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
	start_peer "peer$number" "${scripts[@]}"
	scripts=()
	DOVECOT_CA=$PEER_CA DOVECOT_IMAP=$PEER_PORT chain_config imap none
}
play() {
	run mr-fetch --into 'mr-filter | mr-deliver'
	is "$1: status and what is stored" "$STATUS $(stored)" "$2 $4"
	like "$1: what is said" "$(cat "$ERR")" "$3"
	ok "$1: the client kept to the script" 'wire_ok && ! wire | grep -a "waits for .*UID"' ||
		wire | tail -5
}
noise='S: * 1 EXPUNGE
S: * 1 EXISTS
S: * 3 FETCH (FLAGS (\\Deleted \\Seen))
S: * VANISHED 1:4
S: * 1 EXPUNGE
S: * 0 EXISTS
S: * 7 EXISTS
S: * 0 RECENT
S: * FLAGS (\\Seen)'
script "$fetched" "$noise" "$okay" "$store" "$noise" "$okay" "$expunge" "$noise" "$okay" "$finish"
begin
play 'others expunge at each step' 0 '^$' 2
script "$fetched" "$okay" "$store" "$okay" "$expunge" "$okay" "$finish"
begin
play 'not one line of EXPUNGE' 0 '^$' 2
script "$fetched" "$okay" "$store" "$okay" "$expunge" 'S: %TAG% NO later' "$finish"
script "$store" "$okay" "$expunge" 'S: * 2 EXPUNGE' 'S: * 1 EXPUNGE' "$okay" "$finish"
begin
play 'EXPUNGE says NO' 75 'cannot be deleted: .*later' 2
play 'and the next run' 0 '^$' 2
script "$fetched" "$okay" "$store" 'S: * OK [UIDVALIDITY 18] new' "$okay" 'any'
begin
play 'numbered anew behind our back: no EXPUNGE' 76 'UIDVALIDITY changed' 2
ok 'none was sent' '! wire | grep -a "^C: .*EXPUNGE"'
done_testing
