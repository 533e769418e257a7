#!/usr/bin/env bash
# A reply that could not be sent takes back its own mark, never that of one that was sent:
# nobody is answered twice within the time because mr-relay was away for a moment.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

printf 'From: a@example.org\nMessage-ID: <1@t>\n\nbody\n' >m1
echo 'deliver: { relay-program = "'"$MR_TOP/t/lib/carrier"'" }' >config
echo 'deliver: { relay-program = "/nowhere/mr-relay" }' >none
sent() { cat carried 2>/dev/null | wc -l; }
one() { # PREFIX SECONDS CONFIG
	make-stream --receipts stdout --prefix "$1" \
		"action=r:1 vacation :seconds $2 :handle \"h\" \"bob@example.net\" \"Subject: a\n\nx\n\";" \
		'action=r:2 keep;' m1 | mr-deliver -c "$3"
}

one a: 1000 config >"$OUT"
is 'the first is answered' "$(sent)" 1
one b: 1000 none >"$OUT" 2>"$ERR"
is 'with nobody to send the second is stored' "$(<"$OUT")" 'stored b:1'
one c: 1000 config >"$OUT"
is 'and the third not answered' "$(sent)" 1
ANSWER=refused one d: 0 config >"$OUT" 2>"$ERR"
ANSWER=refused one e: 1000 config >"$OUT" 2>"$ERR"
one f: 1000 config >"$OUT"
is 'nor what follows one that needs no mark, and a refusal that is not due' "$(sent)" 1
sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" 'DELETE FROM vacation'
ANSWER=refused one g: 1000 config >"$OUT" 2>"$ERR"
is 'a refused one' "$(sent)" 2
one h: 1000 config >"$OUT"
is 'does not count: the next is answered' "$(sent)" 3
one i: 1000 config >"$OUT"
is 'once' "$(sent)" 3

done_testing
