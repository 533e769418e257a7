#!/usr/bin/env bash
# --to: mail goes on by LMTP to a real Dovecot, on a socket and a port, by SMTP to a real
# smart host; each recipient has a result of his own, and nobody gets a message twice.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"
PATH=$MR_BUILD/t/fake:$PATH

# Whoever is asked for exists: the lookup of a user by LMTP must not end in the token's passdb.
eval "$(declare -f dovecot_conf | sed '1s/.*/plain_conf ()/')"
dovecot_conf() {
	plain_conf | sed 's/args = uid=/args = allow_all_users=yes uid=/'
}
free_port lmtp_port
socket=$DOVECOT_DIR/run/lmtp-here
dovecot_start "protocols = imap pop3 lmtp
auth_username_format = %Ln
service lmtp {
  chroot =
  unix_listener lmtp-here {
    mode = 0666
  }
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp_port
  }
}"
message() {
	printf '%s\n' "$@" 'Message-ID: <1@x>' '' 'body' '.' '..dots' 'From here'
}
message 'Return-Path: <s@x>' 'Delivered-To: bob@our.test' >"$TEST_HOME/bob"
message 'Delivered-To: bob@our.test, late@our.test' >"$TEST_HOME/mixed"

refill() {
	rm -rf "$XDG_STATE_HOME"/* "$(dovecot_folder alice INBOX)"/{new,cur}/* \
		"$(dovecot_folder bob INBOX)"/{new,cur}/*
	dovecot_fill alice INBOX "$@"
}
bob() {
	cat "$(dovecot_folder bob INBOX)"/{new,cur}/* 2>/dev/null
}
left() {
	dovecot_count alice INBOX
}
again() {
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" 'DELETE FROM source_pause'
}

for target in "lmtp:$socket" "lmtp:localhost:$lmtp_port"; do
	chain_config imap implicit 'recipient = "bob"'
	refill "$TEST_HOME/bob" "$MR_TOP/t/corpus/8bit-header.eml"
	run mr-fetch --to "$target"
	is "$target" "$STATUS $(cat "$ERR")" '0 '
	is 'two came, none is left there' "$(dovecot_count bob INBOX) $(left)" '2 0'
	ok 'byte for byte, behind what Dovecot puts in front' \
		'bob | tr -d "\r" | grep -qxF "..dots" && bob | tr -d "\r" | grep -qx "\."'
	like 'the sender is that of Return-Path' "$(bob)" 'Return-Path: <s@x>'
done

# One has it, one is to be tried again: the second try is for that one alone.
talk() {
	printf '%s\n' 'S: 220 x LMTP' 'C: LHLO' 'S: 250-x' 'S: 250 PIPELINING' "$@" any
}
talk 'C: MAIL FROM:<>' 'C: RCPT TO:<bob@our.test>' 'C: RCPT TO:<late@our.test>' 'C: DATA' \
	'S: 250 ok' 'S: 250 ok' 'S: 250 ok' 'S: 354 go' data 'S: 250 has it' \
	'S: 451 4.2.2 full' >"$TEST_HOME/first"
talk 'C: MAIL FROM:<>' 'C: RCPT TO:<late@our.test>' 'C: DATA' 'S: 250 ok' 'S: 250 ok' \
	'S: 354 go' data 'S: 250 has it, too' >"$TEST_HOME/second"
for protocol in imap pop3; do
	chain_config "$protocol" implicit 'multidrop = "Delivered-To"'
	refill "$TEST_HOME/mixed"
	start_peer "two-$protocol" "$TEST_HOME/first" "$TEST_HOME/second"
	run mr-fetch --to "lmtp:127.0.0.1:$PEER_PORT"
	is "$protocol: one of two is deferred: it stays" "$STATUS $(left)" '75 1'
	like 'who, and why' "$(cat "$ERR")" 'late@our.test: 451 4.2.2 full'
	again
	run mr-fetch --to "lmtp:127.0.0.1:$PEER_PORT"
	ok 'only that one is tried again' 'wire_ok && wire | grep -c "RCPT TO" | grep -qx 3'
	is 'then all have it, and it is done' "$STATUS $(left)" '0 0'
	stop_peer
done

chain_config imap implicit
refill "$TEST_HOME/bob"
exits 'nobody listens: 75' 75 mr-fetch --to "lmtp:$DOVECOT_DIR/run/none"
is 'one line, all stays' "$(grep -c . "$ERR") $(left)" '1 1'
for target in smtp: lmtp: lmtp:localhost smtp:a:0 'smtp:a b' lmtp:mail.test:24 smtp:a?tls=no \
	lmtp:/x?tls=starttls smtp:a?what=1 'smtp:a?to=a b' smtp:[::1 http:x; do
	exits "no target: $target" 64 mr-relay carry "$target" </dev/null
done
exits 'no target for mr-fetch: 64' 64 mr-fetch --to http:x

# A server that says something else to each, then loses the connection behind the dot.
stream() {
	make-stream --receipts stdout mail-from= "$@" "$TEST_HOME/bob"
}
start_peer lmtp1 - <<'END'
S: 220 x LMTP
C: LHLO
S: 250-x
S: 250-PIPELINING
S: 250 8BITMIME
C: MAIL FROM:<>
C: RCPT TO:<ann>
C: RCPT TO:<bad>
C: RCPT TO:<late>
C: RCPT TO:<never>
C: DATA
S: 250 ok
S: 250 ok
S: 550 5.1.1 nobody
S: 250 ok
S: 250 ok
S: 354 go
data
S: 250 2.0.0 ann has it
S: 451 4.2.2 late is full
S: 554 5.7.1 never wants it
C: RSET|MAIL FROM:<>
S: 250 ok
C* RCPT TO:<ann>
S: 250 ok
any
END
stream rcpt-to=ann rcpt-to=bad rcpt-to=late rcpt-to=never >"$TEST_HOME/stream"
stop_peer
start_peer lmtp2 "$TEST_HOME/lmtp1.transcript1"
run mr-relay carry "lmtp:127.0.0.1:$PEER_PORT" <"$TEST_HOME/stream"
is 'deferred while anybody is' "$STATUS $(cut -d' ' -f1,2 "$OUT")" '75 deferred test:1'
like 'with that one'"'"'s words' "$(cat "$OUT")" 'late: 451 4.2.2 late is full'
done_testing
