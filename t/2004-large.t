#!/usr/bin/env bash
# Large messages in little memory, and time that grows no faster than the input.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

# LIMIT: of the issue, for a message of 200 MB. A build with sanitizers has its own needs.
most=32768
grep -q -a __asan_init "$MR_BUILD/filter/mr-filter" && most=1000000

# peak RULE SIZE: lets a message of SIZE bytes through; KB is then the peak of memory in KiB.
# The input stays open until that is known.
peak() {
	local pid kb
	printf '%s\n' "$1" >r.sieve
	rm -f pipe
	mkfifo pipe
	mr-filter --rules r.sieve <pipe >out 2>err &
	pid=$!
	exec 3>pipe
	perl -e '
		my $size = shift;
		my $text = "All work and no play makes Jack a dull boy, and Jill too.\n" x 18000;
		print "%mailrail-stream 1\nprogram: test\n\nmessage\n\nbytes 16\nSubject: large\n\n\n";
		my $left = $size - 16;
		while ($left > 0) {
			my $n = $left < 1000000 ? $left : 1000000;
			print "bytes $n\n", substr($text, 0, $n), "\n";
			$left -= $n;
		}
		print "end ok $size\nflush\n";' "$2" >&3
	wait_for 60 'tail -n 1 out | grep -qa "^flush"' || diag 'no end in time'
	kb=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
	echo 'done 1' >&3
	exec 3>&-
	wait "$pid"
	KB=$kb
}

size=200000000
peak 'if header "subject" "large" { keep; }' $size
ok "streamed through: $KB KiB of at most $most" '[ "$KB" -le "$most" ]'
ok 'all of it' '[ "$(stat -c %s out)" -gt $size ]'
peak 'require "body"; if body :raw :contains "no such text" { discard; }' $size
ok "spooled and searched: $KB KiB" '[ "$KB" -le "$most" ]'
ok 'all of it' '[ "$(stat -c %s out)" -gt $size ]'
peak 'require "body"; if body :text :contains ["no such text", "nor this"] { discard; }' $size
ok "its text decoded: $KB KiB" '[ "$KB" -le "$most" ]'
ok 'and kept by nobody' 'grep -aq "^action: implicit keep;" out'

# a header line of 20 MB: rules see the first MiB, all passes
"$MR_TOP/t/lib/generate" header 20000000 >line
printf 'if header :contains "subject" "a" { keep; }\nif not exists "no" { stop; }\n' >r.sieve
exits 'a header line of 20 MB' 0 mr-filter --rules r.sieve <line
is 'one line says so' "$(cat "$ERR")" \
	'mr-filter: message 1: the header is longer than 1 MiB; rules saw its first 1 MiB'
ok 'all of it passes' '[ "$(stat -c %s "$OUT")" -gt 20000000 ]'

# many small ones
"$MR_TOP/t/lib/generate" mbox 5000 0 >many
exits 'five thousand messages' 0 timeout 20 mr-filter --rules r.sieve --mbox <many
is 'all of them' "$(tail -n 1 "$OUT")" 'done 5000'

# hostile ones: each in a time that allows for a busy machine
hostile() {
	local label=$1 rule=$2
	printf 'require ["body","regex","fileinto","variables"];\n%s\n' "$rule" >r.sieve
	exits "$label" 0 timeout 10 mr-filter --message --rules r.sieve <hostile
}
perl -e 'print "To: ", "(" x 900000, "\n\n"' >hostile
hostile 'comments nested 900,000 deep' 'if address :contains "to" "x" { discard; }'
perl -e 'print "To: ", "a\@b," x 200000, "\n\n"' >hostile
hostile '200,000 addresses' 'if address :contains "to" "x" { discard; }'
perl -e 'print "Subject: ", "=?utf-8?q?a?= " x 70000, "\n\n"' >hostile
hostile '70,000 encoded words' 'if header :contains "subject" "x" { discard; }'
perl -e 'print "a:\n" x 300000, "\n"' >hostile
hostile '300,000 fields' 'if header :contains ["a", "b", "c", "d"] "x" { discard; }'
perl -e 'print "Content-Type: text/plain", "; a*0=b" x 100000, "\n\nx"' >hostile
hostile '100,000 parameters' 'if body :content "text" :contains "y" { discard; }'
perl -e 'print map("Content-Type: multipart/mixed; boundary=b$_\n\n--b$_\n", 1..20000), "x"' >hostile
hostile 'MIME nested 20,000 deep' 'if body :content "" :contains "y" { discard; }'
perl -e 'print "Subject: ", "a" x 60000, "!\n\n"' >hostile
hostile 'a regular expression without end' 'if header :regex "subject" "(a+)+$" { discard; }'
ok 'is given up, and said' 'grep -q "r.sieve:2: regular expression given up" "$ERR"'
ok 'and the message is kept' 'grep -aq "keep;" "$OUT"'
printf 'Subject: ../../etc/passwd\n\n' >hostile
hostile 'a capture that looks like a path' \
	'if header :matches "subject" "*" { fileinto "lists/${1}"; }'
ok 'travels as it is: mr-deliver knows what a folder is' \
	'grep -aq "fileinto \"lists/../../etc/passwd\";" "$OUT"'

done_testing
