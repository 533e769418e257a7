#!/usr/bin/env bash
# XOAUTH2 over POP3 in two steps, as Microsoft's servers want it: the command, their "+ ",
# then the token.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

session=$MR_BUILD/t/fake/session

# log_in NAME TOKEN: against the peer NAME, whose transcript is on stdin
log_in() {
	start_peer "$1" -
	run timeout 30 "$session" pop3 implicit localhost "$PEER_PORT" "$PEER_CA" \
		you@example.com "token:$2"
	stop_peer
}
# What Exchange Online says; "-ERR Protocol error" is its answer to an initial response.
begin='tls
S: +OK The Microsoft Exchange POP3 service is ready. [QwBP]
answer CAPA
  S: +OK
  S: TOP
  S: UIDL
  S: SASL PLAIN XOAUTH2
  S: USER
  S: .
end
answer AUTH XOAUTH2 .*
  S: -ERR Protocol error. Connection is closed. 10
end
C: AUTH XOAUTH2$'
word() {
	printf 'user=you@example.com\1auth=Bearer %s\1\1' "$1" | base64 -w0
}

token=short
log_in short "$token" <<EOF
$begin
S: +
C: $(word "$token" | sed 's/[+]/\\+/g')\$
S: +OK User successfully logged on.
C: .*
S: +OK
C: .*
S: +OK
any
EOF
is 'a short token: logged in' "$STATUS" 0
ok 'as it was written' wire_ok
token=$(printf 'eyJ0eXAiOiJKV1QiLCJub25jZSI6%.0s' {1..80})
log_in long "$token" <<EOF
$begin
S- +\x20\r\n
C: $(word "$token" | sed 's/[+]/\\+/g')\$
S: +OK User successfully logged on.
C: .*
S: +OK
C: .*
S: +OK
any
EOF
is 'a long token: logged in' "$STATUS" 0
ok 'in one line of its own' wire_ok
log_in refused "$token" <<EOF
$begin
S: +
C: [A-Za-z0-9+/=]+\$
S: -ERR Authentication failure: unknown user name or bad password.
any
EOF
is 'a token that has run out: 77' "$STATUS" 77
like 'in the server'\''s words' "$(cat "$ERR")" 'Authentication failure: unknown user name'
is 'it was sent once' "$(wire | grep -c '^C: AUTH')" 1
log_in refused2 "$token" <<EOF
$begin
S: -ERR Protocol error. Connection is closed. 10
any
EOF
is 'refused before the token: 77' "$STATUS" 77
unlike 'then it is not sent' "$(wire)" '^C: dXNlc'

done_testing
