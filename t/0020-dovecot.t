#!/usr/bin/env bash
# The private Dovecot: all four ports, every mechanism, fill and count.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"

dovecot_start
printf 'Subject: one\n\nbody\n' >"$TEST_HOME/1"
printf 'Subject: two\n\nbody\n' >"$TEST_HOME/2"
dovecot_fill alice INBOX "$TEST_HOME/1" "$TEST_HOME/2"
dovecot_fill alice lists/c "$TEST_HOME/1"

is 'two messages are in the inbox' "$(dovecot_count alice INBOX)" 2
is 'one is in the subfolder' "$(dovecot_count alice lists/c)" 1
is 'none is in the inbox of bob' "$(dovecot_count bob INBOX)" 0

# curl is not among the things that tests need, openssl is: s_client speaks for us.
talk() {
	local port=$1
	shift
	openssl s_client -quiet -verify_return_error -CAfile "$DOVECOT_CA" \
		-verify_hostname localhost -crlf -connect "127.0.0.1:$port" "$@" 2>"$ERR"
}
imap() {
	{ printf 'a %s\nb STATUS INBOX (MESSAGES)\nc STATUS lists/c (MESSAGES)\nd LOGOUT\n' "$1"
	  sleep 0.5; } | talk "$DOVECOT_IMAPS"
}
plain=$(printf '\0alice\0alice secret' | base64 -w0)
token=$(printf 'user=alice\001auth=Bearer %s\001\001' "$(dovecot_token alice)" | base64 -w0)
said=$(imap "AUTHENTICATE PLAIN $plain")
like 'IMAPS logs in by PLAIN' "$said" 'a OK'
like 'the inbox is served' "$said" 'INBOX \(MESSAGES 2\)'
like 'the subfolder is served' "$said" 'lists/c.* \(MESSAGES 1\)'
like 'XOAUTH2 takes a token' "$(imap "AUTHENTICATE XOAUTH2 $token")" 'a OK'
like 'a wrong token is refused' \
	"$(imap "AUTHENTICATE XOAUTH2 $(printf 'user=alice\001auth=Bearer x\001\001' | base64 -w0)")" \
	'\+ eyJ'
like 'a wrong password is refused' "$(imap 'LOGIN alice wrong')" 'a NO'

said=$( { echo 'a LOGOUT'; sleep 0.3; } | talk "$DOVECOT_IMAP" -starttls imap)
like 'STARTTLS on the IMAP port' "$said" 'a OK'
said=$( { printf 'USER alice\nPASS alice secret\nSTAT\nQUIT\n'; sleep 0.5; } |
	talk "$DOVECOT_POP3S")
like 'POP3S serves the inbox' "$said" 'OK 2 '
said=$( { printf 'CAPA\nQUIT\n'; sleep 0.3; } | talk "$DOVECOT_POP3" -starttls pop3)
like 'STLS on the POP3 port' "$said" 'SASL.*SCRAM-SHA-256'
like 'POP3 offers PIPELINING' "$said" 'PIPELINING'

dovecot_stop
ok 'after dovecot_stop nobody listens' '! bash -c ": </dev/tcp/127.0.0.1/$DOVECOT_IMAP"'
dovecot_start
ok 'it starts again on the same port' 'bash -c ": </dev/tcp/127.0.0.1/$DOVECOT_IMAP"'
is 'the mail is still there' "$(dovecot_count alice INBOX)" 2
done_testing
