#!/usr/bin/env bash
# The same scripts and messages through Pigeonhole's sieve-test and through mr-filter explain:
# where both speak of the same language they decide the same.
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

require='require ["fileinto","variables","envelope","relational","regex","mailbox","copy",
"imap4flags","body","comparator-i;ascii-numeric","encoded-character"];'

printf '%s\n' 'From: Coyote <coyote@Desert.Example.ORG>' \
	'To: Road <runner@acme.example.com>, Group: a@x.org, "b c"@y.org;' \
	'Cc: wile@acme.example.com' 'Subject:   I have a present' ' for you  ' \
	'X-Word: =?iso-8859-1?q?Gr=FC=DFe?= =?utf-8?b?IMOk?=' 'X-Empty:' 'X-Number: 010' \
	'Received: a' 'Received: b' 'Received: c' \
	'List-Id: Foo list <foo.lists.example.com>' '' 'Look at this.' >"$dir/m/a"
printf '%s\n' 'From: Whomever <w@example.org>' 'To: Someone <s@example.org>' \
	'Subject: whatever' 'MIME-Version: 1.0' \
	'Content-Type: multipart/mixed; boundary=outer' '' 'A multi-part message.' '' \
	'--outer' 'Content-Type: multipart/alternative; boundary=inner' '' 'A nested one.' '' \
	'--inner' 'Content-Type: text/plain; charset=iso-8859-1' \
	'Content-Transfer-Encoding: quoted-printable' '' 'Hello Gr=FC=DFe' '' \
	'--inner' 'Content-Type: text/html' '' '<html><body>Hello</body></html>' '' '--inner--' \
	'' '--outer' 'Content-Type: text/plain' 'Content-Transfer-Encoding: base64' '' \
	'R2VoZWltLCBzZWhyIGdlaGVpbQ==' '' '--outer--' >"$dir/m/mime"
printf '\nonly a body\n' >"$dir/m/none"
chmod -R a+r "$dir"

# sieve-test's answer as lines: "folder NAME FLAGS", "redirect ADDRESS"; discard is nothing.
theirs() {
	sieve-test -c "$dir/dovecot.conf" -C -f sender@example.net -r me@example.net \
		"$dir/home/active.sieve" "$dir/m/$1" >"$OUT" 2>"$ERR" || {
		echo error
		return
	}
	perl -ne '
		sub flush_one { print join(" ", $what, sort map { lc } @flags), "\n" if $what }
		if (/^ \* store message in folder: (.*)/) { flush_one; $what = "folder $1"; @flags = () }
		elsif (/^ \* redirect message to: <(.*)>/) { flush_one; $what = "redirect $1"; @flags = () }
		elsif (/^ +\+ add IMAP flags: (.*)/) { push @flags, split / /, $1 }
		END { flush_one }' "$OUT" | sort -u
}

ours() {
	mr-filter explain --plain --rules "$dir/home/active.sieve" --mailbox there \
		--envelope from=sender@example.net --envelope to=me@example.net \
		"$dir/m/$1" >"$OUT" 2>"$ERR" || {
		echo error
		return
	}
	perl -ne '
		s/ # [^#]*$//;
		my @flags = s/ flags "(.*)"$// ? map { s/\\\\/\\/r } split(/ /, $1) : ();
		next if /^discard/;
		s/^(implicit-)?keep/folder INBOX/ or s/^fileinto "(.*)"/folder $1/ or
			s/^redirect "(.*)"/redirect $1/;
		chomp;
		print join(" ", $_, sort map { lc } @flags), "\n"' "$OUT" | sort -u
}

# differs TEST WHY: ours is true, theirs is not.
differs() {
	printf '%s\nif %s { keep; } else { discard; }\n' "$require" "$1" >"$dir/home/active.sieve"
	chmod a+r "$dir/home/active.sieve"
	is "$2: true here" "$(ours a)" 'folder INBOX'
	is "$2: false there" "$(theirs a)" ''
}

differs 'string "a" "A"' 'string compares by i;ascii-casemap unless told (RFC 5228 2.7.3)'

# MESSAGE then a test: true means keep, false discard.
while IFS=' ' read -r message test; do
	[ -n "$message" ] || continue
	case $message in
	'#'*) continue ;;
	esac
	if [ "${test:0:1}" = '!' ]; then
		printf '%s\n%s\n' "$require" "${test:1}" >"$dir/home/active.sieve"
	else
		printf '%s\nif %s { keep; } else { discard; }\n' "$require" "$test" \
			>"$dir/home/active.sieve"
	fi
	chmod a+r "$dir/home/active.sieve"
	is "$message: $test" "$(ours "$message")" "$(theirs "$message")"
done <<'TABLE'
# header
a header "x-number" "010"
a header :contains "subject" "PRESENT"
a header :contains :comparator "i;octet" "subject" "PRESENT"
a header :is "subject" "I have a present for you"
a header "x-empty" ""
a header :contains "x-none" ""
a header :contains "x-empty" ""
a header :is "received" "b"
a header :is ["x-none", "received"] ["z", "c"]
a header "x-word" "Grüße ä"
a header :contains "x-word" "üß"
a header :matches "subject" "*present*"
a header :matches "subject" "I * a present*"
a header :matches "subject" "present"
a header :matches "subject" "? have*"
a header :matches "subject" "*\\*"
a not header :matches "x-empty" "?*"
a not header :matches "x-none" "?*"
a header ["From:", "a b"] ""
a not exists "From:"
none header :contains "subject" ""
# exists, size, logic
a exists ["from", "TO", "cc"]
a exists ["from", "x-none"]
none exists "from"
a size :over 100
a size :under 100
a size :over 1K
a allof (true, not false, anyof (false, true))
a anyof (false, false)
# address
a address :is "from" "coyote@desert.example.org"
a address :domain "from" "desert.example.org"
a address :localpart "from" "COYOTE"
a address :localpart :comparator "i;octet" "from" "COYOTE"
a address :contains "from" "Coyote <"
a address "to" "a@x.org"
a address :contains "to" "group"
a address :localpart "to" "b c"
a address :domain ["cc", "to"] "y.org"
a address :matches ["to", "cc"] ["coyote@**.com", "wile@**.com"]
a address :domain :contains "to" "acme"
# envelope
a envelope "from" "sender@example.net"
a envelope :domain "from" "example.net"
a envelope :localpart "to" "me"
a envelope ["from", "to"] "me@example.net"
a envelope :is "to" "you@example.net"
# relational
a header :count "eq" :comparator "i;ascii-numeric" "received" "3"
a header :count "ge" :comparator "i;ascii-numeric" ["received", "subject"] "4"
a header :count "lt" :comparator "i;ascii-numeric" "received" "10"
a header :count "gt" :comparator "i;ascii-numeric" "x-none" "0"
a address :count "eq" :comparator "i;ascii-numeric" "to" "3"
a header :value "gt" :comparator "i;ascii-numeric" "x-number" "9"
a header :value "lt" "x-number" "9"
a header :value "ge" "subject" "I GAVE"
a header :value "eq" :comparator "i;octet" "subject" "i have a present for you"
a header :comparator "i;ascii-numeric" "x-number" "10"
# regex, in what POSIX and PCRE2 share
a header :regex "subject" "^i.*present"
a header :regex :comparator "i;octet" "subject" "PRESENT"
a header :regex "x-number" "^[[:digit:]]{3}$"
a header :regex "subject" "(absent|present) for"
a header :regex "subject" ["x", "you$"]
# string, variables
a string "a" ["b", "a"]
a string " a" "a"
a string :matches "abc" "a?c"
a string :count "eq" :comparator "i;ascii-numeric" ["a", "", "b"] "2"
a !set "a" "x"; fileinto "${A}";
a !fileinto "x${none}y";
a !set "a" "$"; fileinto "${a}{b}";
a !fileinto "&%${}! ${doh!}";
a !set :length "a" "juMBlEd lETteRS"; fileinto "${a}";
a !set :upperfirst :lower "a" "juMBlEd lETteRS"; fileinto "${a}";
a !set :upper "a" "abc"; fileinto "${a}";
a !set :lowerfirst "a" "ABC"; fileinto "${a}";
a !set :quotewildcard "a" "Rock*"; if string :matches "Rock*" "${a}" { fileinto "ok"; }
a !set :quotewildcard :length "a" "R*"; fileinto "${a}";
a !if header :matches "list-id" "*<*.lists.*>" { fileinto "l-${2}"; }
a !if string :matches "a.b.c" "*.*" { fileinto "${1}-${2}"; }
a !if string :matches "abc" "?*?" { fileinto "${1}-${2}-${3}-${0}"; }
a !if address :matches ["to", "cc"] ["coyote@**.com", "wile@**.com"] { fileinto "x${1}-${2}"; }
a !if string :matches "a" "*" { } if string :matches "b" "x*" { } fileinto "x${1}";
a !if anyof (true, string :matches "x" "*") { fileinto "a${1}"; }
a !if string :matches "abc" "?*" { fileinto "${0002}"; }
a !if header :regex "list-id" "<([^.]+)" { fileinto "l-${1}"; }
a !if header :matches "subject" "I * A *" { fileinto "${1}-${2}"; }
# encoded characters
a string "$${hex:40}" "$@"
a string "${hex: 41  42 }" "AB"
a string "${hex:40" "${hex:40"
a string "${hex:400}" "${hex:400}"
a string "${unicode:00e4}" "ä"
a string "${UnICoDE:0000040}" "@"
a !fileinto "d${hex:2d 24 7b 4e}ame}";
a !redirect "${unicode:DF01}@example.org";
a !redirect "${unicode:200000}@example.org";
# actions
a !
a !keep;
a !discard;
a !stop; discard;
a !fileinto "a";
a !fileinto "a"; keep;
a !fileinto :copy "a";
a !fileinto "a"; fileinto "a";
a !fileinto "a"; discard;
a !fileinto "INBOX";
a !redirect "a@b.example.org";
a !redirect :copy "a@b.example.org";
a !redirect "a@b.example.org"; redirect "c@b.example.org";
a !keep; discard;
a !keep; fileinto :flags "x" "INBOX";
a !redirect "Bart <bart@b.org>"; redirect "a@b.org (x)";
a !if false { keep; } elsif true { discard; } else { fileinto "x"; }
a !if true { if false { } else { fileinto "y"; stop; } } discard;
a !if true { stop; } discard;
# flags
a !addflag "\\Seen";
a !setflag ["a", "b"]; keep;
a !setflag "a"; keep :flags "b c";
a !addflag "a b"; addflag "A c"; removeflag "B"; keep;
a !setflag "v" "a b"; addflag "v" "c"; fileinto :flags "${v}" "x";
a !setflag "A B"; if hasflag :is "b A" { fileinto "x"; }
a !set "k" "A B"; setflag "b"; if hasflag "${k}" { fileinto "x"; }
a !set "my" "NonJunk Junk gnus-forward"; if hasflag :contains "my" ["label", "forward"] { discard; }
a !set "my" "NonJunk Junk"; if hasflag :contains "my" ["label1", "label2"] { discard; }
a !set "f" "A B"; if hasflag :count "ge" :comparator "i;ascii-numeric" "f" "2" { discard; }
a !fileinto :flags "\\Flagged $x" "y"; addflag "\\Seen"; keep;
# body
mime body :raw :contains "--inner--"
mime body :raw :contains "Whomever"
mime body :raw :contains "Geheim"
mime body :contains "sehr geheim"
mime body :contains "grüße"
mime body :text :contains "multi-part"
mime body :content "text/html" :contains "<body>Hello"
mime body :content "text" :contains "<html>"
mime body :content "text/plain" :contains "<html>"
mime body :content "audio/mp3" :contains ""
mime body :content "text/" :contains ""
mime body :content "text/plain" :matches "Hello*"
mime body :content "text/plain" :is "geheim, sehr geheim"
a body :raw :contains "look at"
none body :raw :contains "ONLY a"
# mailbox
a mailboxexists "INBOX"
a mailboxexists "nowhere"
# what must not compile
a !fileinto;
a !keep "x";
a !bogus;
a !if bogus { keep; }
a !if header "a" { }
a !if header :is :contains "a" "b" { }
a !if header :comparator "i;klingon" "a" "b" { }
a !if header :contains :comparator "i;ascii-numeric" "a" "b" { }
a !if size 10 { }
a !if size :over :under 10 { }
a !if address "subject" "x" { }
a !if envelope "helo" "x" { }
a !else { }
a !if true { } else { } else { }
a !keep
a !keep; }
a !if true { keep;
a !fileinto ["a"];
a !keep; require "body";
a !set "1" "x";
a !set "a.b" "x";
a !set :lower :upper "a" "x";
a !set :shout "a" "x";
a !if header :regex "a" "(" { }
a !if header :count "more" "a" "b" { }
a !redirect "nobody@";
a !if true;
a !if allof true { }
a !if (true) { }
a !keep :loud;
a !redirect "a@b@c";
a !redirect "g: a@b.c;";
TABLE

done_testing
