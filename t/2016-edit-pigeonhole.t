#!/usr/bin/env bash
# editheader: the same scripts and messages through Pigeonhole's sieve-test, which stores what
# comes out, and through mr-filter. The messages must be the same but for how a new field is
# folded and encoded, and the case of its name.
#
# Left out: :regex, which aborts it; `deleteheader :last "x"` and `addheader "" "x"`, which RFC
# 5293 sections 4 and 5 want to be errors and it runs.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

type sieve-test >/dev/null 2>&1 || bail_out 'no sieve-test: t/check installs dovecot-sieve'

dir=$TEST_HOME/sieve
mkdir -p "$dir/home" "$dir/m"
uid=$(id -u) gid=$(id -g)
# sieve-test wants to be nobody when it is started by root.
[ "$uid" != 0 ] || { uid=65534 gid=65534; chmod 755 "$TEST_HOME"; chmod -R 777 "$dir"; }
cat >"$dir/dovecot.conf" <<CONF
mail_uid = $uid
mail_gid = $gid
first_valid_uid = 1
mail_home = $dir/home
mail_location = maildir:$dir/home/Maildir
postmaster_address = postmaster@example.org
log_path = /dev/stderr
info_log_path = /dev/stderr
plugin {
  sieve = file:$dir/home/active.sieve
}
CONF

printf '%s\n' 'From: a@b.org' 'To: c@d.org' 'Subject: hello' 'X-A: one foo' 'X-B: x' \
	'X-A: two' '	folded' 'X-A: =?iso-8859-1?q?Gr=FC=DFe?=' 'Received: r1' 'Received: r2' \
	'Auto-Submitted: no' '' 'body' >"$dir/m/a"
printf '%s\r\n' 'From: a@b.org' 'Subject: hello' 'X-A: 1' '' 'body' >"$dir/m/crlf"
printf '\nonly a body\n' >"$dir/m/none"
chmod -R a+r "$dir"

require='require ["editheader","fileinto","variables","copy","mailbox","body","relational","regex",
"comparator-i;ascii-numeric"];'

# Lines "FOLDER: FIELD" and "FOLDER| body line", in their order, from files of one message.
normal() {
	perl -MEncode -0777 -e '
		for my $file (@ARGV) {
			my ($folder) = $file =~ m{^([^=]*)=};
			open my $in, "<", $file =~ s/^[^=]*=//r or die;
			my ($head, $body) = split /^\r?\n/m, <$in>, 2;
			$head =~ s/\r//g;
			$body =~ s/\r//g if defined $body;
			$head =~ s/\n[ \t]/ /g;
			for (split /\n/, $head) {
				my ($name, $value) = split /:\s*/, $_, 2;
				$value = eval { encode("utf-8", decode("MIME-Header", $value)) } // $value;
				$value =~ s/\s+/ /g;
				$value =~ s/ $//;
				print "$folder: ", lc $name, ": $value\n";
			}
			print "$folder| $_\n" for split /\n/, $body // "";
		}' "$@"
}

theirs() {
	rm -rf "$dir/home/Maildir"
	sieve-test -c "$dir/dovecot.conf" -C -e -x +editheader -l "maildir:$dir/home/Maildir" \
		-f s@example.net -r me@example.net "$dir/home/active.sieve" "$dir/m/$1" \
		>"$OUT" 2>"$ERR" </dev/null
	# A run-time error is an exit status there, and the message is stored all the same.
	[ -d "$dir/home/Maildir" ] || {
		echo error
		return
	}
	(cd "$dir/home/Maildir" && for file in new/* cur/*; do
		[ -f "$file" ] && echo "INBOX=$file"
	done; for file in .*/new/* .*/cur/*; do
		[ -f "$file" ] && echo "${file%%/*}=$file"
	done) | sed 's/^\.//' >"$TEST_HOME/files"
	mapfile -t files <"$TEST_HOME/files"
	(cd "$dir/home/Maildir" && normal "${files[@]}") | sort -s -t: -k1,1
}

ours() {
	rm -rf "$TEST_HOME/ours"
	mkdir "$TEST_HOME/ours"
	mr-filter --rules "$dir/home/active.sieve" --message <"$dir/m/$1" >"$OUT" 2>"$ERR" || {
		echo error
		return
	}
	(cd "$TEST_HOME/ours" && perl -0777 -e '
		$_ = <>;
		s/^%mailrail-stream 1\n.*?\n\n//s or die;
		while (s/^message\n(.*?)\n\n//s) {
			my ($frame, $bytes) = ($1, "");
			while (s/^bytes (\d+)\n//) { $bytes .= substr $_, 0, $1, ""; s/^\n//; }
			s/^end ok.*\n//;
			for my $folder (map { /fileinto.* "(.*)";/ ? $1 : /keep/ ? "INBOX" : () }
				$frame =~ /^action: (.*)/mg) {
				open my $out, ">", $folder;
				print $out $bytes;
				print "$folder=$folder\n";
			}
		}' "$OUT" >"$TEST_HOME/files")
	mapfile -t files <"$TEST_HOME/files"
	(cd "$TEST_HOME/ours" && normal "${files[@]}") | sort -s -t: -k1,1
}

while IFS=' ' read -r message script; do
	[ -n "$message" ] || continue
	printf '%s\n%s\n' "$require" "$script" >"$dir/home/active.sieve"
	chmod a+r "$dir/home/active.sieve"
	theirs "$message" >"$TEST_HOME/theirs"
	ours "$message" >"$TEST_HOME/is"
	ok "$message: $script" 'cmp -s "$TEST_HOME/theirs" "$TEST_HOME/is"' ||
		diff "$TEST_HOME/theirs" "$TEST_HOME/is" | sed 's/^/# /'
done <<'TABLE'
a addheader "X-New" "value";
a addheader :last "X-New" "value";
a addheader "X-New" "1"; addheader "X-New" "2"; addheader :last "X-New" "3";
a addheader "X-New" "";
a addheader "X-New" "Grüße   an alle Übrigen	und mehr, so lang wie es geht, damit gefaltet wird ja";
a addheader "To" "Jörg Müller <a@b.org>, plain@x.org";
a addheader "X-New" "=?utf-8?q?abc?=";
a addheader "X-New" "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p";
a addheader "Received" "x"; addheader "Auto-Submitted" "auto-replied";
a deleteheader "X-A";
a deleteheader "x-a" "one foo";
a deleteheader :contains "X-A" "O";
a deleteheader :contains :comparator "i;octet" "X-A" "O";
a deleteheader :matches "X-A" "* foo*";
a deleteheader :matches "X-A" "o* foo"; addheader "X-C" "[${1}]";
a deleteheader :index 1 "X-A";
a deleteheader :index 1 :last "X-A";
a deleteheader :last :index 3 "X-A";
a deleteheader :index 4 "X-A";
a deleteheader :index 2 :contains "X-A" "one";
a deleteheader :index 2 :contains "X-A" "folded";
a deleteheader "X-A" "Grüße";
a deleteheader "Received"; deleteheader :index 1 "Auto-Submitted"; deleteheader "Subject";
a deleteheader :index 1 "X-A"; deleteheader :index 2 "X-A";
a addheader "X-Hello" "World"; deleteheader :index 1 "X-Hello";
a addheader "X-Hello" "World"; if header :contains "X-Hello" "World" { fileinto :create "international"; }
a keep; addheader "X-Flavor" "vanilla"; keep;
a fileinto :create :copy "one"; addheader "X-New" "1"; fileinto :create "two";
a fileinto :create "one"; addheader "X-New" "1"; fileinto "one";
a keep; deleteheader "X-A"; fileinto :create "one"; addheader "X-New" "1"; fileinto :create "two";
a addheader "X-New" "1"; if not exists "x-new" { discard; }
a deleteheader "X-A"; if exists "X-A" { discard; }
a deleteheader "From"; if address "from" "a@b.org" { discard; }
a addheader "X-New" "1"; if header :count "ge" :comparator "i;ascii-numeric" ["x-a", "x-new"] "4" { fileinto :create "four"; }
a set "n" "X-Var"; set "v" "a value"; addheader "${n}" "${v}";
a set "n" "X Var"; addheader "X-New" "1"; fileinto :create "one"; addheader "${n}" "v";
a addheader "X-New" "1"; stop; addheader "X-New" "2";
a addheader "X-New" "1"; if size :over 155 { fileinto :create "larger"; }
crlf addheader "X-New" "1"; addheader :last "X-End" "2"; deleteheader "X-A";
none addheader "X-New" "1"; addheader :last "X-End" "2";
TABLE

done_testing
