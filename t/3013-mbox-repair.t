#!/usr/bin/env bash
# mr-deliver repairs an mbox after a kill or a full disk, and takes nobody else's message
# for a torn one of its own.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

command -v strace >/dev/null || bail_out "strace is not installed"
PATH=$MR_BUILD/t/fake:$PATH
cd "$HOME" || exit 1
BOX=$HOME/box

reset() {
	rm -rf "$BOX"* "$XDG_STATE_HOME/mailrail"
	(umask 077 && : >"$BOX")
}
to_box() {
	mr-deliver --inbox "mbox:$BOX" "$@"
}
# inject WHAT: mr-deliver, with this done to its calls about the mbox alone.
inject() {
	(
		strace -f -qq -o /dev/null -P "$BOX" -e "inject=$1" \
			mr-deliver --inbox "mbox:$BOX" >"$TEST_HOME/receipts"
		:
	) 2>/dev/null
}
from=(--receipts stdout mail-from=a@b.c received=2026-02-03T04:05:06Z)

printf 'Message-ID: <1@t>\nSubject: one\n\n%01000d\0end\n' 0 >one
printf 'Message-ID: <2@t>\nSubject: two\n\nshort\n' >two
printf 'Message-ID: <3@t>\nSubject: three\n\n%0200000d\n' 0 >three
make-stream "${from[@]}" one >stream1
make-stream "${from[@]}" one --flush two >stream2
make-stream "${from[@]}" three >stream3

reset
inject pwrite64:error=ENOSPC:when=1 <stream2
is 'the disk is full for one message, not for the next of that sender and second' \
	"$(cut -d ' ' -f 1,2 "$TEST_HOME/receipts" | tr '\n' '|')" 'deferred test:1|stored test:2|'
exits 'the first comes again' 0 to_box <stream1
is 'and the second is still there' "$(grep -a '^Subject' box | sort | tr '\n' ' ')" \
	'Subject: one Subject: two '

reset
inject pwrite64:signal=KILL:when=3 <stream3
ok 'killed within a message' '[ "$(stat -c %s box)" -lt 200000 ] && [ -s box ]'
exits 'it comes again' 0 to_box <stream3
is 'the torn part is cut off' "$(grep -a -c '^Subject' box) $(tr -cd 0 <box | wc -c)" '1 200004'

reset
inject pwrite64:signal=KILL:when=3 <stream3
printf 'From x@y.z Mon Nov 23 15:57:06 2026\nSubject: other\n\nhello\n\n' >>box
exits 'a program that does not look has appended to the torn part' 0 to_box <stream3
like 'which is told' "$(<"$ERR")" 'a torn message stands at byte 0'
is 'and its message is still there' "$(grep -a -c '^Subject: other' box)" 1
is 'ours is whole behind it' "$(tail -c 200002 box | tr -cd 0 | wc -c)" 200000

reset
inject pwrite64:signal=KILL:when=4 <stream1
inject fsync:signal=KILL:when=1 <stream1
cp box before
exits 'killed before its sync, with a NUL among its first bytes' 0 to_box <stream1
ok 'it is known again' 'cmp box before && [ "$(grep -a -c ^Subject box)" = 1 ]'
done_testing
