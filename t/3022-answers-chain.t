#!/usr/bin/env bash
# Rules that answer, tell, refuse and run, from the rule to the queue: mr-filter, mr-deliver,
# mr-relay, nothing in their places.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

cat >"$XDG_CONFIG_HOME/mailrail/config" <<END
filter: { programs = "$HOME/programs" }
relay: { hostname = "here.test", send = "manual" }
END
chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
mkdir programs
printf '#!/bin/sh\ncat >"$HOME/piped"\n' >programs/take
chmod 700 programs/take
queue=$XDG_STATE_HOME/mailrail/queue
message() { printf 'From: Bob <bob@example.net>\nTo: me@here.test\nSubject: %s\nMessage-ID: <%s@t>\n\nbody\n' "$1" "$1"; }
envelopes() { cat "$queue"/queue/* 2>/dev/null | grep -c '^to '; }
texts() { cat "$queue"/content/* 2>/dev/null; }
for i in 1 2; do message $i >m$i; done
# chain SCRIPT: a stream of both messages.
chain() {
	printf '%s\n' "$1" >rules.sieve
	make-stream --receipts stdout --prefix "${2:-t:}" mail-from=bob@example.net rcpt-to=me@here.test \
		m1 m2 | mr-filter --rules rules.sieve | mr-deliver >"$OUT" 2>"$ERR"
	STATUS=$?
}

chain 'require ["vacation", "fcc", "fileinto", "mailbox"];
vacation :days 3 :subject "Gone" :addresses "me@here.test" :fcc "Sent" "I am at the sea.";'
is 'vacation' "$STATUS $(<"$ERR")" '0 '
is 'both messages are in the inbox' "$(ls Mail/new | wc -l)" 2
is 'one reply is in the queue' "$(envelopes)" 1
like 'to the sender, from nobody' "$(cat "$queue"/queue/*)" 'to bob@example\.net'
like 'as RFC 5230 has it' "$(texts)" 'Subject: Gone'
like 'with its text' "$(texts)" 'I am at the sea\.'
is 'and one copy of it is filed' "$(grep -l 'I am at the sea' Mail/.Sent/*/* | wc -l)" 1
is 'the log tells why there is no second' "$(mr-deliver log | grep -c 'already answered')" 1
chain 'require "vacation"; vacation :addresses "me@here.test" "I am at the sea.";
discard;' u:
is 'beside a discard it is sent, too (another text, another handle)' "$STATUS $(envelopes)" '0 2'

chain 'require "reject"; reject "no thanks";' v:
is 'fetched mail is not rejected' "$STATUS $(ls Mail/new | wc -l) $(envelopes)" '0 4 2'
printf 'require "ereject"; ereject "no thanks";' >rules.sieve
(printf 'From bob@example.net Mon Feb  2 10:00:00 2026\n'; cat m1) |
	mr-filter --message --rules rules.sieve | mr-deliver 2>"$ERR"
is 'a plain message is' "$(ls Mail/new | wc -l) $(envelopes)" '4 3'
like 'with a bounce' "$(texts)" 'Action: failed'
mr-filter --message --rules rules.sieve <m1 | mr-deliver --refuse 2>"$ERR"
is 'or by whoever called us' "$? $(<"$ERR")" '69 mr-deliver: refused: no thanks'

chain 'require ["vnd.dovecot.pipe", "copy"]; pipe "take";' w:
is 'pipe' "$STATUS $(ls Mail/new | wc -l)" '0 4'
is 'the program has the message as it came' "$(cat piped)" "$(cat m2)"

chain 'require ["enotify", "variables"];
notify :message "news" "mailto:phone@example.org";' x:
is 'notify' "$STATUS $(<"$ERR")" '0 '
is 'one for each message' "$(cat "$queue"/queue/* | grep -c '^to phone@example\.org')" 2

chain 'require ["duplicate", "vacation", "vacation-seconds"];
if duplicate { discard; stop; }
vacation :seconds 0 :addresses "me@here.test" "sea";' y:
chain 'require ["duplicate", "vacation"];
if duplicate { discard; stop; }
vacation :addresses "me@here.test" "sea";' z:
is 'a duplicate is neither kept nor answered' "$STATUS $(mr-deliver log -n 2 | grep -c ' discard ')" '0 2'

done_testing
