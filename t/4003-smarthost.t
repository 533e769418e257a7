#!/usr/bin/env bash
# The queue goes to a real smart host: STARTTLS and AUTH, one connection, a result for each
# recipient, bounces, pauses.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/postfix.sh"

smarthost_start
queue=$XDG_STATE_HOME/mailrail/queue

# configure PASSWORD TLS PORT [FURTHER]
configure() {
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
		relay: { hostname = "laptop.test", send = "manual" ${4:-} }
		smarthost: { default: { host = "localhost", port = $3, tls = "$2", user = "alice",
			password = "$1", ca-file = "$SMARTHOST_CA" } }
	EOF
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}
configure 'alice secret' starttls "$SMARTHOST_PORT"

# body FILE: what lies behind the header.
body() {
	sed '1,/^$/d' "$1"
}
one() {
	grep -lx "Delivered-To: $1" $(smarthost_received)
}

printf 'To: joe@x.test, bad@x.test\nCc: later@x.test\nBcc: jim@x.test\nSubject: mixed\n\n.\n..\n. x\nbody\n' |
	sendmail -t -i -f me@laptop.test
for i in $(seq 20); do
	printf 'Subject: many\n\n%s\n' "$i" | sendmail "many$i@x.test"
done
# Lines of Postfix (Exim logs none); the harness has looked whether somebody listens.
connections() {
	grep -c ' connect from' "$SMARTHOST_LOG"
}
before=$(connections)
exits 'a run that leaves something waiting' 75 mr-relay run
ok 'it says nothing' '[ ! -s "$OUT" ] && [ ! -s "$ERR" ]'
ok 'what was accepted arrives' 'smarthost_wait 22'
is 'lines of dots arrive as they were' "$(body "$(one joe@x.test)")" $'.\n..\n. x\nbody'
is 'the Bcc gets his' "$(one jim@x.test | wc -l)" 1
ok 'nobody sees him' '! grep -q "Bcc\|To:.*jim" "$(one joe@x.test)"'
[ "$SMARTHOST_KIND" = exim ] ||
	is 'over one connection' "$(($(connections) - before))" 1
ok 'under TLS' 'grep -q "^Received:.*\|TLS" "$(one joe@x.test)"'
is 'one message waits, and the bounce' "$(ls "$queue/queue" | wc -l)" 2
run mailq
like 'its reason is listed' "$(cat "$OUT")" '450 4\.2\.0 .*come back later'
unlike 'who has it is not' "$(cat "$OUT")" joe@x.test
run mr-relay run
ok 'the bounce arrives' 'smarthost_wait 23'
bounce=$(one me@laptop.test)
like 'its sender is null' "$(grep -i '^Return-Path' "$bounce")" '<>'
like 'it says who' "$(cat "$bounce")" 'Final-Recipient: rfc822; bad@x.test'
like 'and why' "$(cat "$bounce")" 'Status: 5.1.1'
like 'in the words of the server' "$(cat "$bounce")" 'Diagnostic-Code: smtp; 550 5.1.1 .*no such user'
unlike 'it names nobody else' "$(cat "$bounce")" 'Final-Recipient: rfc822; (joe|jim|later)'
like 'it answers nobody' "$(cat "$bounce")" 'Auto-Submitted: auto-replied'
like 'the header is returned' "$(cat "$bounce")" 'Subject: mixed'
run mr-relay run
is 'who was told to wait waits' "$(smarthost_received | wc -l)" 23

printf 'Subject: bounce of a bounce\n\n' | sendmail -f '' bad@x.test
run mr-relay run
is 'a null sender gets no bounce' "$(ls "$queue/failed" | wc -l)" 1
like 'it is told' "$(cat "$ERR")" 'neither be delivered nor returned'
mr-relay delete "$(ls "$queue/queue")"

# Lifetime: what waited too long is returned.
configure 'alice secret' implicit "$SMARTHOST_TLS_PORT" ', lifetime = "1s"'
printf 'Subject: old\n\n' | sendmail -f old@laptop.test later@x.test
sleep 1
run mr-relay run
run mr-relay run
ok 'too old: returned' 'smarthost_wait 24'
like 'with its own status' "$(cat "$(one old@laptop.test)")" 'Status: 4.4.7'
ok 'implicit TLS was used' 'grep -q "TLS" "$(one old@laptop.test)"'

# The account's fault is nobody's bounce.
configure wrong starttls "$SMARTHOST_PORT"
printf 'Subject: waits\n\n' | sendmail -f me@laptop.test joe@x.test
exits 'a wrong password' 77 mr-relay run
like 'is said' "$(cat "$ERR")" 'smart host default: .*535'
exits 'and the next time only by status' 77 mr-relay run
ok 'in silence' '[ ! -s "$ERR" ]'
is 'the message waits' "$(ls "$queue/queue" | wc -l)" 1
configure 'alice secret' starttls "$SMARTHOST_PORT"
exits 'the pause still holds' 77 mr-relay run
exits 'flush ends it' 0 mr-relay flush
ok 'and the mail arrives' 'smarthost_wait 25'
is 'the queue is empty' "$(mailq)" "Mail queue is empty"$'\n'"1 set aside in $queue/failed"

# In the background, and at once.
sed -i 's/send = "manual"/send = "auto"/' "$XDG_CONFIG_HOME/mailrail/config"
printf 'Subject: auto\n\n' | sendmail auto@x.test
ok 'a submission starts the runner' 'smarthost_wait 26'
ok 'which leaves when nothing is left' 'wait_for 10 "! pgrep -f $MR_BUILD/relay/mr-carrier"'
smarthost_stop
printf 'Subject: later\n\n' | sendmail auto2@x.test
ok 'without its host it stays' 'wait_for 5 "ls $queue/hosts/default"'
exits 'a second run is not stopped by it' 75 mr-relay run
rm -rf "$queue"
ok 'it leaves when its queue is gone' 'wait_for 10 "! pgrep -f $MR_BUILD/relay/mr-carrier"'
done_testing
