#!/usr/bin/env bash
# mr-deliver at the end of a pipe: receipts by socket, cut streams, variants, "after", two at
# once, memory.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3 4 5; do
	printf 'Subject: message %d\n\nbody %d\n' $i $i >m$i
done
state() {
	mailstate Mail
}
reset() {
	rm -rf Mail "$XDG_STATE_HOME/mailrail"
}

make-stream m1 m2 --flush m3 | take-receipts receipts | mr-deliver
is 'receipts by socket: all leave with 0' "${PIPESTATUS[*]}" '0 0 0'
is 'one receipt for each' "$(<receipts)" "$(printf 'stored test:%d\n' 1 2 3)"
make-stream m4 | perl -0777 -pe 's/\n/\nreceipts: unix \/nowhere\/x 0123456789abcdef0123456789abcdef\n/' >stream
exits 'nobody takes the receipts' 75 mr-deliver <stream
is 'then nothing is stored' "$(state | wc -l)" 3

# Each place at which a stream may be cut: the whole messages before it, nothing else.
reset
make-stream --receipts stdout m1 m2 m3 >stream
whole=$(stat -c %s stream)
: >bad
for ((at = 1; at < whole; at += 9)); do
	reset
	head -c "$at" stream | mr-deliver >out 2>err
	[ "${PIPESTATUS[1]}" = 75 ] || echo "$at: exit ${PIPESTATUS[1]}" >>bad
	[ -s err ] || echo "$at: not a word" >>bad
	n=$(grep -c '^stored' out)
	[ "$(state 2>/dev/null | wc -l)" = "$n" ] || echo "$at: $n receipts, $(state | wc -l) messages" >>bad
	state 2>/dev/null | grep tmp >>bad
done
ok 'a stream cut anywhere: 75, whole messages only' '! grep . bad'
reset
make-stream --receipts stdout --end 'abort the server went away' m1 m2 >stream
exits 'a stream that is given up' 75 mr-deliver <stream
is 'keeps what was whole' "$(grep -c '^stored' "$OUT") $(state | wc -l)" '2 2'

reset
make-stream --receipts stdout variant=1/2 'action=r:1 keep;' m1 variant=2/2 'action=' \
	'action=r:2 fileinto "v";' m2 variant= m3 >stream
exits 'variants' 0 mr-deliver <stream
is 'are one message with one receipt' "$(grep -c . "$OUT")" 2
is 'and are all stored' "$(state | wc -l)" 3
reset
make-stream --receipts stdout variant=1/2 m1 variant= m3 2>/dev/null >stream || true
run mr-deliver <stream
like 'a variant that is missing' "$(<"$OUT")" 'deferred test:1|^$'
is 'nothing of its message stays' "$(grep -l 'message 1' -r Mail 2>/dev/null | wc -l)" 0

reset
make-stream --receipts stdout m1 after=test:1 m2 after=test:9 m3 >stream
exits 'a duplicate of one that is not stored' 75 mr-deliver <stream
is 'waits; that of one in the same batch does not' "$(cut -d' ' -f1,2 "$OUT" | sort | tr '\n' ' ')" \
	'deferred test:3 stored test:1 stored test:2 '
make-stream --receipts stdout id=x m1 id=x m1 >stream
run mr-deliver <stream
is 'one id twice in a stream: two receipts, one message' "$(grep -c '^stored x' "$OUT") $(grep -rl 'message 1' Mail | wc -l)" '2 2'

# Two at once on the same ids, again and again: exactly once.
make-stream --receipts stdout --many 300 >stream
for round in 1 2 3; do
	reset
	mr-deliver <stream >out1 2>/dev/null &
	first=$!
	mr-deliver <stream >out2 2>/dev/null &
	wait "$first" $!
	run mr-deliver <stream
	[ "$STATUS" = 0 ] && [ "$(state | wc -l)" = 300 ] && [ "$(ls Mail/new | wc -l)" = 300 ] ||
		echo "round $round: status $STATUS, $(state | wc -l) messages"
done >bad 2>&1
ok 'two at once: each message exactly once' '[ ! -s bad ]'
printf 'deliver: { inbox = "mbox:%s" }\n' "$HOME/box" >config
for round in 1 2; do
	reset
	rm -f box
	mr-deliver -c config <stream >out1 2>/dev/null &
	first=$!
	mr-deliver -c config <stream >out2 2>/dev/null &
	wait "$first" $!
	run mr-deliver -c config <stream
	[ "$STATUS" = 0 ] && [ "$(grep -c '^From ' box)" = 300 ] ||
		echo "round $round: status $STATUS, $(grep -c '^From ' box) messages"
done >bad 2>&1
ok 'the same into an mbox' '[ ! -s bad ]'

reset
(printf 'Subject: huge\n\n' && head -c 200000000 /dev/zero | tr '\0' 'x') >huge
make-stream --receipts stdout 'action=r:1 keep;' huge >stream
# mr-deliver tells nobody how much it took: the kernel does, when it has ended.
peak=$(perl -MPOSIX -e '
	use strict;
	my $pid = fork // die;
	if (!$pid) { open STDIN, "<", "stream"; open STDOUT, ">", "out"; exec "mr-deliver", @ARGV; }
	my $most = 0;
	while (waitpid($pid, WNOHANG) == 0) {
		if (open my $s, "<", "/proc/$pid/status") {
			while (<$s>) { $most = $1 if /^VmHWM:\s+(\d+)/ && $1 > $most; }
		}
		select undef, undef, undef, 0.01;
	}
	print "$most\n"')
diag "peak memory with 200 MB: $peak kB"
ok '200 MB take at most 32 MB of memory' "[ $peak -gt 1000 ] && [ $peak -le 32768 ]"
is 'and are stored' "$(stat -c %s Mail/new/*)" "$(stat -c %s huge)"
rm -rf huge stream Mail
done_testing
