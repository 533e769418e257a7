#!/usr/bin/env bash
# What a bad smart host does to the queue: nothing is lost, nothing is returned that was the
# host's fault, and no message can speak SMTP.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

queue=$XDG_STATE_HOME/mailrail/queue
hello='S: 220 peer
C: EHLO
S: 250-peer
S: 250 PIPELINING
C: EHLO
S: 250-peer
S: 250 PIPELINING'
take='C: MAIL
C: RCPT
C: DATA
S: 250 sender
S: 250 recipient
S: 354 go on
data'

# against NAME TLS LINES [LINES...]: a fresh queue with two messages, a peer whose nth
# connection plays the nth LINES, and one run: STATUS, ERR.
against() {
	local name=$1 tls=$2 n=0 files=()
	shift 2
	for lines; do
		n=$((n + 1))
		printf '%s\n' "$lines" >"$TEST_HOME/$name.t$n"
		files+=("$TEST_HOME/$name.t$n")
	done
	start_peer "$name" "${files[@]}"
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
		relay: { hostname = "laptop.test", send = "manual" }
		smarthost: { default: { host = "127.0.0.1", port = $PEER_PORT, tls = "$tls",
			timeout = "3s" } }
	EOF
	rm -rf "$queue"
	printf 'Subject: first\n\nbody\n' | sendmail -f me@x.test one@x.test
	printf 'Subject: second\n\nbody\n' | sendmail -f me@x.test two@x.test
	run mr-relay run
}
waiting() {
	grep -hx 'to .*' "$queue/queue/"* 2>/dev/null | sort | tr '\n' ' '
}
both='to one@x.test to two@x.test '

host_fault() {
	local label=$1 status=$2
	is "$label: status" "$STATUS" "$status"
	is "$label: said once" "$(wc -l <"$ERR")" 1
	is "$label: both wait, none is returned" "$(waiting)" "$both"
	is "$label: one connection for both" "$(wire | grep -c '^-- connect')" 1
	ok "$label: no message was begun" '! wire | grep -q "^C: MAIL"'
}
against greeting554 none 'S: 554 no service'
host_fault 'greeting 554' "$STATUS"
like 'greeting 554: the status is one of the host' "$STATUS" '^7[567]$'
against greeting421 none 'S: 421 too busy'
host_fault 'greeting 421' 75
against stripped starttls 'S: 220 peer
C: EHLO
S: 250 peer
C* .*'
host_fault 'STARTTLS is not offered' 75
against silent none 'stall 30'
host_fault 'a silent server' 75
against nonsense none 'S: hello there' ''
like 'a greeting that is none: status' "$STATUS" '^7[56]$'
is 'a greeting that is none: both wait' "$(waiting)" "$both"

against before none "$hello
C: MAIL
C: RCPT
C: DATA
S: 250 sender
S: 250 recipient
S: 354 go on
drop"
is 'dropped before the dot: all wait' "$STATUS,$(waiting)" "75,$both"

against after none "$hello
$take
drop" "$hello
$take
S: 250 taken
$take
S: 250 taken
C: QUIT"
is 'dropped behind the dot: it waits' "$(waiting | grep -c one@x.test)" 1
run mailq
like 'it may come twice, and the list says so' "$(cat "$OUT")" 'may make a duplicate'
run mr-relay flush
is 'the next run sends it' "$(waiting)" ''
ids=$(wire | grep -a -A9 'Subject: first' | grep -ai '^C: Message-ID' | sort -u | wc -l)
is 'under the same Message-ID' "$ids" 1

against tired none "$hello
$take
S: 250 taken
C: MAIL
S: 421 enough for one connection" "$hello
$take
S: 250 taken
C: QUIT"
is '421 behind a message: the next goes over a new connection' "$STATUS,$(waiting)" '0,'
ok 'as the protocol has it' 'wire_ok'

against dot4 none "$hello
$take
S: 451 4.3.0 try later
$take
S: 554 5.6.0 I do not like it
C: QUIT"
is '451 to the dot waits, 554 is returned' "$(waiting)" 'to me@x.test to one@x.test '
like 'with its status' "$(cat "$queue/content/"*)" 'Status: 5.6.0'

against unasked none "$hello
C: MAIL
hold
S: 250 sender
S: 250 recipient
S: 354 go on
S: 250 all yours
flush
C* .*"
is 'replies that nobody asked for: all wait' "$(waiting)" "$both"

# A server's words reach terminal, queue and bounce as printable ASCII.
against escape none "$hello
C: MAIL
C: RCPT
C: DATA
S: 250 sender
S: 550-5.1.1 \x1b[2J\x00\xff
S: 550 5.1.1 \rbcc: x\x07
S: 503 no
C: RSET
S: 250 ok
$take
S: 250 ok
C: QUIT"
is 'the bounce is queued' "$(waiting)" 'to me@x.test '
ok 'nothing but text is stored' '! LC_ALL=C grep -lP "[^\n\t -~]" "$queue"/{queue,content}/*'
ok 'no field of the server enters the bounce' '! grep -qi "^bcc" "$queue/content/"*'

# Bodies that try to end DATA: the peer takes every line outside of it for a command.
start_peer smuggle - <<EOF
$hello
repeat 9
C: MAIL FROM:<me@x\.test>
C: RCPT TO:<one@x\.test>
C: DATA
S: 250 sender
S: 250 recipient
S: 354 go on
data
S: 250 taken
end
C: QUIT
EOF
sed -i "s/port = [0-9]*/port = $PEER_PORT/" "$XDG_CONFIG_HOME/mailrail/config"
rm -rf "$queue"
evil='MAIL FROM:<evil@x>\r\nRCPT TO:<victim@x>\r\nDATA\r\nevil\r\n.\r\n'
for end in '\n.\n' '\n.\r\n' '\r.\r\n' '\r\n.\r' '\r\n.\n' '\r.\r' '\r\n.\r\n' '\n..\n.\n'; do
	# shellcheck disable=SC2059
	printf "Subject: x\n\na$end$evil" | sendmail -i -f me@x.test one@x.test
done
{ printf 'Subject: x\n\n'; head -c 65521 /dev/zero | tr '\0' a; printf '\n.\n%b' "$evil"; } |
	sendmail -i -f me@x.test one@x.test
exits 'all of them are sent' 0 mr-relay run
ok 'none spoke SMTP: every line was data or ours' wire_ok
is 'nine transactions, no more' "$(wire | grep -ac '^S: 354')" 9
done_testing
