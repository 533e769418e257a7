#!/usr/bin/env bash
# The runner is killed at its system calls, then run again: every message arrives, once, but
# for the window between the server's 250 and our note of it, which is told.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

start_peer host - <<'EOF'
S: 220 peer
C: EHLO
S: 250-peer
S: 250 PIPELINING
C: EHLO
S: 250-peer
S: 250 PIPELINING
repeat 100
C: MAIL
C: RCPT
C: DATA
S: 250 sender
S: 250 recipient
S: 354 go on
data
S: 250 taken
end
EOF
cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
	relay: { hostname = "laptop.test", send = "manual" }
	smarthost: { default: { host = "127.0.0.1", port = $PEER_PORT, tls = "none" } }
EOF
queue=$XDG_STATE_HOME/mailrail/queue
carrier=$MR_BUILD/relay/mr-carrier
mails=0

# mail_one: queues the message X-Number: $mails.
mail_one() {
	mails=$((mails + 1))
	printf 'X-Number: %s.\n\nbody\n' "$mails" | sendmail -f me@x.test to@x.test
}

# The calls of a run of two messages, from its first look at the queue on: name and how
# often it came before.
mail_one
mail_one
strace -f -qq -y -o "$TEST_HOME/trace" "$carrier" run 2>"$ERR"
is 'both are sent' "$(ls "$queue/queue")" ''
first=$(grep -nF "$queue" "$TEST_HOME/trace" | head -1 | cut -d: -f1)
sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$TEST_HOME/trace" |
	awk -v first="$first" '{ n = ++seen[$1] } NR >= first { print $1, n }' >"$TEST_HOME/calls"
step=$(($(wc -l <"$TEST_HOME/calls") / 80 + 1))
killed=0
while read -r call n; do
	mail_one
	mail_one
	strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$n" \
		"$carrier" run 2>>"$TEST_HOME/told" || killed=$((killed + 1))
	mr-relay flush 2>>"$TEST_HOME/told"
done 2>/dev/null < <(awk -v step="$step" 'NR % step == 0' "$TEST_HOME/calls")
diag "killed $killed times at every ${step}th of $(wc -l <"$TEST_HOME/calls") calls"

ok 'some were killed' '[ "$killed" -gt 30 ]'
ok 'nothing is left in the queue' '[ -z "$(ls "$queue/queue")" ]'
# Killed between the two unlinks, a content stays without its envelope until it is old.
find "$queue/content" -type f -exec touch -d '2 days ago' {} +
run "$carrier" run
ok 'content that lost its envelope is swept' '[ -z "$(ls "$queue/content")" ]'
# Taken is what was followed by the peer's 250; a message that broke off has none.
wire | LC_ALL=C awk '/^-- connect/ { number = "" }
	/^C: X-Number: / { number = $3 }
	/^S: 250 taken/ && number != "" { print number; number = "" }' |
	sort -n | uniq -c >"$TEST_HOME/taken"
is 'every message arrived' "$(wc -l <"$TEST_HOME/taken")" "$mails"
twice=$(awk '$1 > 1' "$TEST_HOME/taken" | wc -l)
told=$(grep -c 'may come twice' "$TEST_HOME/told")
diag "$twice came twice, $told were told"
ok 'none came thrice' '! awk "\$1 > 2" "$TEST_HOME/taken" | grep .'
ok 'what came twice was told' '[ "$twice" -le "$told" ]'
ok 'the window is small' '[ "$twice" -le 12 ]'

# What could not be noted is not sent.
mail_one
before=$(wire | grep -ac '^C: MAIL')
strace -f -qq -o /dev/null -e trace=fallocate -e inject=fallocate:error=ENOSPC \
	"$carrier" run 2>"$ERR"
is 'a full disk: try again' $? 75
is 'a full disk: nothing is sent' "$(wire | grep -ac '^C: MAIL')" "$before"
like 'a full disk: it is said' "$(cat "$ERR")" 'No space left'
strace -f -qq -o /dev/null -e trace=fsync -e inject=fsync:error=EIO "$carrier" run 2>"$ERR"
is 'a failing disk: try again' $? 75
is 'a failing disk: one is sent, no more' "$(wire | grep -ac '^C: MAIL')" $((before + 1))
mr-relay flush

# Two runners, one queue: each message once.
for i in $(seq 40); do
	mail_one
done
for i in 1 2 3; do
	"$carrier" run &
done
wait -n; wait -n; wait -n
mr-relay run
is 'with three runners at once each message is sent once' "$(wire | LC_ALL=C awk \
	'/^C: X-Number: / { print $3 }' | sort -n | tail -40 | uniq | wc -l)" 40
done_testing
