#!/usr/bin/env bash
# The main job: messages pass with their actions, their bytes unchanged; what is broken
# keeps the mail or says "try again".
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
rules=$XDG_CONFIG_HOME/mailrail/rules.d
mkdir -p "$rules"

# body_of FILE: the bytes of the one message in a stream
body_of() {
	perl -0777 -e '
		$_ = <>;
		s/^%mailrail-stream 1\n.*?\n\n//s or die;
		s/^message\n.*?\n\n//s or die;
		while (s/^bytes (\d+)\n//) { print substr($_, 0, $1, ""); s/^\n//; }' "$1"
}
actions_of() {
	grep -a '^action: ' "$1" | sed 's/^action: //'
}

printf 'From: a@b.org\nSubject: hello\n\nbody\n' >plain

exits 'empty input' 75 mr-filter </dev/null
is 'nothing but one line on stderr' "$(wc -l <"$ERR")" 1
exits 'no rules: all is kept' 0 mr-filter <plain
is 'by an implicit keep' "$(actions_of "$OUT")" 'implicit keep;'
ok 'in silence' '[ ! -s "$ERR" ]'
run mr-filter -v <plain
like 'with -v it says so' "$(cat "$ERR")" 'no rules in .*rules.d: everything is kept'

echo 'require "fileinto"; if header "subject" "hello" { fileinto "x"; }' >"$rules/20.sieve"
echo 'discard;' >"$rules/30.sieve"
echo 'discard;' >"$rules/30.sieve~"
run mr-filter <plain
is 'the first file that takes it' "$(actions_of "$OUT")" '20.sieve:1 fileinto "x";'
mv "$rules/20.sieve" "$rules/40.sieve"
run mr-filter <plain
is 'files in the order of their names' "$(actions_of "$OUT")" '30.sieve:1 discard;'
rm "$rules"/*

# every message of the corpus, and some that are hardly messages
printf 'A: \000\000\n\n\000body\000' >nul
printf 'no header\nat all\n' >headless
printf 'A: b' >cut
printf 'A: b\r\nC: d\n\r\nx\ry\r\n\n' >ends
printf '\n' >blank
printf 'A: \377\376\r\n\r\n\377' >bytes
echo 'require ["body", "fileinto"];
if anyof (header :contains "subject" "no such text at all",
	address :contains ["from", "to"] "no such text at all", size :over 1G,
	body :contains "no such text at all", body :raw :contains "no such text at all")
{ discard; }' >"$rules/10.sieve"
changed='' failed=''
for file in nul headless cut ends blank bytes "$MR_TOP"/t/corpus/*.eml; do
	# its From_ line is the envelope, not the message
	[ -s "$file" ] && [ "${file##*/}" != from-line-first.eml ] || continue
	run mr-filter --message <"$file"
	[ "$STATUS" = 0 ] && [ ! -s "$ERR" ] || failed="$failed ${file##*/}"
	body_of "$OUT" | cmp -s - "$file" || changed="$changed ${file##*/}"
done
is 'no odd message fails a rule' "$failed" ''
is 'no byte of any is changed' "$changed" ''

# a broken rule file
echo 'require "fileinto"; fileinto "first"; keep;' >"$rules/05.sieve"
printf 'keep;\nif heder "a" "b" { discard; }\n' >"$rules/10.sieve"
echo 'discard;' >"$rules/20.sieve"
exits 'a file that does not compile: exit 0' 0 mr-filter <plain
is 'one line with its place' "$(cat "$ERR")" "mr-filter: $rules/10.sieve:2:4: unknown test \
\"heder\", expected perhaps \"header\" (mail that comes to this file is kept)"
is 'the files before it have run, then all is kept' "$(actions_of "$OUT")" \
	'05.sieve:1 fileinto "first";
error%20at%2010.sieve:2 keep;'
for n in 1 2 3; do printf 'From a@b Thu Jan  1 00:00:00 1970\nA: %s\n\nx\n\n' $n; done >mbox
run mr-filter --mbox <mbox
is 'one line, however many messages' "$(wc -l <"$ERR")" 1
is 'three messages' "$(tail -1 "$OUT")" 'done 3'
rm "$rules"/*

# a rule that fails
printf 'require ["fileinto", "variables"];\nfileinto "${none}";\n' >"$rules/10.sieve"
exits 'a rule that fails: exit 0' 0 mr-filter <plain
is 'kept' "$(actions_of "$OUT")" 'error%20at%2010.sieve:2 keep;'
is 'and said' "$(cat "$ERR")" \
	"mr-filter: $rules/10.sieve:2: the name of the folder is empty (message 1 is kept)"
rm "$rules"/*

# streams
stream() {
	printf '%%mailrail-stream 1\nprogram: test\nreceipts: unix /nowhere 0123456789abcdef0123456789abcdef\nfuture: x\n\n'
	printf 'message\nid: imap:host:1\naccount: work\nflags: \\Seen\nmail-from: s@e.org\n'
	printf 'rcpt-to: a@b\nrcpt-to: c@d\nnew-thing: 1\n\n'
	printf 'bytes 17\nSubject: one\n\nx\n\n\nbytes 3\nyy\n\nend ok 20\n'
}
{ stream; printf 'flush\ndone 1\n'; } >whole
exits 'a stream' 0 mr-filter <whole
is 'the preamble passes' "$(sed -n '2,5p' "$OUT")" "$(sed -n '2,5p' whole)"
for field in 'id: imap:host:1' 'account: work' 'flags: \Seen' 'mail-from: s@e.org' 'rcpt-to: a@b' \
	'rcpt-to: c@d' 'new-thing: 1' flush 'end ok 20' 'done 1'; do
	ok "passes on: $field" 'grep -qxF "$field" "$OUT"'
done
stream >torn
exits 'a stream without its last line' 75 mr-filter <torn
like 'what was whole is passed' "$(cat "$OUT")" 'end ok 20'
like 'and the end says so' "$(tail -1 "$OUT")" '^abort '
head -c -12 torn >torn2
exits 'a stream cut in a message' 75 mr-filter <torn2
like 'the message is cut' "$(tail -2 "$OUT" | head -1)" '^end abort '
{ stream; printf 'message\n\nbytes 2\nxx\nend abort source broke off\ndone 2\n'; } >aborted
exits 'a message that its source cut' 0 mr-filter <aborted
is 'is passed on cut' "$(tail -2 "$OUT")" 'end abort source broke off
done 2'
cp "$OUT" passed
exits 'and the next program of the pipe takes that' 0 mr-filter <passed
sed 's/^end ok 20/end ok 21/' whole >wrong
exits 'a count that is wrong' 75 mr-filter <wrong
like 'ends in an abort' "$(tail -1 "$OUT")" '^abort '

variant() {
	printf 'message\nid: i\nvariant: %s/2\nactions: 1\naction: x:1 fileinto "v%s";\n\n' "$1" "$1"
	printf 'bytes 8\nA: b\n\nc\n\nend ok 8\n'
}
{ printf '%%mailrail-stream 1\nprogram: test\n\n'; variant 1; variant 2; printf 'done 1\n'; } >variants
exits 'variants, decided by a filter before us' 0 mr-filter <variants
is 'pass as they are' "$(sed 1,3d "$OUT")" "$(sed 1,3d variants)"

# nothing is held back while the input is silent
mkfifo pipe
mr-filter <pipe >slow 2>"$ERR" &
pid=$!
exec 3>pipe
printf '%%mailrail-stream 1\nprogram: test\n\n' >&3
ok 'the preamble goes on at once' 'wait_for 5 "grep -q ^program: slow"'
printf 'message\nid: a\n\nbytes 6\nA: b\n\n\n' >&3
ok 'what is decided goes on at once' 'wait_for 5 "grep -q ^action: slow"'
printf 'end ok 6\n' >&3
ok 'and its end' 'wait_for 5 "grep -q \"^end ok 6\" slow"'
printf 'done 1\n' >&3
exec 3>&-
wait $pid
is 'to the end' "$?" 0

# custody of others
(mr-filter <plain >/dev/full) 2>"$ERR"
is 'no room behind stdout' $? 75
(mr-filter <plain >&-) 2>"$ERR"
is 'stdout is closed' $? 75
(mr-filter >"$OUT" <&-) 2>"$ERR"
is 'stdin is closed' $? 75
mkfifo "$rules/05.sieve"
run timeout 10 mr-filter <plain
is 'a FIFO among the rules does not stop it' "$STATUS" 0
like 'and acts as an error' "$(actions_of "$OUT")" '^error%20at%2005.sieve:1 keep;$'
rm "$rules/05.sieve"
echo 'if size :over 5 { discard; }' >"$rules/10.sieve"
"$MR_TOP/t/lib/generate" body 3000000 >big
TMPDIR=/nowhere run mr-filter <big
is 'no room to spool' "$STATUS" 75
like 'the message is cut, with the reason' "$(tail -2 "$OUT")" 'end abort .*/nowhere.*abort '
run mr-filter <big
is 'with room' "$(actions_of "$OUT")" '10.sieve:1 discard;'
ok 'the spooled bytes are the same' 'body_of "$OUT" | cmp - big'
is 'nothing is left in TMPDIR' "$(find "$TMPDIR" -type f)" ''

# configuration and command line
echo 'filter: { rules = "none.d" }' >"$XDG_CONFIG_HOME/mailrail/config"
exits 'a folder of rules that was named and is missing' 78 mr-filter <plain
echo 'filter: { rulez = "x" }' >"$XDG_CONFIG_HOME/mailrail/config"
exits 'an unknown setting' 78 mr-filter <plain
like 'with its line' "$(cat "$ERR")" 'config:1: '
rm "$XDG_CONFIG_HOME/mailrail/config"
exits 'unknown verb' 64 mr-filter dance
printf 'From a@b.c Mon Nov 23 14:30:40 2026\nSubject: 1\n\nx\n\nFrom d@e.f Mon Nov 23 14:30:40 2026\nSubject: 2\n\ny\n' >two.mbox
exits 'a file that is an mbox' 0 mr-filter two.mbox
is 'is read as one' "$(grep -c '^Subject: ' "$OUT") $(tail -1 "$OUT")" '2 done 2'
printf 'Subject: only\n\nFrom here on\n' >one.eml
exits 'a file that is a message' 0 mr-filter one.eml
is 'is one' "$(tail -1 "$OUT")" 'done 1'
exits 'the same mbox on stdin is one message' 0 mr-filter <two.mbox
is 'whose From_ line is its envelope' "$(grep -c '^mail-from: a@b.c$' "$OUT") $(tail -1 "$OUT")" '1 done 1'
exits 'unknown option' 64 mr-filter --dance
exits '--mbox and --message' 64 mr-filter --mbox --message <plain
exits '--version' 0 mr-filter --version
{ stream; printf 'done 1\n'; } >whole
run mr-filter --message <whole
is '--message: a stream is a message' "$(actions_of "$OUT")" '10.sieve:1 discard;'

# Ctrl-C reaches the whole pipe: mr-fetch ends the stream in order, the others wait for it.
mkfifo interrupt
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' mr-filter <interrupt >"$OUT" 2>"$ERR" &
filter=$!
adopt "$filter"
exec 3>interrupt
sed '/^done /d' whole >&3
wait_for 5 '[ -s "$OUT" ]'
kill -INT "$filter"
echo 'done 1' >&3
exec 3>&-
wait "$filter"
is 'an interrupt in mid-stream does not cut it' "$? $(tail -n 1 "$OUT")" '0 done 1'

done_testing
