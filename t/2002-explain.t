#!/usr/bin/env bash
# mr-filter explain and check, as a person and as a program see them.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

cat >10.sieve <<'SIEVE'
require ["fileinto", "imap4flags", "copy", "envelope", "mailbox"];
if header :contains "list-id" "foo" {
	addflag "\\Seen";
	fileinto "lists/foo";
	stop;
}
if envelope :is "from" "" {
	redirect :copy "a@b.org";
}
if mailboxexists "there" {
	discard;
}
SIEVE
printf 'From: a@b.org\nSubject: one\nList-Id: <foo.example.org>\n\nbody\n' >list
printf 'From: a@b.org\nSubject: two\n\nbody\n' >other

exits 'explain' 0 mr-filter explain --rules 10.sieve list
is 'one action a line, with its rule' "$(cat "$OUT")" \
	'fileinto "lists/foo" flags "\\Seen" # 10.sieve:4'
run mr-filter explain --rules 10.sieve other
is 'implicit keep' "$(cat "$OUT")" 'implicit-keep # implicit'
run mr-filter explain --rules 10.sieve --envelope from= other
is 'redirect; the null sender from the command line' "$(cat "$OUT")" \
	'redirect "a@b.org" # 10.sieve:8
implicit-keep # implicit'
run mr-filter explain --rules 10.sieve --envelope from=x@y --mailbox there other
is 'discard; a folder from the command line' "$(cat "$OUT")" 'discard # 10.sieve:11'
run mr-filter explain --rules 10.sieve <list
is 'from stdin' "$(cat "$OUT")" 'fileinto "lists/foo" flags "\\Seen" # 10.sieve:4'
run mr-filter explain --rules 10.sieve list other
is 'several: an empty line between' "$(sed -n 2p "$OUT")" ''
is 'three lines' "$(wc -l <"$OUT")" 3

run mr-filter explain --tests --rules 10.sieve list
for text in 'message 1, from list' 'Subject: one' '-> fileinto "lists/foo"' '10.sieve:4' \
	'10.sieve:2 .*true .*header :contains "list-id" "foo"' 'saw: <foo.example.org>'; do
	ok "with tests: $text" 'grep -q -e "$text" "$OUT"'
done
ok 'a test that was false is not shown' '! grep -q envelope "$OUT"'
run mr-filter explain --tests -v --rules 10.sieve other
ok 'but with -v' 'grep -q "10.sieve:2 .*false .*header" "$OUT"'
ok 'and what was asked' 'grep -q "asked: mailbox there: no" "$OUT"'

mkdir -p md/cur md/new md/tmp
cp list md/cur/1:2,S
cp other md/new/2
run mr-filter explain --rules 10.sieve md
is 'a Maildir' "$(grep -c . "$OUT")" 2
{ echo 'From x Thu Jan  1 00:00:00 1970'; cat list; echo; echo 'From y Thu Jan  1 00:00:00 1970'; cat other; } >mbox
run mr-filter explain --rules 10.sieve mbox
is 'an mbox' "$(grep -c . "$OUT")" 2
mr-filter --rules 10.sieve <list >stream
run mr-filter explain --rules 10.sieve <stream
is 'a stream' "$(cat "$OUT")" 'fileinto "lists/foo" flags "\\Seen" # 10.sieve:4'
ok 'nothing was done' '[ ! -e "$HOME/Mail" ]'

# folders on disk
mkdir -p home/Mail/.there/{cur,new,tmp} home/Mail/{cur,new,tmp}
echo "deliver: { inbox = \"maildir:$TEST_HOME/home/Mail\" }" >config
chmod 600 config
run mr-filter -c config explain --rules 10.sieve other
is 'mailboxexists asks the disk' "$(cat "$OUT")" 'discard # 10.sieve:11'

# mistakes
printf 'require "fileinto";\nfileinto :copy "x";\nif foo { }\n' >bad.sieve
exits 'check of a bad file' 65 mr-filter check bad.sieve
is 'all mistakes, with line and caret' "$(cat "$OUT")" \
'bad.sieve:2:10: error: ":copy" expected require "copy" at the top
    fileinto :copy "x";
             ^
bad.sieve:3:4: error: unknown test "foo", expected one of mailrail-sieve(5)
    if foo { }
       ^'
exits 'check of a good file' 0 mr-filter check 10.sieve
ok 'says nothing' '[ ! -s "$OUT" ] && [ ! -s "$ERR" ]'
exits 'check of what is not there' 78 mr-filter check none.sieve
exits 'check of the configured rules' 0 mr-filter check
exits 'check of the shipped rules' 0 mr-filter check "$MR_TOP/rules.d"
exits 'explain with a bad file' 65 mr-filter explain --rules bad.sieve list
is 'keeps' "$(cat "$OUT")" 'implicit-keep # error at bad.sieve:2'
printf 'require ["fileinto", "variables"];\nfileinto "${x}";\n' >fails.sieve
exits 'explain with a rule that fails' 70 mr-filter explain --rules fails.sieve list
is 'keeps, too' "$(cat "$OUT")" 'implicit-keep # error at fails.sieve:2'
exits 'an envelope that is none' 64 mr-filter explain --envelope helo=x --rules 10.sieve list
exits 'a message that is not there' 75 mr-filter explain --rules 10.sieve none
exits 'a directory that is no Maildir' 64 mr-filter explain --rules 10.sieve home

# names and values from strangers do not reach the terminal as they are
printf 'Subject: \033[2Jevil\nList-Id: foo\n\n' >evil
run mr-filter explain --tests --rules 10.sieve evil
ok 'no escape sequence is passed through' '! grep -q "$(printf "\033")" "$OUT"'

done_testing
