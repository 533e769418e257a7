#!/usr/bin/env bash
# A smart host takes the token of the account that logged in: one login for both, and mr-relay
# renews it, too.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/oauth.sh"

oauth_start
start_peer imap - <<'END'
tls
S: * OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] peer
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR
S: %TAG% OK
answer (\S+) CAPABILITY
  S: * CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR
  S: %TAG% OK
end
C: (\S+) AUTHENTICATE XOAUTH2
S: %TAG% OK [CAPABILITY IMAP4rev1] logged in
any
END
imap=$PEER_PORT
start_peer smtp - <<'END'
tls
S: 220 peer
C: EHLO
S: 250-peer
S: 250 AUTH PLAIN XOAUTH2
C: EHLO
S: 250-peer
S: 250 AUTH PLAIN XOAUTH2
C: AUTH XOAUTH2 (\S+)
S: 235 welcome
C: MAIL
S: 250 sender
C: RCPT
S: 250 recipient
C: DATA
S: 354 go on
data
S: 250 taken
C: QUIT
S: 221 bye
END
config=$XDG_CONFIG_HOME/mailrail/config
cat >"$config" <<END
account: { work: { host = "localhost"; ca-file = "$PEER_CA"; port = $imap; user = "alice"
  $(oauth_settings) } }
smarthost: { default: { host = "localhost"; ca-file = "$PEER_CA"; port = $PEER_PORT
  tls = "implicit"; user = "alice"; $(oauth_settings) } }
relay: { hostname = "laptop.test", send = "manual" }
END
chmod 600 "$config"

# sent: the token in the last AUTH of the peer's log.
sent() {
	wire smtp | sed -n 's/^C: AUTH XOAUTH2 //p' | tail -n 1 | base64 -d 2>/dev/null |
		tr '\001' '\n' | sed -n 's/^auth=Bearer //p'
}
stored() {
	sed -n 's/.*"access-token": "\([^"]*\)".*/\1/p' "$XDG_STATE_HOME"/mailrail/tokens/custom*
}
send() {
	printf 'Subject: one\n\nbody\n' | sendmail -f me@x.test "$1@x.test"
	run mr-relay run
}

send nobody
is 'before the login: the mail waits' "$STATUS" 77
like 'it says what to do' "$(cat "$ERR")" \
	'alice: nobody has logged in yet: run mr-fetch login, for an account with oauth = "custom"'
is 'nobody was contacted' "$(wire smtp | wc -l)" 0
oauth_browse mr-fetch login work
is 'one login' "$STATUS" 0
run mr-relay flush
wait_for 10 'wire smtp | grep -q "S: 250 taken"'
ok 'the smart host takes the mail' 'wire smtp | grep -q "S: 250 taken"'
is 'by the same token' "$(sent)" "$(stored)"
first=$(stored)
oauth_age "$(ls "$XDG_STATE_HOME/mailrail/tokens")" 4000
send one
is 'a token that has run out' "$STATUS" 0
is 'is renewed by mr-relay' "$(oauth_count 'refresh_token ok')" 1
ok 'stored' '[ "$(stored)" != "$first" ]'
is 'and used' "$(sent)" "$(stored)"
oauth_age "$(ls "$XDG_STATE_HOME/mailrail/tokens")" 4000
oauth_control 'error invalid_grant'
send two
is 'taken back: the mail waits' "$STATUS" 77
is 'it is not returned' "$(mr-relay queue | grep -c two@x.test)" 1
unlike 'no token in what is said' "$(cat "$ERR")" 'eyJ|refresh-'
done_testing
