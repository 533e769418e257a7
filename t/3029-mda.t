#!/usr/bin/env bash
# From .forward: one plain message through mr-filter and mr-deliver, what the MTA gets to see
# of it (exit status, stderr), what is stored and sent; the same message given again.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

mkdir programs
printf '#!/bin/sh\nexit 1\n' >programs/fail
printf '#!/bin/sh\nexit 75\n' >programs/later
chmod 700 programs/*
cat >config <<END
deliver: { relay-program = "$MR_TOP/t/lib/carrier"; ledger = false }
filter: { programs = "$HOME/programs" }
END
printf 'From bob@example.net Mon Nov 23 22:27:24 2026
From: a@example.org\nTo: me@here\nMessage-ID: <1@t>\n\nbody\n' >m1
words='"reject", "ereject", "vacation", "duplicate", "vnd.dovecot.pipe", "vnd.mailrail.defer", "copy"'
one() { # RULE WANT [OPTION]: exit status, in the inbox, sent
	rm -rf Mail carried
	echo "require [$words]; $1" >r.sieve
	mr-filter -c config --rules r.sieve --message <m1 2>"$ERR" |
		mr-deliver -c config ${3:+"$3"} 2>>"$ERR"
	is "$1 ${3:-}" "${PIPESTATUS[1]} $(ls Mail/new 2>/dev/null | wc -l) $(cat carried 2>/dev/null | wc -l)" \
		"$2"
}

one 'reject "no";' '0 0 1'
one 'reject "no";' '69 0 0' --refuse
is 'the reason is for the MTA' "$(<"$ERR")" 'mr-deliver: refused: no'
one 'ereject "no";' '0 0 1'
like 'its sender is told' "$(<carried)" '^from <> to <bob@example.net>'
one 'ereject "no";' '69 0 0' --refuse
ANSWER=refused one 'reject "no";' '75 0 1'
one 'defer "not now";' '75 0 0'
like 'the reason' "$(<"$ERR")" 'not now \(rule r.sieve:1\)'
one 'pipe "fail";' '0 1 0'
one 'pipe :try "fail";' '0 1 0'
one 'pipe "later";' '75 0 0'
one 'vacation :addresses "me@here" "x";' '0 1 1'
one 'vacation :addresses "me@here" "x";' '0 1 0'
one 'if duplicate { discard; stop; } pipe "later";' '75 0 0'
one 'if duplicate { discard; }' '0 1 0'
one 'if duplicate { discard; }' '0 0 0'
ANSWER=refused one 'redirect "a@b.example";' '75 0 1'
one 'redirect "a@b.example";' '0 0 1'
is 'no row of the log tells of all that' "$(mr-deliver log)" ''
: >m1
one 'discard;' '75 0 0'

done_testing
