#!/usr/bin/env bash
# The scripted peer: every word of its transcripts, seen from a client.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

# Sends standard input, prints all that comes until the peer closes.
plain() {
	perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new("127.0.0.1:" . shift) or die "connect: $!\n";
		print $s join "", <STDIN>;
		$s->flush;
		local $/;
		my $all = <$s>;
		print $all // ""' "$PEER_PORT"
}
secure() {
	openssl s_client -quiet -crlf -CAfile "$PEER_CA" -verify_return_error \
		-verify_hostname localhost -connect "127.0.0.1:$PEER_PORT" "$@" 2>"$ERR"
}

printf 'one\n.two\n' >"$TEST_HOME/message"
start_peer words - <<EOF
S: hello \\x41\\\\
answer (\\S+) NOOP
  S: %1 OK nothing
end
C: (\\S+) LOGIN (\\S+)
S- * %TAG% %2
S: |%1
repeat 2
  S: round %I%
end
file $TEST_HOME/message dot
literal $TEST_HOME/message 7
bytes 10
C* x LAST
EOF
said=$(printf 'a NOOP\r\nb login me\r\nc WHAT\r\nx LAST\r\n' | plain | tr -d '\r')
is 'the words of a transcript' "$said" 'hello A\
a OK nothing
* b me|b
round 1
round 2
one
..two
{18}
one
.two
0123456789'
like 'the wire log has both sides' "$(wire)" 'S: hello A.*C: a NOOP.*C: b login me.*C: c WHAT'
ok 'no line was unexpected' wire_ok

start_peer strict - <<'EOF'
S: hi
C: GOOD
S: fine
EOF
said=$(printf 'BAD\r\n' | plain | tr -d '\r')
is 'an unexpected line ends the connection' "$said" hi
ok 'and is an error in the log' '! wire_ok'
is 'another connection plays it again' "$(printf 'good\r\n' | plain | tr -d '\r')" $'hi\nfine'

echo 'S: first' >"$TEST_HOME/t1"
echo 'S: second' >"$TEST_HOME/t2"
start_peer order "$TEST_HOME/t1" "$TEST_HOME/t2"
is 'transcripts in order, the last for ever' \
	"$(for i in 1 2 3; do plain </dev/null; done | tr -d '\r' | tr '\n' ' ')" \
	'first second second '

start_peer pace - <<'EOF'
drip 20
S: 12345678
drip 0
stall 0.3
S: end
drop
EOF
start=${EPOCHREALTIME/./}
is 'dripped bytes arrive whole' "$(plain </dev/null | tr -d '\r')" $'12345678\nend'
ok 'and take their time' '[ $((${EPOCHREALTIME/./} - start)) -gt 450000 ]'

start_peer held - <<'EOF'
hold
S: one
S: two
flush
C: go
split 3
S: abcdefg
reset
EOF
said=$(perl -MIO::Socket::INET -e '
	my $s = IO::Socket::INET->new("127.0.0.1:" . shift) or die;
	sysread $s, my $first, 100;
	syswrite $s, "go\r\n";
	select undef, undef, undef, 0.3;
	1 while sysread $s, my $more, 100;
	printf "%d %s", length $first, $!{ECONNRESET} ? "reset" : "end"' "$PEER_PORT")
is 'hold sends in one write, reset resets' "$said" '10 reset'

start_peer smtp - <<'EOF'
S: 220 me
C: EHLO (.*)
hold
S: 250-hello %1
S: 250 STARTTLS
flush
C: STARTTLS
S: 220 go
tls
C: DATA
S: 354 go on
data
S: 250 done
C: QUIT
EOF
said=$( { printf 'DATA\na\nb\n.\nQUIT\n'; sleep 0.3; } | secure -starttls smtp)
like 'STARTTLS, then data to the lone dot' "$said" '354 go on.*250 done'
ok 'the log tells when TLS began' 'wire | grep -q "^-- tls$"'

ca_sign "$TEST_HOME/peer-ca" late localhost -1
PEER_CERT=$TEST_HOME/peer-ca/late.pem
start_peer imaps - <<'EOF'
tls
S: * OK hi
EOF
secure </dev/null >"$OUT"
like 'a certificate that has run out is refused by openssl' "$(cat "$ERR")" 'expired'

echo 'nonsense' >"$TEST_HOME/t3"
ok 'a transcript with an unknown word is an error' \
	'! perl "$MR_TOP/t/fake/peer" --port-file "$TEST_HOME/p" --wire "$TEST_HOME/w" "$TEST_HOME/t3"'
done_testing
