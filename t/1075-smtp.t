#!/usr/bin/env bash
# --to smtp: to a real server, in clear on this machine, with STARTTLS when asked for; what
# it says to each recipient; a connection that is lost behind the final dot.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"
SMARTHOST_KIND=postfix
. "$MR_TOP/t/lib/postfix.sh"
PATH=$MR_BUILD/t/fake:$PATH

dovecot_start
message() {
	printf '%s\n' "$@" 'Message-ID: <1@x>' '' 'body' '.' '..dots' 'From here'
}
message 'Return-Path: <s@x.test>' 'Delivered-To: joe@our.test' >"$TEST_HOME/joe"
message 'Delivered-To: ann@our.test, bad@our.test' >"$TEST_HOME/mixed"
fill() {
	rm -rf "$XDG_STATE_HOME"/* "$(dovecot_folder alice INBOX)"/{new,cur}/*
	dovecot_fill alice INBOX "$@"
}
left() {
	dovecot_count alice INBOX
}

if [ "$(id -u)" = 0 ]; then
	smarthost_start 'smtpd_relay_restrictions = permit_mynetworks, reject
mynetworks = 127.0.0.0/8'
	chain_config imap implicit 'multidrop = "Delivered-To"'
	fill "$TEST_HOME/joe"
	exits 'in clear, to this machine' 0 mr-fetch --to "smtp:localhost:$SMARTHOST_PORT"
	ok 'it came' 'smarthost_wait 1'
	one=$(smarthost_received | head -1)
	ok 'to whom, from whom' 'grep -qi "^Delivered-To: joe@our.test" "$one" &&
		grep -qi "^Return-Path: <s@x.test>" "$one"'
	ok 'as it was' 'tr -d "\r" <"$one" | sed -n "/^body/,/^From here/p" |
		diff - <(tail -n 4 "$TEST_HOME/joe")'
	fill "$TEST_HOME/joe"
	exits 'with STARTTLS' 0 \
		mr-fetch --to "smtp:localhost:$SMARTHOST_PORT?tls=starttls&ca-file=$SMARTHOST_CA"
	fill "$TEST_HOME/joe"
	exits 'an authority that nobody trusts: 75' 75 \
		mr-fetch --to "smtp:localhost:$SMARTHOST_PORT?tls=starttls"
	is 'all stays' "$(left)" 1
	fill "$TEST_HOME/mixed"
	run mr-fetch --to "smtp:localhost:$SMARTHOST_PORT"
	is 'one of two is refused: it stays' "$STATUS $(left)" '75 1'
	like 'who, and why' "$(cat "$ERR")" 'bad@our.test: 550'
	smarthost_wait 3
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" 'DELETE FROM source_pause'
	run mr-fetch --to "smtp:localhost:$SMARTHOST_PORT"
	is 'who has it does not get it again' "$STATUS $(left) $(smarthost_received | wc -l)" '75 1 3'
	chain_config imap implicit
	fill "$TEST_HOME/joe"
	exits 'to= names who gets it' 0 mr-fetch --to "smtp:localhost:$SMARTHOST_PORT?to=me@our.test"
	smarthost_wait 4
	ok 'he does' 'grep -qi "^Delivered-To: me@our.test" "$(smarthost_received | tail -1)"'
fi

# Lost behind the dot: nobody knows, so it is deferred; and it is said that it may come twice.
start_peer lost - <<'END'
S: 220 x ESMTP
C: EHLO
S: 250 x
C: EHLO
S: 250 x
C: MAIL FROM:<s@x.test>
S: 250 ok
C: RCPT TO:<joe@our.test>
S: 250 ok
C: DATA
S: 354 go
data
drop
END
chain_config imap implicit 'multidrop = "Delivered-To"'
fill "$TEST_HOME/joe"
run mr-fetch --to "smtp:localhost:$PEER_PORT"
is 'lost behind the dot' "$STATUS $(left)" '75 1'
like 'it is said' "$(cat "$ERR")" 'it may come twice'

# A server that ends the connection after each message gets the next over a new one.
start_peer short - <<'END'
S: 220 x ESMTP
C: EHLO
S: 250 x
C: EHLO
S: 250 x
C: MAIL FROM
S: 250 ok
C: RCPT TO
S: 250 ok
C: DATA
S: 354 go
data
S: 250 has it
drop
END
make-stream --receipts stdout --many 5 mail-from= rcpt-to=a@x >"$TEST_HOME/stream"
exits 'one message for each connection' 0 mr-relay carry "smtp:localhost:$PEER_PORT" \
	<"$TEST_HOME/stream"
is 'all are taken' "$(grep -c ^stored "$OUT") $(wire | grep -c '^-- connect')" '5 5'
done_testing
