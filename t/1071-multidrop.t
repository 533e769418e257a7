#!/usr/bin/env bash
# One mailbox for several people: the envelope's recipients from a named field; a message
# without it stays at the server, is told of once, and is not downloaded at every run.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
message() {
	printf '%s\n' "$@" 'Message-ID: <1@x>' '' body
}
message 'Return-Path: <s@x>' 'Delivered-To: mbox-joe@our.test' 'To: list@x' >"$TEST_HOME/joe"
message 'Delivered-To: mbox-ann@our.test, bob@our.test' >"$TEST_HOME/ann"
message 'To: cat@our.test, stranger@x' >"$TEST_HOME/cat"
message 'To: undisclosed-recipients:;' >"$TEST_HOME/none"
{ echo 'Delivered-To: mbox-far@our.test'
  perl -e 'print "X-Filler: ", "x" x 60, "\n" for 1 .. 5000'
  message 'To: x@y'; } >"$TEST_HOME/long"

refill() {
	rm -rf "$XDG_STATE_HOME"/* "$CHAIN_MAIL" "$(dovecot_folder alice INBOX)"/{new,cur}/*
	dovecot_fill alice INBOX "$@"
}
envelopes() {
	grep -aE '^(mail-from|rcpt-to): ' "$OUT" | tr '\n' '|'
}
left() {
	dovecot_count alice INBOX
}

for protocol in imap pop3; do
	chain_config "$protocol" implicit 'multidrop = "delivered-to"' 'multidrop-strip = "mbox-"'
	refill "$TEST_HOME/joe" "$TEST_HOME/ann"
	mr-fetch --into "sh -c 'sed /^flush\$/q >$OUT; :'" 2>"$ERR"
	is "$protocol: recipients, and the sender" "$(envelopes)" \
		'mail-from: s@x|rcpt-to: joe@our.test|rcpt-to: ann@our.test|rcpt-to: bob@our.test|'

	chain_rule 10-all.sieve 'require ["envelope", "fileinto", "variables", "mailbox"];
		if envelope :matches "to" "*@our.test" { fileinto :create "${1}"; }'
	refill "$TEST_HOME/joe" "$TEST_HOME/none" "$TEST_HOME/ann" "$TEST_HOME/long"
	run mr-fetch --into 'mr-filter | mr-deliver'
	is "$protocol: one without the field: try again" "$STATUS" 75
	is "$protocol: the others are delivered by their recipients" \
		"$(cd "$CHAIN_MAIL" && find . -path '*/new/*' | cut -d/ -f2 | sort | tr '\n' ' ')" \
		'.ann .joe '
	is "$protocol: it stays, and so does one whose header has no end" "$(left)" 2
	is "$protocol: one line" "$(wc -l <"$ERR")" 1
	like "$protocol: that names message and field" "$(cat "$ERR")" \
		"account box: .*message $protocol/localhost.*/alice/.* is not handed on and stays there: it has no field delivered-to"
	run mr-fetch --into 'mr-filter | mr-deliver' # the first try again
	mr-fetch >"$OUT" 2>"$ERR"
	is "$protocol: then it pauses: nothing comes" "$? $(grep -ac ^message "$OUT") $(left)" '0 0 2'
done

chain_config imap implicit 'multidrop = "Delivered-To"' 'multidrop-guess = true' \
	'multidrop-domains = [ "our.test" ]' 'recipient = "postmaster"'
refill "$TEST_HOME/cat" "$TEST_HOME/none"
mr-fetch --into "sh -c 'sed /^flush\$/q >$OUT; :'" 2>"$ERR"
is 'guessed within our domains; else the one who is named' "$(envelopes)" \
	'rcpt-to: cat@our.test|rcpt-to: postmaster|'
like 'what follows the header is all there' "$(tail -c 200 "$OUT")" 'body'

chain_config imap implicit 'multidrop = "Delivered-To"' 'multidrop-guess = true'
exits 'guessing without domains: 78' 78 mr-fetch check
like 'why' "$(cat "$ERR")" 'config:[0-9]+: account box: multidrop-guess needs multidrop-domains'
done_testing
