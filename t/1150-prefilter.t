#!/usr/bin/env bash
# prefilter: what the rules discard by its header is never downloaded, and stands in the log;
# every doubt is a download.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
mails=$TEST_HOME/mails
mkdir "$mails"
# mail NAME SUBJECT [BYTES]
mail() {
	printf 'From: a@example.org\nSubject: %s\nMessage-ID: <%s@example.org>\n\ntext of %s\n%s\n' \
		"$2" "$1" "$1" "$(head -c "${3:-1}" /dev/zero | tr '\0' x)" >"$mails/$1"
}
mail one hello
mail two 'buy now'
mail three hello
mail four 'buy more' 200000
mail five hello
spam='if header :contains "subject" "buy" { discard; }'

# begin PROTOCOL LINE...: five messages, an empty ledger, these settings.
begin() {
	protocol=$1
	shift
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$(dovecot_folder alice INBOX)"/{new,cur}/* \
		"$XDG_CONFIG_HOME/mailrail/rules.d"
	chain_config "$protocol" implicit 'prefilter = true' "$@"
	dovecot_fill alice INBOX "$mails"/{one,two,three,four,five}
	: >"$DOVECOT_LOG"
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
	STATUS="$STATUS$(<"$ERR") $(stored)"
}
stored() {
	find "$CHAIN_MAIL" -type f -path '*/new/*' -exec grep -ho 'text of .*' {} + 2>/dev/null |
		cut -d' ' -f3 | LC_ALL=C sort | paste -sd' '
}
# What Dovecot says of the last session: bodies that it gave.
bodies() {
	local what='body_count=[0-9]*'
	[ "$protocol" = pop3 ] && what='retr=[0-9]*'
	wait_for 5 'grep -qE "Disconnected: Logged out" "$DOVECOT_LOG"'
	grep -oE "$what" "$DOVECOT_LOG" | tail -1 | cut -d= -f2
	: >"$DOVECOT_LOG"
}
there() {
	dovecot_count alice INBOX
}

for protocol in imap pop3; do
	for keep in true false; do
		begin $protocol "keep = $keep"
		chain_rule 10-spam.sieve "# spam
$spam"
		fetch
		is "$protocol, keep = $keep: what the rules let is stored" "$STATUS" \
			'0 five one three'
		is 'what they discard is not downloaded' "$(bodies)" 3
		is 'and deleted like what is stored' "$(there)" "$([ $keep = true ] && echo 5 || echo 0)"
		run mr-deliver log
		is 'the log has a row for each of them' \
			"$(grep -c '10-spam.sieve:2.*not downloaded' "$OUT")" 2
		mail six 'buy this'
		mail seven hello
		dovecot_fill alice INBOX "$mails"/{six,seven}
		fetch
		is 'the next run asks for what is new' "$STATUS $(bodies)" '0 five one seven three 1'
		run mr-deliver log
		is 'one row more' "$(grep -c 'not downloaded' "$OUT")" 3
		: >"$DOVECOT_LOG"
		fetch
		is 'no news' "$STATUS $(bodies)" '0 five one seven three 0'

		begin $protocol "keep = $keep"
		chain_rule 10-large.sieve 'if size :over 100K { discard; }'
		fetch
		is 'a rule that asks for the size' "$STATUS $(bodies)" '0 five one three two 4'

		begin $protocol "keep = $keep"
		chain_rule 10-body.sieve 'require "body"; if body :contains "text of t" { discard; }'
		fetch
		is 'a rule that needs the body: all are fetched' "$STATUS $(bodies)" '0 five four one 5'

		begin $protocol "keep = $keep" 'max-messages = 2'
		chain_rule 10-spam.sieve "$spam"
		fetch
		is 'max-messages counts what is fetched' "$STATUS $(bodies)" '0 one three 2'
		fetch
		is 'and the rest' "$STATUS $(bodies)" '0 five one three 1'
	done

	begin $protocol
	chain_rule 10-broken.sieve 'discard'
	fetch
	like "$protocol: broken rules: all is fetched" "$STATUS $(bodies)" \
		'^0.* five four one three two 5$'

	begin $protocol
	sed -i 's/prefilter = true/prefilter = false/' "$XDG_CONFIG_HOME/mailrail/config"
	chain_rule 10-spam.sieve "$spam"
	fetch
	is 'without prefilter all is fetched, and discarded here' "$STATUS $(bodies)" \
		'0 five one three 5'

	begin $protocol 'multidrop = "Subject"' 'multidrop-count = 1' 'recipient = "me@example.org"'
	chain_rule 10-env.sieve 'require "envelope";
if envelope "to" "me@example.org" { discard; }'
	sed -i 's/^Subject: .*/X: y/' "$mails/one"
	dovecot_fill alice INBOX "$mails/one"
	fetch
	mail one hello
	like 'recipients as the message would have them' "$(mr-deliver log)" \
		'10-env.sieve:2.*not downloaded'
done

# mr-filter is missing, dies, or says what is no answer.
mkdir "$TEST_HOME/alone"
cp "$MR_BUILD/fetch/mr-fetch" "$TEST_HOME/alone/"
deliver=$(command -v mr-deliver)
filterless=$(tr ':' '\n' <<<"$PATH" | grep -v '/filter$' | paste -sd:)
# alone LABEL TEXT [PROGRAM]: all is fetched, one line that matches TEXT.
alone() {
	rm -f "$TEST_HOME/alone/mr-filter"
	[ $# -lt 3 ] || { printf '#!/bin/sh\n%s\n' "$3" >"$TEST_HOME/alone/mr-filter" &&
		chmod +x "$TEST_HOME/alone/mr-filter"; }
	for protocol in imap pop3; do
		begin $protocol
		PATH=$filterless run "$TEST_HOME/alone/mr-fetch" --into "$deliver"
		is "$1, $protocol: all is fetched" "$STATUS $(stored) $(bodies)" \
			'0 five four one three two 5'
		like 'one line says so' "$(<"$ERR")" "^mr-fetch: prefilter: $2: all messages are fetched$"
	done
}
alone 'no mr-filter' '.*mr-filter.*'
alone 'one that ends at once' 'mr-filter (ended|does not listen)' 'exit 3'
alone 'one that dies after a word' 'mr-filter (ended|does not listen)' 'echo fetch; sleep 0.1; kill -9 $$'
alone 'one that says something else' 'mr-filter gives no answer' 'echo what; cat >/dev/null'
alone 'one that says too much' 'mr-filter (gives no answer|ended)' \
	'for i in 1 2 3 4 5 6 7; do echo fetch; done; cat >/dev/null'

done_testing
