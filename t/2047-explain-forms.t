#!/usr/bin/env bash
# What explain prints: the plain form that stays, JSON, and colours for a terminal.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

printf 'From: "A \303\244" <a@b.org>\nSubject: o"ne\nMessage-ID: <m@x>\n\nbody\n' >one
cat >rule.sieve <<'SIEVE'
require ["fileinto", "copy", "imap4flags", "mailbox"];
if header :contains "subject" ["two", "o\"ne"] {
	fileinto :flags "\\Seen" "a\"b\\c";
}
if mailboxexists "x" { discard; }
redirect "a@b";
SIEVE
run mr-filter explain --rules rule.sieve --mailbox y one
is 'plain' "$(cat "$OUT")" 'fileinto "a\"b\\c" flags "\\Seen" # rule.sieve:3
redirect "a@b" # rule.sieve:6'
exits 'JSON' 0 mr-filter explain --json --rules rule.sieve --mailbox y one one
is 'a line for each message' "$(wc -l <"$OUT")" 2
is 'members' "$(perl -MJSON::PP -ne '
	my $o = decode_json($_);
	print join(",", sort keys %$o), "\n";
	print "$o->{message} $o->{source} $o->{subject} $o->{\"message-id\"}\n";
	print "$_->{action} $_->{target} $_->{rule}", $_->{flags} ? " @{$_->{flags}}" : "", "\n"
		for @{$o->{actions}};
	print $_->{result} ? "true" : "false", " $_->{rule} ", $_->{saw} // "-", "\n"
		for @{$o->{tests}};
	print "@{$o->{asked}}\n"; last' "$OUT")" 'actions,asked,from,message,message-id,notes,source,subject,tests
1 one o"ne <m@x>
fileinto a"b\c rule.sieve:3 \Seen
redirect a@b rule.sieve:6
true rule.sieve:2 o"ne
false rule.sieve:5 x
mailbox x: no'
printf 'require "variables";\nredirect "${x}";\n' >fails.sieve
exits 'a rule that fails' 70 mr-filter explain --json --rules fails.sieve one
ok 'is told' 'perl -MJSON::PP -ne "exit(decode_json(\$_)->{error} =~ /fails.sieve:2/ ? 0 : 1)" "$OUT"'

# script(1) gives it a terminal.
terminal() { script -qec "mr-filter explain --rules rule.sieve ${1:-} one" /dev/null </dev/null; }
escape=$(printf '\033')
export TERM=xterm
ok 'colours on a terminal' 'terminal | grep -q "$escape\[32mtrue"'
ok 'none with NO_COLOR' '! NO_COLOR=1 terminal | grep -q "$escape"'
ok 'an empty NO_COLOR is none' 'NO_COLOR= terminal | grep -q "$escape"'
ok 'none with TERM=dumb' '! TERM=dumb terminal | grep -q "$escape"'
ok 'none with --plain' '! terminal --plain | grep -q "$escape"'
ok 'none where there is no terminal' \
	'! mr-filter explain --tests --rules rule.sieve one | grep -q "$escape"'
done_testing
