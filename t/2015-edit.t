#!/usr/bin/env bash
# editheader through the stream: what no rule touched stays byte for byte, one state goes
# out as a message whose body streams through, several as a unit of variants.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
rules=$XDG_CONFIG_HOME/mailrail/rules.d
mkdir -p "$rules"
require='require ["editheader", "fileinto", "copy", "body", "variables", "imap4flags"];'

rule() {
	rm -f "$rules"/*
	printf '%s\n%s\n' "$require" "$1" >"$rules/10.sieve"
}
# split FILE: each message of a stream as "N.frame" and "N.bytes"; prints the last lines.
split_stream() {
	rm -f [0-9]*.frame [0-9]*.bytes
	perl -0777 -e '
		$_ = <>;
		s/^%mailrail-stream 1\n.*?\n\n//s or die "no preamble";
		for (my $n = 1; s/^message\n(.*?)\n\n//s; $n++) {
			my ($frame, $bytes) = ($1, "");
			while (s/^bytes (\d+)\n//) {
				$bytes .= substr $_, 0, $1, "";
				s/^\n// or die "no line end behind a chunk";
			}
			s/^end ok (\d+)\n// or die "no end: " . substr $_, 0, 40;
			$1 == length $bytes or die "count";
			for (["frame", "$frame\n"], ["bytes", $bytes]) {
				open my $f, ">", "$n.$_->[0]";
				print $f $_->[1];
			}
		}
		print' "$1"
}
frame_of() {
	grep -E '^(variant|action|id):' "$1.frame"
}

printf 'From: a@b.org\nSubject: hello\nX: 1\n\nbody\n' >plain

rule 'addheader "X-New" "1"; deleteheader "x";'
exits 'one state' 0 mr-filter <plain
is 'is a message of its own' "$(split_stream "$OUT"; frame_of 1)" 'done 1
action: implicit keep;'
is 'with the edited header' "$(<1.bytes)" 'X-New: 1
From: a@b.org
Subject: hello

body'

rule 'fileinto :copy "a"; addheader "X-New" "1"; redirect :copy "a@b.org"; deleteheader "x";'
{
	printf '%%mailrail-stream 1\nprogram: test\n\n'
	for i in 1 2; do
		printf 'message\nid: i:%d\nmail-from: s@e.org\n\nbytes 22\nSubject: x\nX: y\n\nbody\n' $i
		printf '\nend ok 22\n'
	done
	printf 'flush\ndone 2\n'
} >two
exits 'three states' 0 mr-filter <two
is 'the count is that of messages' "$(split_stream "$OUT")" 'flush
done 2'
is 'the first variant' "$(frame_of 1; cat 1.bytes)" 'id: i:1
variant: 1/3
action: 10.sieve:2 fileinto "a";
Subject: x
X: y

body'
is 'the second' "$(frame_of 2; cat 2.bytes)" 'id: i:1
variant: 2/3
action: 10.sieve:2 redirect "a@b.org";
X-New: 1
Subject: x
X: y

body'
is 'the third' "$(frame_of 3; cat 3.bytes)" 'id: i:1
variant: 3/3
action: implicit keep;
X-New: 1
Subject: x

body'
is 'the next message likewise' "$(frame_of 4 | head -2)" 'id: i:2
variant: 1/3'
is 'the envelope is that of all' "$(grep -c 'mail-from: s@e.org' [1-6].frame | grep -c ':1$')" 6
cp "$OUT" units
rule 'discard;'
run mr-filter <units
ok 'a filter behind it leaves the variants as they are' 'cmp -s units "$OUT"'

# A body is streamed through, or held, as the states need it.
{ printf 'Subject: big\n\n'; head -c 3000000 /dev/zero | tr '\0' x; } >big
rule 'addheader "X-New" "1";'
export TMPDIR=/nonexistent
exits 'one state, a large body: no spool' 0 mr-filter <big
unset TMPDIR
split_stream "$OUT" >/dev/null
ok 'and all of it comes' 'cmp -s <(echo "X-New: 1"; cat big) 1.bytes'
rule 'keep; addheader "X-New" "1"; fileinto "a";'
exits 'two states of it' 0 mr-filter <big
split_stream "$OUT" >/dev/null
ok 'the one as it came' 'cmp -s big 2.bytes'
ok 'the other edited' 'cmp -s <(echo "X-New: 1"; cat big) 1.bytes'
export TMPDIR=/nonexistent
exits 'and no place to spool it' 75 mr-filter <big
unset TMPDIR
like 'ends the stream' "$(tail -1 "$OUT")" '^abort .*spool'
rule 'addheader "X-New" "1"; if body :contains "xxxx" { fileinto "a"; }'
exits 'with a test of the body' 0 mr-filter <big
split_stream "$OUT" >/dev/null
ok 'the same' 'cmp -s <(echo "X-New: 1"; cat big) 1.bytes && grep -q fileinto 1.frame'
head -c 2000000 big >part
{ printf '%%mailrail-stream 1\nprogram: test\n\nmessage\n\nbytes 13\nSubject: big\n\nbytes 1\n\n\n'
	printf 'end abort gone\ndone 1\n'; } >cut
rule 'keep; addheader "X-New" "1"; fileinto "a";'
exits 'cut while it is held' 0 mr-filter <cut
is 'is one cut message' "$(grep -c '^message' "$OUT") $(tail -2 "$OUT" | tr '\n' ' ')" \
	'1 end abort gone done 1 '
cp "$OUT" passed
exits 'and the next one takes that' 0 mr-filter <passed

# Whatever the message is like: a field more, and else not a byte of it.
printf 'A: \000\000\n\n\000body\000' >nul
printf 'no header\nat all\n' >headless
printf 'A: b' >short
printf 'A: b\r\nC: d\n\r\nx\ry\r\n\n' >ends
printf '\n' >blank
printf '\r\nx' >crlf-blank
printf 'A: \377\376\r\n\r\n\377' >bytes
printf 'A: b\njunk\n more\nC: d\n\nx' >junk
changed='' failed=''
for where in '' :last; do
	rule "addheader $where \"X-Edit\" \"1\"; deleteheader \"x-never-there\";"
	for file in nul headless short ends blank crlf-blank bytes junk "$MR_TOP"/t/corpus/*.eml; do
		[ -s "$file" ] && [ "${file##*/}" != from-line-first.eml ] || continue
		run mr-filter --message <"$file"
		[ "$STATUS" = 0 ] && [ ! -s "$ERR" ] || failed="$failed ${file##*/}"
		split_stream "$OUT" >/dev/null
		perl -0777 -e '
			open my $was, "<", $ARGV[0]; open my $is, "<", $ARGV[1];
			my ($a, $b) = (scalar <$was>, scalar <$is>);
			exit 0 if $b =~ s/^X-Edit: 1\r?\n//m && $b eq $a;
			exit 0 if $b =~ s/^\r?\n// && $b eq $a; # it was all body
			exit 0 if $b eq "$a\n";                 # it had no last line end
			exit 1' "$file" 1.bytes || changed="$changed ${file##*/}$where"
	done
done
is 'no odd message fails' "$failed" ''
is 'no byte of any is changed' "$changed" ''
rule 'addheader "X-Edit" "1"; addheader :last "X-Edit" "2"; deleteheader "X-Edit";'
changed=''
for file in nul ends blank crlf-blank bytes junk "$MR_TOP"/t/corpus/*.eml; do
	[ -s "$file" ] && [ "${file##*/}" != from-line-first.eml ] || continue
	run mr-filter --message <"$file"
	split_stream "$OUT" >/dev/null
	perl -0777 -e 'open my $was, "<", $ARGV[0]; open my $is, "<", $ARGV[1];
		my ($a, $b) = (scalar <$was>, scalar <$is>); $b =~ s/^\n// if $a ne $b;
		exit !($a eq $b || "$a\n" eq $b)' "$file" 1.bytes || changed="$changed ${file##*/}"
done
is 'what is added and removed again leaves nothing' "$changed" ''

# A header longer than rules see.
{ printf 'Subject: s\nX: first\n'
	for ((i = 0; i < 16000; i++)); do printf 'Y-%05d: %064d\n' $i $i; done
	printf 'X: last\n\nbody\n'; } >long
rule 'addheader "X-New" "1"; addheader :last "X-End" "1"; deleteheader "x"; deleteheader "Subject";'
exits 'a header of 1.2 MiB' 0 mr-filter <long
split_stream "$OUT" >/dev/null
ok 'edited on top, and no further than was seen' \
	'cmp -s <(echo "X-New: 1"; sed 1,2d long) 1.bytes'
like 'and says so' "$(<"$ERR")" 'longer than 1 MiB'
{ printf 'Subject: s\n'; printf 'Z:'; head -c 1200000 /dev/zero | tr '\0' z; printf '\nX: 1\n\nb\n'; } >wide
rule 'deleteheader "Z"; deleteheader "Subject";'
run mr-filter <wide
split_stream "$OUT" >/dev/null
ok 'a field that goes on beyond is not cut in two' 'cmp -s <(sed 1d wide) 1.bytes'

# Errors.
rule 'addheader "X-New" "1"; fileinto "a"; fileinto "${none}";'
exits 'a rule that fails behind an edit' 0 mr-filter <plain
split_stream "$OUT" >/dev/null
is 'keeps the message' "$(frame_of 1)" 'action: error%20at%2010.sieve:2 keep;'
ok 'as it came' 'cmp -s plain 1.bytes'
rule 'addheader "X" "${value}";'
{ printf '%s\nset "v" "' 'require ["editheader","variables"];'
	printf '%030000d' 0 | sed 's/0/v /g'
	printf '";\n'
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		echo 'addheader "X" "${v}";'
	done; } >"$rules/10.sieve"
exits 'more fields than a header holds' 0 mr-filter <plain
like 'is an error' "$(<"$ERR")" '10.sieve:20: more than 1 MiB of fields'
split_stream "$OUT" >/dev/null
ok 'that keeps it as it came' 'cmp -s plain 1.bytes'

done_testing
