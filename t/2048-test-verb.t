#!/usr/bin/env bash
# mr-filter test: a suite of messages with what is to become of them.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

cat >rule.sieve <<'SIEVE'
require ["fileinto", "date", "mailbox", "envelope", "duplicate"];
if header :contains "list-id" "foo" { fileinto "lists/foo"; stop; }
if currentdate :is "year" "2020" { fileinto "2020"; stop; }
if mailboxexists "there" { fileinto "there"; stop; }
if envelope :is "from" "" { discard; stop; }
SIEVE
mkdir suite
printf 'List-Id: <foo.x>\n\n' >suite/list.eml
printf 'Date: Thu, 2 Apr 2020 10:00:00 +0000\n\n' >suite/old.eml
printf 'Subject: x\n\n' >suite/plain.eml
printf 'Subject: x\n\n' >suite/null.eml
printf '%s\n' "--envelope 'from='" >suite/null.args
printf 'Subject: x\n\n' >suite/there.eml
echo '--mailbox there --envelope from=a@b' >suite/there.args
mkdir -p "$HOME"/Mail/.there/{cur,new,tmp} "$HOME"/Mail/{cur,new,tmp}
echo 'exec mr-filter test --rules rule.sieve suite' >suite.t
suite() { run mr-filter test --rules rule.sieve "$@" suite; }

suite
is 'nothing is expected yet' "$STATUS" 1
is 'so none is well' "$(grep -c '^not ok' "$OUT")" 5
like 'and it says what to do' "$(cat "$OUT")" 'no suite/list.expect; --accept writes it'
suite --accept
is '--accept' "$STATUS" 0
is 'writes the plain form' "$(cat suite/list.expect)" 'fileinto "lists/foo" # rule.sieve:2'
is 'the clock is that of the message' "$(cat suite/old.expect)" 'fileinto "2020" # rule.sieve:3'
is 'no folder is there but those told' "$(cat suite/plain.expect)" 'implicit-keep # implicit'
is 'options of one message' "$(cat suite/there.expect suite/null.expect)" \
	'fileinto "there" # rule.sieve:4
discard # rule.sieve:5'
suite
is 'all is well' "$STATUS" 0
is 'TAP' "$(cat "$OUT")" '1..5
ok 1 - list
ok 2 - null
ok 3 - old
ok 4 - plain
ok 5 - there'
ok 'prove takes it' 'prove -e sh suite.t'

sed -i '1a # a comment more' rule.sieve
suite
is 'rules may move to other lines' "$STATUS" 0
printf '# lists go where they belong\n\nfileinto "lists/foo"\n' >suite/list.expect
suite
is 'a rule need not be named' "$STATUS" 0
sed -i 's,lists/foo,lists/bar,' rule.sieve
suite
is 'a rule that does otherwise' "$STATUS" 1
is 'is told' "$(sed -n 2,4p "$OUT")" 'not ok 1 - list
#   expected: fileinto "lists/foo"
#        got: fileinto "lists/bar" # rule.sieve:3'
ok 'as prove sees it' '! prove -e sh suite.t'
echo '--no-such' >suite/list.args
suite
ok 'an option that is none fails its message' 'grep -q "list.args.*no-such" "$OUT"'
echo 'if foo {}' >bad.sieve
exits 'rules that do not compile' 65 mr-filter test --rules bad.sieve suite
mkdir empty
exits 'no messages' 64 mr-filter test --rules rule.sieve empty
exits 'no folder' 64 mr-filter test --rules rule.sieve
done_testing
