#!/usr/bin/env bash
# Manners at the server: bytes per second, and sessions at once.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"

dovecot_start
{
	printf 'Subject: large\nMessage-ID: <large@test>\n\n'
	yes 'a line of a message that is larger than others' | head -c 300000
	echo
} >"$TEST_HOME/large.eml"
# Milliseconds that a run takes.
timed() {
	local begin=${EPOCHREALTIME/./}
	run mr-fetch --into 'mr-filter | mr-deliver'
	took=$(((${EPOCHREALTIME/./} - begin) / 1000))
}

for protocol in imap pop3; do
	rm -rf "$CHAIN_MAIL"
	dovecot_fill alice INBOX "$TEST_HOME/large.eml"
	chain_sent "$protocol" "$TEST_HOME/large.eml" >"$TEST_HOME/sent"
	chain_config "$protocol" implicit 'rate = "150K"' 'timeout = "1s"'
	timed
	is "$protocol: fetched slowly" "$STATUS $(cat "$ERR")" '0 '
	chain_same "$protocol: whole"
	ok "$protocol: it takes two seconds, in all ($took ms)" '[ "$took" -ge 1700 ] && [ "$took" -lt 4500 ]'
	dovecot_fill alice INBOX "$TEST_HOME/large.eml"
	chain_config "$protocol" implicit
	timed
	ok "$protocol: without a rate less than that ($took ms)" '[ "$took" -lt 1500 ]'
done

# Sessions at once: each stays for half a second.
start_peer slow - <<'END'
S: +OK ready
answer CAPA
S: +OK
S: SASL PLAIN
S: .
end
answer NOOP
S: +OK
end
C: AUTH.*
stall 0.5
S: +OK
C: UIDL
S: +OK
S: .
C: QUIT
S: +OK
END
# configure SESSIONS
configure() {
	{
		echo 'account: {'
		for i in 1 2 3 4 5 6; do
			echo "a$i: { protocol = \"pop3\"; host = \"localhost\"; port = $PEER_PORT"
			echo "  tls = \"none\"; user = \"a$i\"; password = \"x\" }"
		done
		echo "} fetch: { $1 }"
	} >"$XDG_CONFIG_HOME/mailrail/config"
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}
# The most sessions that the wire log has open at once.
most() {
	wire | awk '/^-- connect/ { now++ } /^(-- (eof|drop|end|close)|S: \+OK$)/ { }
		/^C: QUIT/ { now-- } now > most { most = now } END { print most }'
}
configure 'sessions = 2'
timed
is 'six accounts of one server' "$STATUS $(cat "$ERR")" '0 '
is 'two at once' "$(most)" 2
stop_peer
start_peer slow "$TEST_HOME/slow.transcript1"
configure ''
timed
is 'by default' "$STATUS $(most)" '0 4'
done_testing
