#!/usr/bin/env bash
# replace and enclose through the stream: attachments taken out of large messages, messages
# put into others.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
rules=$TEST_HOME/rules.sieve

bytes_of() {
	perl -0777 -e '
		$_ = <>;
		s/^%mailrail-stream 1\n.*?\n\n//s or die;
		my $n = shift // 1;
		while (s/^message\n(.*?)\n\n//s) {
			my $bytes = "";
			while (s/^bytes (\d+)\n//) { $bytes .= substr $_, 0, $1, ""; s/^\n// or die; }
			s/^end ok (\d+)\n// or die "no end";
			$1 == length $bytes or die "count";
			print $bytes and last if $1 && !--$n;
		}' "$1" "${2:-1}"
}

{
	printf '%s\n' 'From: a@b.org' 'To: me@example.org' 'Subject: two attachments' \
		'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary="outer"' '' \
		'--outer' 'Content-Type: text/plain' '' 'Read these.' '--outer' \
		'Content-Type: application/zip' 'Content-Transfer-Encoding: base64' ''
	head -c 3000000 /dev/urandom | base64
	printf '%s\n' '--outer' 'Content-Type: message/rfc822' '' 'From: inner@b.org' \
		'Content-Type: multipart/alternative; boundary=inner' '' '--inner' \
		'Content-Type: application/x-evil' '' 'evil' '--inner' '' 'fine' '--inner--' '--outer--'
} >large

cat >"$rules" <<'END'
require ["foreverypart", "mime", "replace", "fileinto", "copy"];
fileinto :copy "all";
foreverypart {
	if header :mime :type "Content-Type" "application" {
		replace "An attachment was removed.";
	}
}
END
exits 'attachments removed' 0 mr-filter --rules "$rules" <large
is 'in silence' "$(<"$ERR")" ''
is 'two variants' "$(grep -ac '^variant: ' "$OUT")" 2
bytes_of "$OUT" 1 >first
bytes_of "$OUT" 2 >second
ok 'the first is the message as it came' 'cmp -s large first'
is 'the second is what it says' "$(<second)" \
	"$(sed -n '1,/^Read these/p' large)
--outer
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

An attachment was removed.
--outer
Content-Type: message/rfc822

From: inner@b.org
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

An attachment was removed.
--inner

fine
--inner--
--outer--"

cat >"$rules" <<'END'
require ["enclose", "fileinto", "copy", "editheader"];
enclose :subject "Attention: Grüße" :headers ["To"] text:
This looks like spam.
.
;
addheader "X-Enclosed" "yes";
redirect :copy "x@example.net";
END
{
	printf '%%mailrail-stream 1\nprogram: t\n\nmessage\nid: i\nrcpt-to: me@example.org\n\n'
	perl -e '
		$/ = \1000000;
		while (<>) { print "bytes ", length, "\n$_\n"; $size += length; }
		print "end ok $size\ndone 1\n"' large
} >stream
exits 'a message within another one' 0 mr-filter --rules "$rules" <stream
bytes_of "$OUT" 1 >first
bytes_of "$OUT" 2 >second
ok 'the redirect has it as it was' 'cmp -s large first'
is 'a new header' "$(sed '/^$/,$d; s/[0-9a-f]\{32,40\}/HASH/; s/^Date: .*/Date:/
	s/<.*@/<ID@/' second)" 'X-Enclosed: yes
From: me@example.org
To: me@example.org
Subject: =?UTF-8?Q?Attention=3A_Gr=C3=BC=C3=9Fe?=
Date:
Message-ID: <ID@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed;
 boundary="=_HASH"'
perl -0777 -ne '
	my ($b) = /boundary="(.*?)"/;
	my @parts = split /\n--\Q$b\E(?:--)?\n/;
	@parts == 3 or die scalar @parts;
	$parts[2] =~ s/^Content-Type: message\/rfc822\n\n// or die "no message";
	print $parts[2]' second >inner 2>"$ERR"
ok 'and the message whole' 'cmp -s inner large'
cp "$OUT" once
run mr-filter --rules "$rules" <stream
is 'decided again, it is the same but for the date' \
	"$(sed '/^Date:/d' once | cksum)" "$(sed '/^Date:/d' "$OUT" | cksum)"

echo 'require ["replace"]; replace "gone";' >"$rules"
{ printf 'Subject: s\n'; for ((i = 0; i < 16000; i++)); do printf 'Y-%05d: %064d\n' $i $i; done
	printf '\nbody\n'; } >long
exits 'a header longer than rules see' 0 mr-filter --rules "$rules" <long
ok 'is not replaced, and kept whole' 'bytes_of "$OUT" | cmp -s - long'
like 'and the rule is named' "$(<"$ERR")" 'rules.sieve:1: the header is longer than 1 MiB'

# Many parts of a large message: not each of them costs all of it.
perl -e 'print "Content-Type: multipart/mixed; boundary=b\n\n";
	print "--b\n\n", "x" x 20000, "\n" for 1 .. 900; print "--b--\n"' >many
echo 'require ["replace", "foreverypart"]; foreverypart { foreverypart { replace "gone"; } }' >"$rules"
exits '900 parts of 18 MB' 0 timeout 60 mr-filter --rules "$rules" <many
ok 'are kept as they came' 'bytes_of "$OUT" | cmp -s - many'
like 'and it is said why' "$(<"$ERR")" 'replaced too often for its size'

done_testing
