#!/usr/bin/env bash
# --trace FILE: what was said on both sides, and never a secret, whatever the login.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"

dovecot_start
dovecot_fill alice INBOX "$MR_TOP/t/corpus/plain.eml" "$MR_TOP/t/corpus/plain.eml"
text=$(sed '1,/^$/d' "$MR_TOP/t/corpus/plain.eml" | grep -m 1 .)
token=$(dovecot_token alice)
trace=$TEST_HOME/trace

# Every form in which a password or token goes over a line.
secrets() {
	local one
	for one in 'alice secret' "$token"; do
		printf '%s\n' "$one"
		printf '%s' "$one" | base64 -w0
		printf '\n\0alice\0%s' "$one" | tail -c +2 | base64 -w0
		echo
		printf 'user=alice\001auth=Bearer %s\001\001' "$one" | base64 -w0
		echo
	done
}
secrets >"$TEST_HOME/secrets"
# traced LABEL: the run that was, its trace and its words
traced() {
	ok "$1: the run was good" '[ "$STATUS" = 0 ]'
	ok "$1: no secret" '! grep -qF -f "$TEST_HOME/secrets" "$trace" "$ERR" "$OUT"'
	ok "$1: nor a piece of one in base64" \
		'! grep -qE "[A-Za-z0-9+/]{60}" "$trace"'
	ok "$1: no text of a message" '! grep -qF "$text" "$trace"'
}

for mechanism in PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256; do
	for protocol in imap pop3; do
		rm -rf "$trace" "$XDG_STATE_HOME"/*
		chain_config "$protocol" implicit 'keep = true' "auth = \"$mechanism\""
		run mr-fetch --trace "$trace" --into 'mr-filter | mr-deliver'
		traced "$mechanism, $protocol"
	done
	ok "$mechanism: the rest is there" 'grep -q "C: RETR 1" "$trace" &&
		grep -qE "S: \([0-9]+ lines of a message\)" "$trace" && grep -q "C: QUIT" "$trace"'
done
is 'for nobody else' "$(stat -c %a "$trace")" 600
rm -rf "$trace" "$XDG_STATE_HOME"/*
chain_config imap starttls 'keep = true'
run mr-fetch --trace "$trace" --into 'mr-filter | mr-deliver'
traced 'STARTTLS'
ok 'IMAP: both sides, bodies by their size' 'grep -q "C: F[0-9]* SELECT\|C: F[0-9]* EXAMINE" "$trace" &&
	grep -q "C: F[0-9]* UID FETCH" "$trace" && grep -qE "S: \([0-9]+ bytes\)" "$trace"'

for mechanism in XOAUTH2 OAUTHBEARER; do
	rm -rf "$trace" "$XDG_STATE_HOME"/*
	chain_config imap implicit 'keep = true' "auth = \"$mechanism\""
	sed -i "s|password = \"alice secret\"|token-command = \"echo $token\"|" \
		"$XDG_CONFIG_HOME/mailrail/config"
	run mr-fetch --trace "$trace" --into 'mr-filter | mr-deliver'
	traced "$mechanism"
done

# A server without SASL, which says the password back, too.
start_peer echo - <<'END'
S: +OK POP3 ready <1.2@x>
C: CAPA
S: -ERR no
C: CAPA
S: -ERR no
C: USER alice
S: +OK
C: PASS (.*)
S: +OK hello alice secret
answer .*
S: -ERR no
end
any
END
rm -rf "$trace" "$XDG_STATE_HOME"/*
DOVECOT_POP3=$PEER_PORT chain_config pop3 none
run mr-fetch --trace "$trace" --into 'mr-filter | mr-deliver'
ok 'PASS, and a server that repeats it' '! grep -qF -f "$TEST_HOME/secrets" "$trace"'
ok 'that it agreed is told' 'grep -q "S: +OK (login" "$trace"'

ln -s "$TEST_HOME/elsewhere" "$TEST_HOME/link"
exits 'a symbolic link is not followed' 64 mr-fetch --trace "$TEST_HOME/link" check
done_testing
