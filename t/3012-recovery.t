#!/usr/bin/env bash
# What mr-deliver makes of what a dead one left: each row of the table in DESIGN section 4.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

command -v strace >/dev/null || bail_out "strace is not installed"
command -v sqlite3 >/dev/null || bail_out "sqlite3 is not installed"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1
LEDGER=$XDG_STATE_HOME/mailrail/ledger.db
LOCKS=$XDG_STATE_HOME/mailrail/run
printf 'Subject: one\n\nFrom here on\n' >m1
make-stream --receipts stdout m1 >stream
make-stream --receipts stdout 'action=r:1 fileinto "box";' m1 >boxed
echo 'deliver: { inbox = "maildir:~/Mail" folders = "mbox:~/boxes" lock-timeout = "2s" }' >config

# Dies at the N-th call: the intent is committed, the file not in its place.
die_at() {
	rm -rf Mail boxes "$XDG_STATE_HOME/mailrail"
	(
		strace -f -qq -o /dev/null -e "inject=$1:signal=KILL:when=$2" \
			mr-deliver -c config <"$3" >/dev/null
		:
	) 2>/dev/null
	is "$4: it died with one intent" "$(sql 'SELECT count(*) FROM action WHERE state = 1')" 1
}
sql() {
	sqlite3 "$LEDGER" "$1"
}
other_boot() {
	sql "UPDATE action SET boot = 'another boot'"
}
column() {
	sql "SELECT $1 FROM action"
}
# after LABEL STATUS MESSAGES VERDICT
after() {
	exits "$1" "$2" mr-deliver -c config <stream
	is "$1: messages" "$(mailstate Mail | grep -vc tmp) $(ls Mail/tmp | wc -l)" "$3 0"
	is "$1: receipt" "$(cut -d' ' -f1,2 "$OUT")" "$4 test:1"
}

die_at renameat2 1 stream 'the file is in tmp/'
after 'the rename is finished' 0 1 stored
like 'and the log knows' "$(mr-deliver log)" '\(recovered\)'

die_at renameat2 1 stream 'gone from tmp/, same boot'
rm Mail/tmp/*
after 'it was moved by us and removed by its reader' 0 0 stored

die_at renameat2 1 stream 'gone, same boot, older than 36 hours'
rm Mail/tmp/*
sql "UPDATE action SET made = made - 36 * 3600 - 1"
after 'a cleaner may have taken it: stored again' 0 1 stored

die_at renameat2 1 stream 'gone, other boot'
rm Mail/tmp/*
other_boot
after 'the rename was lost: stored again' 0 1 stored

die_at renameat2 1 stream 'other boot, in new/'
mv Mail/tmp/* "Mail/new/$(column base)"
other_boot
after 'found by its name' 0 1 stored

die_at renameat2 1 stream 'other boot, in cur/ with flags'
mv Mail/tmp/* "Mail/cur/$(column base):2,S"
other_boot
after 'found by its name' 0 1 stored

die_at renameat2 1 stream 'other boot, renamed by a MUA'
mv Mail/tmp/* Mail/cur/12345.other:2,S
other_boot
after 'found by inode, size and time' 0 1 stored

die_at renameat2 1 stream 'not mounted'
mv Mail elsewhere
exits 'the Maildir is not there' 75 mr-deliver -c config <stream
like 'deferred' "$(<"$OUT")" '^deferred test:1 '
ok 'nothing is made in its place' '[ ! -e Mail ]'
mv elsewhere Mail
after 'it is there again' 0 1 stored

die_at renameat2 1 stream 'its owner lives'
spawn holder perl -MFcntl=:flock -e 'open F, "+<", shift; flock F, LOCK_EX or die; sleep 60' \
	"$LOCKS/deliver.1.lock"
wait_for 5 '! flock -n "$LOCKS/deliver.1.lock" true'
exits 'hands off' 75 mr-deliver -c config <stream
like 'deferred' "$(<"$OUT")" '^deferred test:1 another mr-deliver'
is 'the file stays in tmp/' "$(ls Mail/tmp | wc -l)" 1
end_pid "$PID"
after 'when it has died' 0 1 stored

# Before the commit: a file in tmp/ that no intent speaks of; one of a stranger.
rm -rf Mail "$XDG_STATE_HOME/mailrail"
mr-deliver <m1
touch Mail/tmp/1700000000.M1P1.stranger
(
	strace -f -qq -o /dev/null -e "inject=sync_file_range:signal=KILL:when=1" \
		mr-deliver <stream >/dev/null
	:
) 2>/dev/null
is 'killed before the commit: it is in tmp/' "$(ls Mail/tmp | wc -l)" 2
exits 'the next run' 0 mr-deliver <stream
is 'takes ours away, and only ours' "$(ls Mail/tmp)" 1700000000.M1P1.stranger

# mbox
boxes() {
	exits "$1" 0 mr-deliver -c config <boxed
	is "$1: once, whole" "$(mailstate boxes/box | grep -c "boxes/box $DIGEST")" 1
}
rm -rf Mail boxes "$XDG_STATE_HOME/mailrail"
mr-deliver -c config <boxed >/dev/null
DIGEST=$(mailstate boxes/box | cut -d' ' -f2)
# which CALL WHAT N: the number among all of CALL of the N-th that speaks of WHAT.
which_call() {
	rm -rf boxes "$XDG_STATE_HOME/mailrail"
	strace -f -qq -e "trace=$1" -y -o trace mr-deliver -c config <boxed >/dev/null
	grep -n "$2" trace | sed -n "$3s/:.*//p"
}
n=$(which_call pwrite64 'boxes/box>' 2)
die_at pwrite64 "$n" boxed 'between From_ line and body'
is 'the tail is torn' "$(wc -l <boxes/box)" 1
boxes 'it is cut off and written again'
is 'and nothing else is there' "$(mailstate boxes/box | wc -l)" 1

die_at pwrite64 "$n" boxed 'others behind a torn tail'
printf '\nFrom other@x Mon Jan  1 00:00:00 2024\nSubject: other\n\nbody\n\n' >>boxes/box
boxes 'it is written behind them'
like 'and told' "$(<"$ERR")" 'a torn message stands at byte 0'

n=$(which_call unlink 'boxes/box.lock' 1)
die_at unlink "$n" boxed 'written and synced, not marked'
(printf 'From early@x Mon Jan  1 00:00:00 2024\n\nfirst\n\n' && cat boxes/box) >rewritten
mv rewritten boxes/box
boxes 'a MUA rewrote the file: found further down'

# A mailbox that stays locked holds up the recovery of a batch once; receipts do not wait.
rm -rf boxes "$XDG_STATE_HOME/mailrail"
mkdir boxes
echo 'deliver: { inbox = "mbox:~/boxes/box" lock-timeout = "2s" }' >locked
make-stream m1 m1 m1 m1 >four
(strace -f -qq -o /dev/null -P "$HOME/boxes/box" -e inject=fsync:signal=KILL mr-deliver -c locked \
	<four || :) 2>/dev/null
echo "$$ $(uname -n)" >boxes/box.lock
into=(--inbox "maildir:$HOME/Mail")
before=$(date +%s%N)
exits 'a plain message, elsewhere' 0 mr-deliver -c locked "${into[@]}" <m1
took=$((($(date +%s%N) - before) / 1000000))
ok "waited once for four messages, not four times ($took ms)" "[ $took -ge 2000 ] && [ $took -lt 7500 ]"
sed -i s/2s/3s/ locked
make-stream --prefix other: m1 | take-receipts --wait 1 receipts | mr-deliver -c locked "${into[@]}"
is 'who gives receipts is there before it waits' "${PIPESTATUS[1]} $(<receipts)" '0 stored other:1'

# A run that ends before its recovery forgets nothing.
rm -rf Mail "$XDG_STATE_HOME/mailrail"
inject() {
	strace -f -qq -o /dev/null -e "inject=$1" mr-deliver --inbox "maildir:$HOME/Mail"
}
make-stream m1 >plain
(inject sync_file_range:signal=KILL <plain || :) 2>/dev/null
is 'killed before its commit' "$(find Mail/tmp -type f | wc -l)" 1
exits 'empty input' 75 mr-deliver --inbox "maildir:$HOME/Mail" </dev/null
echo 'deliver: { inbox = "maildir:~/Mail" ledger = false }' >without
exits 'a plain message without the ledger' 0 mr-deliver -c without <m1
exits 'the next run of a stream' 0 mr-deliver --inbox "maildir:$HOME/Mail" <plain
is 'leaves nothing in tmp/' "$(find Mail/tmp -type f | wc -l)" 0
is 'both are there' "$(find Mail/new -type f | wc -l)" 2

done_testing
