#!/usr/bin/env bash
# explain and check play the world that the command line tells of.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

printf 'From: a@b.org\nTo: me@here.org\nSubject: one\n\nbody\n' >one
rule() { printf '%s\n' "$@" >rule.sieve; }
explain() { run mr-filter explain --rules rule.sieve "$@"; }

rule 'require ["envelope", "fileinto"];' \
	'if envelope :is "from" "" { fileinto "null"; }' \
	'if envelope :is "to" "x@y.org" { fileinto "to"; }'
explain --envelope from= one
is 'the null sender' "$(head -1 "$OUT")" 'fileinto "null" # rule.sieve:2'
explain --envelope from=a@b --envelope to=w@y.org --envelope to=x@y.org one
is 'several recipients' "$(cat "$OUT")" 'fileinto "to" # rule.sieve:3'
explain --envelope from=a@b one
is 'another sender' "$(cat "$OUT")" 'implicit-keep # implicit'
explain --envelope orig_to=o@y.org --envelope auth=me one
is 'the other parts are taken' "$STATUS" 0
exits 'a part that is none' 64 mr-filter explain --rules rule.sieve --envelope helo=x one

rule 'require ["date", "relational", "fileinto"];' \
	'if currentdate :value "ge" "iso8601" "2030" { fileinto "later"; }'
explain --now 2031-02-03T04:05:06Z one
is '--now, RFC 3339' "$(cat "$OUT")" 'fileinto "later" # rule.sieve:2'
explain --now @1 one
is '--now, seconds since 1970' "$(cat "$OUT")" 'implicit-keep # implicit'
exits 'a time that is none' 64 mr-filter explain --rules rule.sieve --now tomorrow one
exits 'a time of no calendar' 64 mr-filter explain --rules rule.sieve --now @253402300800 one

rule 'redirect "a@x.org";' 'redirect "b@x.org";'
explain --set max-redirects=1 one
is '--set: a limit, which fails the rule' "$STATUS" 70
is 'and keeps' "$(cat "$OUT")" 'implicit-keep # error at rule.sieve:2'
explain one
is 'without it all is well' "$STATUS" 0
exits 'a setting that is none' 64 mr-filter explain --set max-redirect=1 one
exits 'a value that is none' 64 mr-filter explain --set max-redirects=many one
exits 'no value' 64 mr-filter explain --set max-redirects one

mkdir inc glob
echo 'require "fileinto"; fileinto "mine";' >inc/a.sieve
echo 'require "fileinto"; fileinto "ours";' >glob/a.sieve
rule 'require "include";' 'include "a";' 'include :global "a";'
explain --include-dir inc --global-include-dir glob one
is 'included scripts' "$(sed 's/ #.*//' "$OUT")" 'fileinto "mine"
fileinto "ours"'
exits 'check finds them, too' 0 mr-filter check --include-dir inc --global-include-dir glob rule.sieve

rule 'require ["mailbox", "fileinto"];' 'if mailboxexists "a/b" { fileinto "a/b"; }'
explain --mailbox a/b --record rec one
is 'a folder that exists' "$(cat "$OUT")" 'fileinto "a/b" # rule.sieve:2'
is 'the record' "$(cat rec)" 'message 1
mailbox a/b: yes'
explain --mailbox c --replay rec one
is 'replayed' "$(cat "$OUT")" 'fileinto "a/b" # rule.sieve:2'
explain --mailbox c --replay rec one one
is 'an answer is for its message' "$(sed -n 3p "$OUT")" 'implicit-keep # implicit'
echo 'mailbox a/b: yes' >rec
explain --mailbox c --replay rec one one
is 'or for all, when it stands before them' "$(sed -n 3p "$OUT")" 'fileinto "a/b" # rule.sieve:2'
exits 'a record that is not there' 78 mr-filter explain --rules rule.sieve --replay none one
rule 'require "duplicate";' 'if duplicate { discard; }'
explain --seen m@x.org one
is '--seen: another id' "$(tail -1 "$OUT")" 'implicit-keep # implicit'
printf 'Message-ID: <m@x.org>\n\n' >twice
explain --seen '<m@x.org>' twice
is '--seen: its id' "$(cat "$OUT")" 'discard # rule.sieve:2'
rule 'require "duplicate";' 'if duplicate :handle "a b" { discard; }'
explain --seen '<m@x.org>' twice
is '--seen: under any handle' "$(cat "$OUT")" 'discard # rule.sieve:2'
rule 'require "duplicate";' 'if duplicate :seconds 60 :last :header "x-id" { discard; }'
printf 'X-Id: one 100%%\n\n' >other
explain --seen 'one 100%' --seen y other
is '--seen: of another field' "$(tail -1 "$OUT")" 'discard # rule.sieve:2'
explain --seen one other
is '--seen: all of it' "$(tail -1 "$OUT")" 'implicit-keep # implicit'
rule 'require "duplicate";' 'if duplicate { discard; }'
explain twice twice
is 'the second of two' "$(tail -1 "$OUT")" 'discard # rule.sieve:2'

rule 'require ["envelope", "fileinto"];' \
	'if envelope "orig_to" "o@y.org" { fileinto "orig"; }' \
	'elsif envelope "auth" "me" { fileinto "auth"; }'
explain --envelope orig_to=o@y.org one
is 'the address before aliases' "$(cat "$OUT")" 'fileinto "orig" # rule.sieve:2'
explain --envelope auth=me one
is 'who logged in' "$(cat "$OUT")" 'fileinto "auth" # rule.sieve:3'

mkdir -m 700 prog
printf '#!/bin/sh\necho "$1 ran" >>%s/ran\nprintf out\nexit 0\n' "$TEST_HOME" >prog/yes
chmod 700 prog/yes
rule 'require ["vnd.dovecot.execute", "fileinto", "variables"];' \
	'if execute :output "x" "yes" "100%" { fileinto "${x}"; }'
explain one
is 'no program is run' "$STATUS $(cat "$OUT")" '70 implicit-keep # error at rule.sieve:2'
like 'its answer is shown as not known' "$(cat "$ERR")" 'program yes: its answer is not known'
explain --programs prog --record rec one
is 'but with --programs' "$(cat "$OUT" ran)" 'fileinto "out" # rule.sieve:2
100% ran'
explain --replay rec one one
is 'and replayed' "$(sort -u "$OUT" | grep .)" 'fileinto "out" # rule.sieve:2'
is 'without being run' "$(wc -l <ran)" 1
printf '#!/bin/sh\necho >>%s/counted\necho "$1$(wc -l <%s/counted)"\n' "$TEST_HOME" "$TEST_HOME" >prog/count
chmod 700 prog/count
rule 'require ["vnd.mailrail.program", "fileinto", "variables"];' \
	'program :input "" :output "x" "count" "%41"; fileinto "${x}";'
explain --programs prog --record rec one one
is 'a program that answers otherwise' "$(grep -o '"%.*"' "$OUT" | tr -d '\n')" '"%411""%412"'
explain --replay rec one one
is 'is replayed for each message' "$(grep -o '"%.*"' "$OUT" | tr -d '\n')" '"%411""%412"'
sed -n 2p rec >common
explain --replay common one one
is 'and for all' "$(grep -o '"%.*"' "$OUT" | tr -d '\n')" '"%411""%411"'

mkdir -p box/new box/cur
cp one box/new/1
cp one box/new/3
: >box/new/2
: >box/cur/1
rule 'require "fileinto";' 'fileinto "x";'
explain box
is 'empty files of a Maildir' "$STATUS $(grep -c fileinto "$OUT")" '75 2'
is 'have a line each' "$(cat "$ERR")" 'mr-filter: box/cur/1 is empty: no message
mr-filter: box/new/2 is empty: no message'
run mr-filter apply --rules rule.sieve box
is 'apply goes on, too' "$STATUS $(grep -c '  2  -> fileinto' "$OUT")" '75 1'

exits 'check takes all of them' 0 mr-filter check --envelope from= --mailbox x --now @1 \
	--set max-actions=3 --seen x --rules rule.sieve
done_testing
