#!/usr/bin/env bash
# TLS as an account describes it: authorities, another name, the oldest version, our own
# certificate; each with implicit TLS and STARTTLS. What is not good enough gets no login.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"

ours=$TEST_HOME/ours
ca_make "$ours" && ca_sign "$ours" alice alice && ca_sign "$ours" bob bob ||
	bail_out 'openssl makes no certificate'
dovecot_start "
auth_mechanisms = plain external
ssl_verify_client_cert = yes
ssl_ca = <$ours/ca.pem
ssl_require_crl = no
auth_ssl_username_from_cert = yes
ssl_cert_username_field = commonName
passdb {
  driver = static
  mechanisms = external
  args = nopassword=y
}"
config=$XDG_CONFIG_HOME/mailrail/config

# check LINES: what comes of an account with these settings
check() {
	printf 'account: { a: { user = "alice"; timeout = "10s"; %s } }\n' "$*" >"$config"
	chmod 600 "$config"
	run mr-fetch check
}
password='password = "alice secret"'
trusted="$password; ca-file = \"$DOVECOT_CA\""

mkdir "$TEST_HOME/hashed" "$TEST_HOME/empty"
cp "$DOVECOT_CA" "$TEST_HOME/hashed/$(openssl x509 -noout -hash -in "$DOVECOT_CA").0"
while read -r tls port; do
	local="host = \"localhost\"; tls = \"$tls\"; port = $port"
	check "$local; $trusted"
	is "$tls: ca-file" "$STATUS" 0
	check "$local; $password; ca-dir = \"$TEST_HOME/hashed\""
	is "$tls: ca-dir" "$STATUS" 0
	check "$local; $password; ca-dir = \"$TEST_HOME/empty\""
	is "$tls: no authority in ca-dir: 75" "$STATUS" 75
	check "$local; $password; ca-file = \"$ours/ca.pem\""
	is "$tls: the wrong authority: 75" "$STATUS" 75
	like "$tls: it says so" "$(cat "$ERR")" 'certificate is not trusted: .*issuer'
	check "host = \"127.0.0.1\"; tls = \"$tls\"; port = $port; $trusted"
	is "$tls: the wrong name: 75" "$STATUS" 75
	check "host = \"127.0.0.1\"; tls = \"$tls\"; port = $port; $trusted
		tls-name = \"localhost\""
	is "$tls: tls-name" "$STATUS" 0
	check "$local; $trusted; tls-name = \"other.example\""
	is "$tls: a tls-name that the certificate does not bear: 75" "$STATUS" 75
	check "$local; $trusted; tls-min = \"1.3\""
	is "$tls: tls-min 1.3 from a server of today" "$STATUS" 0
	external="$local; ca-file = \"$DOVECOT_CA\"; auth = [ \"EXTERNAL\" ]"
	check "$external; cert-file = \"$ours/alice.crt\"; key-file = \"$ours/alice.key\""
	is "$tls: logged in by certificate" "$STATUS" 0
	check "$external; cert-file = \"$ours/alice.pem\""
	is "$tls: with the key in the same file" "$STATUS" 0
	check "$external; cert-file = \"$DOVECOT_DIR/ca/server.pem\""
	ok "$tls: not by a certificate of strangers" '[ "$STATUS" = 75 ] || [ "$STATUS" = 77 ]'
done <<-EOF
	implicit $DOVECOT_IMAPS
	starttls $DOVECOT_IMAP
EOF

# peer LABEL TLS-LINES SETTINGS: a peer on 127.0.0.1; PEER_CERT says what it shows
peers=0
peer() {
	peers=$((peers + 1))
	start_peer "peer$peers" - <<<"$1"
	check "host = \"127.0.0.1\"; port = $PEER_PORT; $password; ca-file = \"$PEER_CA\"; $2"
}
secret='YWxpY2U|alice|LOGIN|AUTHENTICATE'
greeting='S: * BYE enough was seen
any'
capable='S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS
S: %TAG% OK done
C: \S+ STARTTLS
S: %TAG% OK go ahead'
start_peer first - <<<any && stop_peer
ca_sign "${PEER_CA%/*}" named mail.example.test
ca_sign "${PEER_CA%/*}" old localhost -1
for tls in implicit starttls; do
	before=
	[ $tls = implicit ] || before=$capable$'\n'
	local="tls = \"$tls\"; tls-name = \"localhost\""
	peer "${before}tls 1.2"$'\n'"$greeting" "$local; tls-min = \"1.3\""
	is "$tls: tls-min 1.3, a server of 1.2: 75" "$STATUS" 75
	like "$tls: it says so" "$(cat "$ERR")" 'no TLS that is new enough'
	like "$tls: it did not come to TLS" "$(wire)" 'tls failed'
	peer "${before}tls 1.2"$'\n'drop "$local"
	ok "$tls: TLS 1.2 is good by default" 'wire | grep -qx -- "-- tls"'
	PEER_CERT=${PEER_CA%/*}/named.pem
	peer "${before}tls name"$'\n'drop "tls = \"$tls\"; tls-name = \"mail.example.test\""
	ok "$tls: tls-name is asked for, too" 'wire | grep -qx -- "-- name mail.example.test"'
	PEER_CERT=${PEER_CA%/*}/old.pem
	peer "${before}tls"$'\n'any "$local"
	is "$tls: a certificate that has ended: 75" "$STATUS" 75
	like "$tls: it says so" "$(cat "$ERR")" 'not trusted: .*expired'
	unlike "$tls: nothing was sent to it" "$(wire | grep -a '^C:')" "$secret"
	unset PEER_CERT
done

# refused LABEL REGEX SETTINGS: 78, before anything is contacted
start_peer untouched - <<<any
refused() {
	local label=$1 regex=$2
	shift 2
	check "host = \"localhost\"; port = $PEER_PORT; $password; $*"
	is "$label: 78" "$STATUS" 78
	like "$label: with its place" "$(cat "$ERR")" "config:1: .*$regex"
}
cp "$ours/alice.key" "$ours/open.key" && chmod 644 "$ours/open.key"
openssl ec -aes128 -passout pass:x -in "$ours/alice.key" -out "$ours/locked.key" 2>/dev/null
refused 'ca-file is not there' 'ca-file .*No such file' "ca-file = \"$ours/none\""
refused 'ca-dir is a file' 'it is no directory' "ca-dir = \"$ours/ca.pem\""
refused 'cert-file is not there' 'cert-file .*No such file' "cert-file = \"$ours/none\""
refused 'cert-file is none' 'holds no certificate' "cert-file = \"$ours/alice.key\""
refused 'cert-file without key' 'holds no private key' "cert-file = \"$ours/alice.crt\""
refused 'another key' 'key of another' \
	"cert-file = \"$ours/alice.crt\"; key-file = \"$ours/bob.key\""
refused 'a key for everybody' 'read by everybody' \
	"cert-file = \"$ours/alice.crt\"; key-file = \"$ours/open.key\""
refused 'a key under a passphrase' 'passphrase' \
	"cert-file = \"$ours/alice.crt\"; key-file = \"$ours/locked.key\""
refused 'key-file alone' 'without cert-file' "key-file = \"$ours/alice.key\""
refused 'a tls-name that is none' 'tls-name' 'tls-name = "a b"'
refused 'a version without TLS' 'no meaning' 'tls = "none"; tls-min = "1.3"'
unlike 'nobody was asked' "$(wire)" 'connect'

done_testing
