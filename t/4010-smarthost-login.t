#!/usr/bin/env bash
# Logging in to a real smart host: STARTTLS and implicit TLS, every mechanism it offers.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/postfix.sh"

smarthost_start
session=$MR_BUILD/t/fake/session

# log_in TLS PORT SECRET MECHANISM...
log_in() {
	local tls=$1 port=$2 secret=$3
	shift 3
	run "$session" smtp "$tls" localhost "$port" "$SMARTHOST_CA" alice "$secret" "$@"
}

mechanisms='PLAIN LOGIN CRAM-MD5'
[ "$SMARTHOST_KIND" != postfix ] || mechanisms="$mechanisms SCRAM-SHA-256"
while read -r tls port; do
	for mechanism in $mechanisms; do
		log_in "$tls" "$port" 'alice secret' "$mechanism"
		is "$tls $mechanism: logged in" "$STATUS" 0
		like "$tls $mechanism: the session works" "$(tail -1 "$OUT")" '^250 '
	done
	log_in "$tls" "$port" 'alice secret'
	is "$tls by the default order" "$STATUS" 0
	like "$tls: capabilities are known" "$(head -1 "$OUT")" '(^|[|])PIPELINING'
	log_in "$tls" "$port" wrong PLAIN
	is "$tls: a wrong password is 77" "$STATUS" 77
	like "$tls: in the server's words" "$(cat "$ERR")" ': 535 '
	run "$session" smtp "$tls" 127.0.0.1 "$port" "$SMARTHOST_CA" alice 'alice secret'
	is "$tls: a certificate for another name is 75" "$STATUS" 75
done <<-EOF
	starttls $SMARTHOST_PORT
	implicit $SMARTHOST_TLS_PORT
EOF

log_in none "$SMARTHOST_PORT" 'alice secret' PLAIN
is 'a server that offers AUTH under TLS only is 77 without it' "$STATUS" 77
run "$session" smtp none localhost "$SMARTHOST_PORT" - '' ''
is 'without a user no login is tried' "$STATUS" 0

done_testing
