#!/usr/bin/env bash
# Each write, sync, rename and open of mr-deliver fails once: exit 75 or all is well, no part
# of a message is seen, and after an ordinary run each message is there exactly once.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

command -v strace >/dev/null || bail_out "strace is not installed"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3 4; do
	printf 'Subject: %d\n\nFrom here, %d\n' $i $i >"$TEST_HOME/m$i"
done
head -c 100000 /dev/zero | tr '\0' x >>"$TEST_HOME/m2"
echo 'deliver: { inbox = "maildir:~/Mail" folders = "mbox:~/boxes" lock-timeout = "1s" }' >config
(cd "$TEST_HOME" && make-stream --receipts stdout m1 'action=r:1 keep;' \
	'action=r:2 fileinto "a";' m2 'action=' 'action=r:3 fileinto "a";' m3 'action=' \
	'action=r:4 keep :flags "\\Seen";' m4) >stream

reset() {
	rm -rf Mail boxes "$XDG_STATE_HOME/mailrail"
}
state() {
	mailstate "$@" Mail boxes/a
}

# one CALL ERROR N
one() {
	local status=0 stored seen
	reset
	strace -f -qq -o /dev/null -e "inject=$1:error=$2:when=$3" \
		mr-deliver -c config <stream >"$TEST_HOME/receipts" 2>"$TEST_HOME/said" || status=$?
	stored=$(grep -c '^stored' "$TEST_HOME/receipts")
	case $status in
	0) [ "$stored" = 4 ] || echo "exit 0 with $stored receipts" ;;
	# 78: the configuration could not be read; 127: not even the program.
	75 | 78 | 127) [ -s "$TEST_HOME/said" ] || echo "$status without a word" ;;
	*) echo "exit $status" ;;
	esac
	state --partial >"$TEST_HOME/seen"
	comm -23 <(sort -u "$TEST_HOME/seen") <(sort -u want) | sed 's/^/seen: /'
	seen=$(grep -o '[0-9a-f]\{40\}' "$TEST_HOME/seen" | sort -u | wc -l)
	[ "$seen" -ge "$stored" ] || echo "$stored promised, $seen there"
	mr-deliver -c config <stream >"$TEST_HOME/again" 2>&1 || echo "again: exit $?"
	grep -v '^stored ' "$TEST_HOME/again"
	state | diff want -
}

# each CALL ERROR: the first, the second, ... until the call is not reached any more.
each() {
	local call=$1 error=$2 n count step=${3:-1}
	reset
	count=$(strace -f -qq -e "trace=$call" -o /dev/stdout mr-deliver -c config <stream 2>/dev/null |
		grep -c "$call(")
	[ "${MR_CRASH:-}" = full ] && step=1
	: >bad
	for ((n = 1; n <= count; n += step)); do
		one "$call" "$error" "$n" >"$TEST_HOME/one" 2>&1
		[ -s "$TEST_HOME/one" ] && sed "s/^/$call $error $n: /" "$TEST_HOME/one" >>bad
	done
	head -n 12 bad | sed 's/^/# /'
	ok "$error from each of $count $call: exactly once in the end" '[ ! -s bad ]'
}

mr-deliver -c config <stream >/dev/null
state >want
is 'a run without an error' "$(wc -l <want)" 5

each write ENOSPC
each pwrite64 ENOSPC 2
each fsync EIO
each fdatasync EIO
each renameat2 EIO
each renameat2 ENOSPC
each openat EMFILE 6
each openat ENOSPC 7
each ftruncate EIO
each fcntl EIO 7
each mkdirat ENOSPC
each linkat EIO
each unlink EIO
each newfstatat EIO 5

# A filesystem that is really full, where we may mount one.
mkdir small
if unshare -m true 2>/dev/null && [ "$(id -u)" = 0 ]; then
	cat >full <<'END'
mount -t tmpfs -o size=300k none small || exit 99
mr-deliver --inbox "maildir:$HOME/small/Mail" <big >out1 2>err1
echo "$? $(grep -c '^stored' out1) $(mailstate small/Mail | wc -l) $(mailstate small/Mail | grep -c tmp)"
mount -o remount,size=3m small
mr-deliver --inbox "maildir:$HOME/small/Mail" <big >out2 2>err2
echo "$? $(grep -c '^stored' out2) $(mailstate small/Mail | sort -u | wc -l) $(mailstate small/Mail | wc -l)"
END
	for i in 1 2 3 4 5 6 7 8; do
		(printf 'Subject: %d\n\n' $i && head -c 60000 /dev/zero | tr '\0' $i) >b$i
	done
	make-stream --receipts stdout --prefix big: b1 b2 b3 b4 b5 b6 b7 b8 >big
	unshare -m bash full >told 2>&1
	like 'a full disk: 75, what is promised is there, no rest' "$(head -1 told)" '^75 ([1-7]) \1 0$'
	is 'and when there is room: all, once' "$(tail -1 told)" '0 8 8 8'
fi

done_testing
