#!/usr/bin/env bash
# Flags at the server become those of the Maildir; \Deleted and \Recent do not; keywords pass
# in the stream; flags = false leaves them out.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
inbox=$(dovecot_folder alice INBOX)
number=0
# put LETTERS: a message whose subject is "m" and them.
put() {
	number=$((number + 1))
	printf 'Subject: m%s\nMessage-ID: <%s@x>\n\nbody\n' "$1" "$number" \
		>"$inbox/cur/170000000$number.M1P1.test:2,$1"
}
# letters LETTERS: those that the message has in our Maildir.
letters() {
	local file
	file=$(grep -rl "^Subject: m$1\$" "$CHAIN_MAIL"/cur "$CHAIN_MAIL"/new 2>/dev/null)
	case $file in
	*/new/*) echo new ;;
	*) echo "${file##*:2,}" ;;
	esac
}
chain_config imap implicit 'keep = true'
printf '0 $Forwarded\n1 work\n' >"$inbox/dovecot-keywords"
for one in S F R D a DFRSa Sb ''; do
	put "$one"
done
dovecot_own
run mr-fetch --into 'mr-filter | mr-deliver'
is 'fetched' "$STATUS $(chain_stored | wc -l)$(cat "$ERR")" '0 8'
for row in S:S F:F R:R D:D a:P DFRSa:DFPRS Sb:S :new; do
	is "${row%:*} arrives as ${row#*:}" "$(letters "${row%:*}")" "${row#*:}"
done

rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
chain_config imap implicit 'keep = true' 'flags = false'
run mr-fetch --into 'mr-filter | mr-deliver'
is 'flags = false: fetched' "$STATUS $(chain_stored | wc -l)$(cat "$ERR")" '0 8'
is 'without any' "$(letters DFRSa)" new
dovecot_stop

# What comes between search and fetch: others mark it.
start_peer marked - <<'END'
S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
C: \S+ EXAMINE
S: * 1 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK done
C: \S+ UID SEARCH
S: * SEARCH 5
S: %TAG% OK done
C: \S+ UID FETCH 5 \(
S: * 1 FETCH (FLAGS (\\Recent \\Deleted \\Seen work $Label1) UID 5 BODY[] {17}
S- Subject: marked\r\n
S: )
S: %TAG% OK done
C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
END
DOVECOT_CA=$PEER_CA DOVECOT_IMAP=$PEER_PORT chain_config imap none 'keep = true'
: >"$TEST_HOME/stream"
mr-fetch >"$TEST_HOME/stream" 2>"$ERR" &
pid=$!
wait_for 20 'grep -aq "^end ok" "$TEST_HOME/stream"'
kill "$pid"
wait "$pid"
is 'neither \Deleted nor \Recent, but keywords' "$(grep -a '^flags: ' "$TEST_HOME/stream")" \
	'flags: \Seen work $Label1'
done_testing
