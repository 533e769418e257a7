#!/usr/bin/env bash
# mr-deliver into an mbox: quoting and back, From_ lines, locks, tails, files it must not touch.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
CORPUS=$MR_TOP/t/corpus
cd "$HOME" || exit 1
BOX=$HOME/box

to_box() {
	mr-deliver --inbox "mbox:$BOX" "$@"
}

exits 'a plain message' 0 to_box <"$CORPUS/from-line-in-body.eml"
like 'the From_ line has the Return-Path' "$(head -1 box)" \
	'^From bob@example\.net (Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} 20[0-9]{2}$'
is 'mode 0600' "$(stat -c %a box)" 600
is 'the body is quoted' "$(grep -c '^From ' box)" 1
ok 'no lock is left' '[ ! -e box.lock ]'
exits 'a second' 0 to_box <"$CORPUS/no-newline-at-end.eml"
is 'exactly one empty line between and behind' "$(grep -c '^From ' box) $(tail -c 2 box | od -An -c | tr -d ' ')" '2 \n\n'

# There and back: mr-deliver reads what it wrote (mboxrd).
rm box
for file in "$CORPUS"/*.eml; do
	[ -s "$file" ] && printf '%s\n' "$file"
done >files
mapfile -t files <files
make-stream mail-from=a@b.c received=2026-02-03T04:05:06Z "${files[@]}" >stream
exits 'the whole corpus as a stream' 0 to_box <stream
is 'as many From_ lines' "$(grep -c '^From a@b.c Tue Feb  3 04:05:06 2026$' box)" "${#files[@]}"
exits 'read back from the file' 0 mr-deliver --inbox "maildir:$HOME/back" "$BOX"
for file in "${files[@]}"; do
	# A last line without LF gets one; CR CR LF is shorter by a CR each time it is stored.
	perl -0777 -pe 's/\r\n/\n/g; s/\r\n/\n/g; s/([^\n])\z/$1\n/' "$file" | sha1sum
done | sort >want
for file in back/new/*; do
	sha1sum <"$file"
done | sort >got
ok 'every message is as it was' 'diff want got'
cp box before
exits 'the stream again' 0 to_box <stream
ok 'adds nothing' 'cmp box before'

printf 'From x@y Mon Jan  1 00:00:00 2024\nSubject: torn' >box
exits 'behind a torn tail' 0 to_box <"$CORPUS/plain.eml"
is 'our From_ line stands behind an empty line' "$(sed -n '2,4p' box | cut -c1-5 | tr '\n' '|')" 'Subje||From |'

rm -f box
printf '%s\n' 'deliver: { inbox = "mbox:'"$BOX"'" folders = "mbox:~/mail" lock-timeout = "300ms" }' >config
make-stream --prefix f: 'action=r:1 fileinto "lists/c";' "$CORPUS/plain.eml" \
	'action=' 'action=r:2 fileinto "top";' "$CORPUS/reply.eml" >stream
exits 'folders' 0 mr-deliver -c config <stream
is 'are files in directories' "$(cd mail && find . -type f | sort | tr '\n' ' ')" './lists/c ./top '

# Locks of others: a dotlock of a live process, an fcntl lock, a stale dotlock.
echo "$$ $(uname -n)" >box.lock
exits 'a dotlock of a live process is waited for' 75 mr-deliver -c config <"$CORPUS/plain.eml"
like 'it is named' "$(<"$ERR")" 'box\.lock is held'
ok 'and nothing is written' '[ ! -s box ] && [ -e box.lock ]'
echo "99999999 $(uname -n)" >box.lock
exits 'a dotlock of a dead process of this host is not' 0 mr-deliver -c config <"$CORPUS/plain.eml"
ok 'and goes' '[ ! -e box.lock ] && [ -s box ]'
echo other >box.lock
touch -d '10 minutes ago' box.lock box
exits 'nor is one that rests as its mailbox does' 0 mr-deliver -c config <"$CORPUS/plain.eml"
spawn holder perl -MFcntl=:flock,F_SETLK,F_WRLCK,SEEK_SET -e '
	open my $f, "+<", $ARGV[0] or die;
	my $lock = pack("s s x4 l! l! i x4", F_WRLCK, SEEK_SET, 0, 0, 0);
	fcntl $f, F_SETLK, $lock or die "lock: $!";
	open my $o, ">", "locked"; close $o; sleep 60' "$BOX"
wait_for 5 '[ -e locked ]'
exits 'an fcntl lock is waited for' 75 mr-deliver -c config <"$CORPUS/plain.eml"
like 'it is told' "$(<"$ERR")" 'box is locked'
end_pid "$PID"
exits 'and free when its holder ends' 0 mr-deliver -c config <"$CORPUS/plain.eml"

# What must not be written to.
mv box real
ln -s real box
exits 'a symbolic link' 75 mr-deliver -c config <"$CORPUS/plain.eml"
rm box
ln real box
exits 'a second link' 75 mr-deliver -c config <"$CORPUS/plain.eml"
rm box
mkfifo box
exits 'a fifo' 75 mr-deliver -c config <"$CORPUS/plain.eml"
rm box
mkdir box
exits 'a directory' 75 mr-deliver -c config <"$CORPUS/plain.eml"
rmdir box
if [ "$(id -u)" = 0 ]; then
	cp real box
	chown 65534 box
	exits 'a file of another user' 75 mr-deliver -c config <"$CORPUS/plain.eml"
fi
done_testing
