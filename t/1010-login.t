#!/usr/bin/env bash
# Logging in to a real Dovecot: every protection and every mechanism, and what is refused.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"

dovecot_start
session=$MR_BUILD/t/fake/session
token=token:$(dovecot_token alice)

# log_in PROTOCOL TLS PORT SECRET MECHANISM...
log_in() {
	local protocol=$1 tls=$2 port=$3 secret=$4
	shift 4
	run "$session" "$protocol" "$tls" localhost "$port" "$DOVECOT_CA" alice "$secret" "$@"
}

while read -r protocol tls port answer; do
	for mechanism in PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2 OAUTHBEARER; do
		secret='alice secret'
		case $mechanism in
		*OAUTH*) secret=$token ;;
		esac
		log_in "$protocol" "$tls" "$port" "$secret" "$mechanism"
		is "$protocol $tls $mechanism: logged in" "$STATUS" 0
		like "$protocol $tls $mechanism: the session works" "$(tail -1 "$OUT")" "$answer"
	done
	log_in "$protocol" "$tls" "$port" 'alice secret'
	is "$protocol $tls by the default order" "$STATUS" 0
	log_in "$protocol" "$tls" "$port" 'command:echo "alice secret"'
	is "$protocol $tls with a password-command" "$STATUS" 0
	for mechanism in PLAIN SCRAM-SHA-256; do
		log_in "$protocol" "$tls" "$port" wrong "$mechanism"
		is "$protocol $tls $mechanism: a wrong password is 77" "$STATUS" 77
		like "$protocol $tls $mechanism: in the server's words" "$(cat "$ERR")" \
			'Authentication failed'
		is "$protocol $tls $mechanism: in one line" "$(wc -l <"$ERR")" 1
	done
	log_in "$protocol" "$tls" "$port" token:wrong XOAUTH2
	is "$protocol $tls: a wrong token is 77" "$STATUS" 77
	like "$protocol $tls: and what the server tells of it" "$(cat "$ERR")" '"status":"401"'
	run "$session" "$protocol" "$tls" 127.0.0.1 "$port" "$DOVECOT_CA" alice 'alice secret'
	is "$protocol $tls: a certificate for another name is 75" "$STATUS" 75
	like "$protocol $tls: and says so" "$(cat "$ERR")" 'certificate is not trusted'
	run "$session" "$protocol" "$tls" localhost "$port" - alice 'alice secret'
	is "$protocol $tls: an unknown authority is 75" "$STATUS" 75
done <<-EOF
	imap implicit $DOVECOT_IMAPS ^z9.OK
	imap starttls $DOVECOT_IMAP ^z9.OK
	pop3 implicit $DOVECOT_POP3S ^.OK
	pop3 starttls $DOVECOT_POP3 ^.OK
EOF

log_in imap none "$DOVECOT_IMAP" 'alice secret' PLAIN
is 'without TLS where that was asked for' "$STATUS" 0
like 'capabilities of after the login' "$(head -1 "$OUT")" 'UIDPLUS'
log_in imap starttls "$DOVECOT_IMAPS" 'alice secret'
is 'STARTTLS on a TLS port is 75' "$STATUS" 75
log_in imap implicit "$DOVECOT_IMAP" 'alice secret'
is 'TLS on a plain port is 75' "$STATUS" 75
like 'with a hint' "$(cat "$ERR")" 'is the port one for tls'
log_in imap implicit "$DOVECOT_IMAPS" 'alice secret' GSSAPI
is 'no mechanism in common is 77' "$STATUS" 77
run "$session" imap implicit localhost "$DOVECOT_IMAPS" /nonexistent alice x
is 'a ca-file that is not there is 78' "$STATUS" 78
log_in imap implicit "$DOVECOT_IMAPS" 'command:echo broken >&2; exit 3'
is 'a password-command that fails is 78' "$STATUS" 78
like 'with its own words' "$(cat "$ERR")" 'exit status 3: broken$'
free_port nobody
log_in imap implicit "$nobody" 'alice secret'
is 'nobody there is 75' "$STATUS" 75
like 'and says what' "$(cat "$ERR")" "^session: localhost:$nobody: cannot connect: Connection refused\$"

done_testing
