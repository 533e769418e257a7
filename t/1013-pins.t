#!/usr/bin/env bash
# Servers known by their fingerprint: pins beside the authorities or alone, the key of the
# first use; certificates whose names lie. Whoever is refused gets the handshake, no more.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"

dovecot_start
config=$XDG_CONFIG_HOME/mailrail/config
known=$XDG_STATE_HOME/mailrail/known-servers

# check LINES: what comes of an account with these settings
check() {
	printf 'account: { a: { user = "alice"; password = "alice secret"; timeout = "10s"
		%s } }\n' "$*" >"$config"
	chmod 600 "$config"
	run mr-fetch check
}
key_pin() {
	printf sha256:
	openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform der |
		openssl dgst -sha256 -binary | base64
}
cert_pin() {
	echo "cert-sha256:$(openssl x509 -in "$1" -noout -fingerprint -sha256 | cut -d= -f2)"
}
key=$(key_pin "$DOVECOT_DIR/ca/server.crt")
certificate=$(cert_pin "$DOVECOT_DIR/ca/server.crt")
other=$(key_pin "$DOVECOT_CA")
ca="ca-file = \"$DOVECOT_CA\""

while read -r tls port; do
	local="host = \"localhost\"; tls = \"$tls\"; port = $port"
	alone="$local; trust = \"pin\"; pins ="
	check "$alone \"$key\""
	is "$tls: pinned key, no authority" "$STATUS" 0
	check "$alone [ \"$other\", \"$certificate\" ]"
	is "$tls: pinned certificate, the second of two" "$STATUS" 0
	check "host = \"127.0.0.1\"; tls = \"$tls\"; port = $port; trust = \"pin\"; pins = \"$key\""
	is "$tls: then the name does not matter" "$STATUS" 0
	check "$alone \"$other\""
	is "$tls: another key: 75" "$STATUS" 75
	like "$tls: it says which" "$(cat "$ERR")" \
		"not trusted: neither key nor certificate is one of the pins; the key is ${key//+/.}"
	check "$local; $ca; pins = \"$key\""
	is "$tls: authority and pin" "$STATUS" 0
	check "$local; $ca; pins = \"$other\""
	is "$tls: authority without the pin: 75" "$STATUS" 75
	check "$local; pins = \"$key\""
	is "$tls: pin without the authority: 75" "$STATUS" 75
	like "$tls: it says so" "$(cat "$ERR")" 'not trusted: .*issuer'
	check "host = \"127.0.0.1\"; tls = \"$tls\"; port = $port; $ca; pins = \"$key\""
	is "$tls: pin and authority, but the wrong name: 75" "$STATUS" 75

	first="$local; trust = \"first-use\""
	check "$first"
	is "$tls: first use" "$STATUS" 0
	is "$tls: told once" "$(cat "$ERR")" "mr-fetch: localhost:$port: its key $key is trusted \
from now on: $known/localhost:$port"
	is "$tls: for us only" "$(stat -c '%a %n' "$known"/*:"$port")" "600 $known/localhost:$port"
	check "$first"
	is "$tls: second use" "$STATUS" 0
	is "$tls: quiet" "$(cat "$ERR")" ''
	sed -i "s|^sha256:.*|$other|" "$known/localhost:$port"
	check "$first"
	is "$tls: the key is another now: 75" "$STATUS" 75
	like "$tls: both, the file, and what to do" "$(cat "$ERR")" \
		"the key is ${key//+/.}, but at first it was ${other//+/.}; if .*, remove $known/localhost:$port\$"
	echo nonsense >"$known/localhost:$port"
	check "$first"
	is "$tls: a damaged file is no first use: 78" "$STATUS" 78
	is "$tls: and stays" "$(cat "$known/localhost:$port")" nonsense
done <<-EOF
	implicit $DOVECOT_IMAPS
	starttls $DOVECOT_IMAP
EOF
is 'nothing else lies there' "$(ls -A "$known" | wc -l)" 2

# peer LABEL SETTINGS: refused, with nothing sent in TLS but the handshake
start_peer first - <<<any && stop_peer
authority=${PEER_CA%/*}
capable='S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS
S: %TAG% OK done
C: \S+ STARTTLS
S: %TAG% OK go ahead'
peers=0
refused() {
	local label=$1 tls before
	for tls in implicit starttls; do
		peers=$((peers + 1))
		before=
		[ $tls = implicit ] || before=$capable$'\n'
		start_peer "peer$peers" - <<<"${before}tls"$'\n'any
		printf '%s\n' "$other" >"$known/localhost:$PEER_PORT"
		check "host = \"localhost\"; port = $PEER_PORT; tls = \"$tls\"; $2"
		is "$tls: $label: 75" "$STATUS" 75
		like "$tls: $label: it says so" "$(cat "$ERR")" 'its certificate is not trusted'
		unlike "$tls: $label: no control character" "$(cat "$ERR")" $'\e'
		is "$tls: $label: no login" \
			"$(wire | grep -a '^C:' | grep -acivE 'CAPABILITY|STARTTLS')" 0
		stop_peer
	done
}
refused 'a changed key' 'trust = "first-use"'
refused 'a wrong pin' "trust = \"pin\"; pins = \"$other\""

# liar FILE COMMON-NAME: signed by the authority, without other names
liar() {
	perl -MIO::Socket::SSL::Utils -e '
		my ($dir, $file, $name) = @ARGV;
		$name =~ s/\\0/\0/; $name =~ s/\\e/\e/;
		my ($cert, $key) = CERT_create(subject => { commonName => $name },
			issuer_cert => PEM_file2cert("$dir/ca.pem"),
			issuer_key => PEM_file2key("$dir/ca.key"), purpose => "server");
		open my $out, ">", "$dir/$file.pem" or die;
		print $out PEM_cert2string($cert), PEM_key2string($key);' "$authority" "$@"
}
liar nul 'localhost\0.evil.example' && liar escape 'evil\e[2Jé.example'
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=evil.example' \
	-keyout "$authority/san.key" -out "$authority/san.csr" 2>/dev/null
# SEQUENCE of 21 bytes, dNSName of 19: "localhost", NUL, ".evil.xyz"
openssl x509 -req -in "$authority/san.csr" -CA "$PEER_CA" -CAkey "$authority/ca.key" \
	-set_serial 7 -out "$authority/san.crt" -extfile <(printf 'subjectAltName=DER:30:15:82:13:%s' \
		'6c:6f:63:61:6c:68:6f:73:74:00:2e:65:76:69:6c:2e:78:79:7a') 2>/dev/null
cat "$authority/san.crt" "$authority/san.key" >"$authority/san.pem"
ok 'there are names with NUL' \
	'openssl x509 -in "$authority/nul.pem" -noout -subject | grep -qF "localhost\\00.evil" &&
	openssl x509 -in "$authority/san.pem" -outform der | grep -qaP "localhost\x00.evil"'
for name in nul san escape; do
	PEER_CERT=$authority/$name.pem
	refused "$name" "ca-file = \"$PEER_CA\""
done
unset PEER_CERT

# useless LABEL REGEX SETTINGS: 78, before anything is contacted
start_peer untouched - <<<any
useless() {
	check "host = \"localhost\"; port = $PEER_PORT; $3"
	is "$1: 78" "$STATUS" 78
	like "$1: with its place" "$(cat "$ERR")" "config:1: .*$2"
}
useless 'pin without pins' 'without pins' 'trust = "pin"'
useless 'pins of first use' 'first-use' "trust = \"first-use\"; pins = \"$key\""
useless 'authority and pins alone' 'trust = "ca" only' \
	"trust = \"pin\"; pins = \"$key\"; ca-file = \"$PEER_CA\""
useless 'a pin that is none' '"md5:00" is no fingerprint' 'pins = "md5:00"'
useless 'pins without TLS' 'pins has no meaning' "tls = \"none\"; pins = \"$key\""
useless 'first use without TLS' 'trust has no meaning' 'tls = "none"; trust = "first-use"'
unlike 'nobody was asked' "$(wire)" 'connect'

done_testing
