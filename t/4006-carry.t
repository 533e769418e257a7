#!/usr/bin/env bash
# carry queue: a stream of messages into the queue, with a receipt for what is durable.
# check: asan
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$PATH

cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
	relay: { hostname = "laptop.test", send = "manual" }
EOF
queue=$XDG_STATE_HOME/mailrail/queue
printf 'Subject: one\r\nBcc: kept@x\r\n\r\nbody\r\n' >"$TEST_HOME/one"
printf 'Subject: two\n\n.\n\0\377\n' >"$TEST_HOME/two"
queued() {
	ls "$queue/queue" | wc -l
}
envelopes() {
	cat "$queue/queue/"* | grep -E '^(from|to) ' | tr '\n' '|'
}
clean() {
	rm -rf "$queue"
}

make-stream --receipts stdout mail-from=list@x rcpt-to=a@x rcpt-to=b "$TEST_HOME/one" \
	mail-from= rcpt-to= rcpt-to=c@x "$TEST_HOME/two" >"$TEST_HOME/stream"
exits 'a stream of two' 0 mr-relay carry queue: <"$TEST_HOME/stream"
is 'a receipt for each' "$(cat "$OUT")" $'stored test:1\nstored test:2'
is 'senders and recipients are the stream'"'"'s' "$(envelopes)" \
	'from list@x|to a@x|to b@laptop.test|from |to c@x|'
one=$(ls "$queue/queue" | head -1)
ok 'a message is as it was, but for CRLF' \
	'tr -d "\r" <"$TEST_HOME/one" | cmp - "$queue/content/$one"'
ok 'the other, too' 'cmp "$TEST_HOME/two" "$queue/content/$(ls "$queue/queue" | tail -1)"'

clean
make-stream mail-from=m@x rcpt-to=a@x "$TEST_HOME/one" "$TEST_HOME/two" |
	take-receipts "$TEST_HOME/receipts" | mr-relay carry queue:
is 'receipts by socket' "$(cat "$TEST_HOME/receipts")" $'stored test:1\nstored test:2'

clean
make-stream --receipts stdout mail-from=m@x "$TEST_HOME/one" 'rcpt-to=a b' "$TEST_HOME/one" \
	rcpt-to= rcpt-to=a@x "$TEST_HOME/two" >"$TEST_HOME/stream"
exits 'messages that cannot go' 65 mr-relay carry queue: <"$TEST_HOME/stream"
is 'are refused by receipt, the others stored' "$(cut -d' ' -f1,2 "$OUT" | sort)" \
	$'refused test:1\nrefused test:2\nstored test:3'
is 'only the good one is queued' "$(queued)" 1

clean
make-stream --receipts stdout mail-from=m@x rcpt-to=a@x "$TEST_HOME/one" "$TEST_HOME/two" \
	>"$TEST_HOME/stream"
size=$(wc -c <"$TEST_HOME/stream")
for cut in $((size - 1)) $((size - 12)) $((size - 25)) $((size / 2)) 30; do
	rm -rf "$queue"/{queue,content}
	run mr-relay carry queue: < <(head -c "$cut" "$TEST_HOME/stream")
	is "cut at $cut of $size: try again" "$STATUS" 75
	is "cut at $cut: queued is what has a receipt" "$(queued)" "$(grep -c stored "$OUT")"
done
exits 'a plain message is none of carry' 75 mr-relay carry queue: <"$TEST_HOME/one"
exits 'nothing at all' 75 mr-relay carry queue: </dev/null
exits 'another target' 64 mr-relay carry smtp://x </dev/null

# A disk that fills up: deferred, nothing half queued.
clean
mr-relay queue >/dev/null
ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=fsync -e inject=fsync:error=EIO:when=2+ \
	"$MR_BUILD/relay/mr-relay" carry queue: <"$TEST_HOME/stream" >"$OUT" 2>"$ERR"
is 'a failing disk' $? 74
is 'defers all of the batch' "$(cut -d' ' -f1,2 "$OUT")" $'deferred test:1\ndeferred test:2'
is 'and queues nothing' "$(queued)" 0

# Many at once are synced together, and the source that waits is not left waiting.
clean
start=${EPOCHREALTIME/./}
make-stream --many 1000 --receipts stdout mail-from=m@x rcpt-to=a@x |
	mr-relay carry queue: >"$OUT"
is 'a thousand' "$(grep -c '^stored' "$OUT"),$(queued)" 1000,1000
diag "in $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
{ make-stream --receipts stdout --end none mail-from=m@x rcpt-to=a@x "$TEST_HOME/one"
  wait_for 5 '[ -s "$OUT" ]' && cp "$OUT" "$TEST_HOME/early"; echo 'done 1'; } |
	mr-relay carry queue: >"$OUT"
is 'who pauses gets his receipt' "$(cat "$TEST_HOME/early")" 'stored test:1'
done_testing
