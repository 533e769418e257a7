#!/usr/bin/env bash
# A smart host behind a proxy, a tunnel and commands, as accounts have them.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

spawn proxy "$MR_TOP/t/fake/proxy" --port-file "$TEST_HOME/proxy" --log "$TEST_HOME/requests"
wait_for 10 '[ -s "$TEST_HOME/proxy" ]'
start_peer smtp - <<'END'
S: 220 peer
C: EHLO
S: 250-peer
S: 250 PIPELINING
C: EHLO
S: 250-peer
S: 250 PIPELINING
C: MAIL
C: RCPT
C: DATA
S: 250 sender
S: 250 recipient
S: 354 go on
data
S: 250 taken
any
END

# by SETTING: one message goes to the peer that way.
by() {
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-END
		relay: { hostname = "laptop.test", send = "manual" }
		smarthost: { default: { host = "127.0.0.1", port = $PEER_PORT, tls = "none", $1 } }
	END
	printf 'Subject: x\n\nbody\n' | sendmail -f me@x.test one@x.test
	run mr-relay run
}
left() {
	find "$XDG_STATE_HOME/mailrail/queue/queue" -type f | wc -l
}

by "proxy = \"socks5h://127.0.0.1:$(cat "$TEST_HOME/proxy")\""
is 'by a proxy' "$STATUS $(left)$(cat "$ERR")" '0 0'
is 'which was asked' "$(cut -d' ' -f1-3 "$TEST_HOME/requests")" "socks5 127.0.0.1 $PEER_PORT"
by "tunnel = \"exec $MR_TOP/t/fake/proxy --bridge 127.0.0.1 $PEER_PORT\""
is 'by a tunnel' "$STATUS $(left)$(cat "$ERR")" '0 0'
by "preconnect = \"echo \$MAILRAIL_ACCOUNT >>$TEST_HOME/hooks\"
	postconnect = \"echo over >>$TEST_HOME/hooks\""
is 'between commands' "$STATUS $(left)$(cat "$ERR")" '0 0'
is 'which both ran' "$(xargs <"$TEST_HOME/hooks")" 'default over'
by 'preconnect = "echo no carrier >&2; exit 1"'
is 'preconnect fails: the mail waits' "$STATUS $(left)" '75 1'
like 'and it is said why' "$(cat "$ERR")" 'the preconnect of 127.0.0.1: exit status 1: no carrier'
is 'three connections in all' "$(wire | grep -c '^-- connect')" 3

done_testing
