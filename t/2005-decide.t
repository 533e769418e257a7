#!/usr/bin/env bash
# mr-filter decide: from the header alone, whether a message need not be fetched at all.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
PATH=$MR_BUILD/t/fake:$PATH

printf 'From: spam@b.org\nSubject: buy\n\n' >spam
printf 'From: friend@b.org\nSubject: hello\n\n' >friend
printf 'Subject: cut' >cut

# decides LABEL WANTED RULES [make-stream ARGUMENT...]
decides() {
	local label=$1 wanted=$2
	printf '%s\n' "$3" >r.sieve
	shift 3
	make-stream "$@" | run mr-filter decide --rules r.sieve
	is "$label" "$(tr '\n' ' ' <"$OUT")" "$wanted "
}

spam='if header "subject" "buy" { discard; }'
decides 'what is discarded, by which rule' 'fetch discard r.sieve:1 fetch' "$spam" friend spam cut
decides 'a discard behind a keep is none' 'fetch' "if true { keep; } $spam" spam
decides 'nor one beside an action' 'fetch' 'require ["fileinto", "copy"];
fileinto :copy "x"; discard;' spam
decides 'a rule that needs the body' 'fetch fetch' "require \"body\";
if body :contains \"x\" { keep; stop; }
$spam" spam friend
decides 'a body test that is not reached does not matter' 'discard r.sieve:2' "require \"body\";
if anyof (header \"subject\" \"buy\", body :contains \"x\") { discard; }" spam
decides 'one under "not" does' 'fetch' 'require "body";
if not body :contains "x" { discard; }' spam
decides 'the size, when nobody told it' 'fetch' 'if size :under 1M { discard; }' spam
over='if size :over 1M { discard; }'
decides 'the size that the source tells' 'discard r.sieve:1' "$over" 'size=2000000' spam
decides 'one that is too small' 'fetch' "$over" 'size=20' spam
decides 'what must be asked of the world' 'fetch' 'require "mailbox";
if not mailboxexists "nowhere" { discard; }' spam
decides 'a rule that fails' 'fetch' 'require "variables";
set "a" "${unknown}"; if header :matches "subject" "*" { discard; } redirect "no address";' spam
decides 'rules that do not compile' 'fetch' 'discard' spam
perl -e 'print "X: ", "y" x 100, "\n" for 1 .. 20000; print "\n"' >long
decides 'a header longer than rules see' 'fetch' 'discard;' long

# whoever asks waits for the answer before it asks on
printf 'discard;\n' >r.sieve
mkfifo ask
mr-filter decide --rules r.sieve <ask >answers 2>err &
child=$!
exec 9>ask
make-stream --end none spam >&9
ok 'an answer comes before the next question' 'wait_for 5 "[ -s answers ]"'
exec 9>&-
wait "$child"
is 'an input that breaks off' "$?" 75

exits 'no stream' 75 mr-filter decide --rules r.sieve </dev/null
exits 'a file as argument' 64 mr-filter decide spam </dev/null

done_testing
