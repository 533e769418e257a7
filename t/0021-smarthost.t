#!/usr/bin/env bash
# The private smart hosts, both kinds that this user can run: they keep one contract.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

# One session. A line waits for the answer before it only by the clock: neither server minds.
talk() {
	local port=$1 line
	shift
	{
		for line; do
			printf '%b\n' "$line"
			sleep 0.2
		done
		sleep 0.2
	} | openssl s_client -quiet -crlf -CAfile "$SMARTHOST_CA" -verify_return_error \
		-verify_hostname localhost -connect "127.0.0.1:$port" \
		$([ "$port" = "$SMARTHOST_PORT" ] && echo -starttls smtp) 2>"$ERR"
}

kinds=exim
[ "$(id -u)" != 0 ] || kinds='postfix exim'
for SMARTHOST_KIND in $kinds; do
	SMARTHOST_DIR=$TEST_HOME/$SMARTHOST_KIND
	. "$MR_TOP/t/lib/postfix.sh"
	smarthost_start
	plain=$(printf '\0alice\0alice secret' | base64 -w0)
	said=$(talk "$SMARTHOST_PORT" 'EHLO me' 'MAIL FROM:<a@example.org>' 'RCPT TO:<b@example.org>' QUIT)
	like "$SMARTHOST_KIND: AUTH is offered under STARTTLS" "$said" 'AUTH.*CRAM-MD5'
	like "$SMARTHOST_KIND: nothing is relayed for strangers" "$said" '554 5.7.1'
	said=$(talk "$SMARTHOST_TLS_PORT" 'EHLO me' "AUTH PLAIN $plain" 'MAIL FROM:<a@example.org>' \
		'RCPT TO:<bad@example.org>' 'RCPT TO:<policy@example.org>' \
		'RCPT TO:<later@example.org>' 'RCPT TO:<full@example.org>' \
		'RCPT TO:<joe@example.org>' 'RCPT TO:<jim@example.org>' \
		DATA 'Subject: hello\n\nbody\n.' QUIT)
	like "$SMARTHOST_KIND: implicit TLS and a login" "$said" '235 '
	like "$SMARTHOST_KIND: bad@ gets 550" "$said" '550 5.1.1'
	like "$SMARTHOST_KIND: policy@ gets 554" "$said" '554 5.7.1'
	like "$SMARTHOST_KIND: later@ gets 450" "$said" '450 4.2.0'
	like "$SMARTHOST_KIND: full@ gets 452" "$said" '452 4.2.2'
	ok "$SMARTHOST_KIND: two messages arrive" 'smarthost_wait 2'
	ok "$SMARTHOST_KIND: each names its recipient" \
		'cat $(smarthost_received) | grep -q "^Delivered-To: jim@example.org"'
	ok "$SMARTHOST_KIND: and its sender" \
		'cat $(smarthost_received) | grep -iq "^Return-Path: <a@example.org>"'
	said=$(talk "$SMARTHOST_PORT" 'EHLO me' "AUTH PLAIN $(printf '\0alice\0no' | base64)" QUIT)
	like "$SMARTHOST_KIND: a wrong password is refused" "$said" '535 '
	smarthost_stop
	ok "$SMARTHOST_KIND: after smarthost_stop nobody listens" \
		'! bash -c ": </dev/tcp/127.0.0.1/$SMARTHOST_PORT"'
done
done_testing
