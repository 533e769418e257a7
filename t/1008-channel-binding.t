#!/usr/bin/env bash
# SCRAM bound to the TLS connection: with TLS 1.3 and 1.2, and against somebody in between.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/ca.sh"

session=$MR_BUILD/t/fake/session
ca=$TEST_HOME/ca
ca_make "$ca" && ca_sign "$ca" server localhost || bail_out 'openssl makes no certificate'

# against [OPTIONS] -- [MECHANISMS]: logs in to such a server
against() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -f "$TEST_HOME/port"
	spawn server perl "$MR_TOP/t/fake/scram-imap" --port-file "$TEST_HOME/port" \
		--cert "$ca/server.pem" "${options[@]}"
	wait_for 10 '[ -s "$TEST_HOME/port" ]' || bail_out 'the server does not start'
	run "$session" imap implicit localhost "$(cat "$TEST_HOME/port")" "$ca/ca.pem" alice \
		"$secret" "$@"
	end_pid "$PID"
	said=$(cat "$TEST_HOME/server.log")
}

secret=pencil
against --
is 'TLS 1.3: logged in' "$STATUS" 0
is 'bound by tls-exporter' "$said" $'p=tls-exporter,,\nbound'
against --tls 1.2 --
is 'TLS 1.2: logged in' "$STATUS" 0
is 'bound by tls-unique' "$said" $'p=tls-unique,,\nbound'
for tls in 1.2 1.3; do
	against --tls $tls --other --
	is "TLS $tls, somebody in between: 77" "$STATUS" 77
	like "TLS $tls: refused for that" "$said" $'\nbound to another connection$'
	like "TLS $tls: it says by which mechanism" "$(cat "$ERR")" '\(SCRAM-SHA-256-PLUS\)$'
	is "TLS $tls: nothing weaker is tried" "$(grep -c ,, <<<"$said")" 1
done
secret=wrong
against --
is 'a wrong password: 77' "$STATUS" 77
is 'nothing weaker is tried' "$said" $'p=tls-exporter,,\nwrong password'
secret=pencil
against --offer SCRAM-SHA-256 --
is 'a server that cannot bind' "$STATUS" 0
is 'hears that we could' "$said" $'y,,\nunbound'
against -- SCRAM-SHA-256
is 'binding passed over by "auth"' "$STATUS" 0
is 'is no downgrade' "$said" $'n,,\nunbound'

done_testing
