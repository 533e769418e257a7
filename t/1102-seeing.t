#!/usr/bin/env bash
# What is seen of a run: a line of progress on a terminal, a line for each message with -v.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
{
	printf 'Subject: large\nMessage-ID: <large@test>\n\n'
	yes 'a line of a message that is larger than others' | head -c 200000
	echo
} >"$TEST_HOME/large.eml"

# on_terminal ARGUMENT...: $OUT is all that a terminal would get.
on_terminal() {
	TERM=${terminal:-vt100} script -qec "mr-fetch $* --into mr-deliver" /dev/null \
		>"$OUT" 2>&1 </dev/null
}
drawn() {
	grep -ac $'\r' "$OUT"
}

for protocol in imap pop3; do
	chain_config "$protocol" implicit 'rate = "150K"'
	dovecot_fill alice INBOX "$TEST_HOME/large.eml" "${corpus[0]}" "$TEST_HOME/large.eml"
	on_terminal -v
	like "$protocol: progress" "$(cat "$OUT")" \
		$'\e\\[Jbox: [0-2] of 3 messages, [0-9.]+ [KM]?B(, [0-9.]+ KB/s)?(, 0:0[0-9] left)?\r'
	like "$protocol: with rate and time left" "$(cat "$OUT")" \
		$'box: [12] of 3 messages, [0-9]+ KB, [0-9]+ KB/s, 0:0[0-9] left\r'
	ok "$protocol: no more than five times a second" \
		'[ "$(tr "\r" "\n" <"$OUT" | grep -ac "of 3 messages")" -le 40 ]'
	like "$protocol: it is gone at the end" "$(sed 's/.*\r//' "$OUT" | tr -d '\r\n')" $'\e\\[J'
	is "$protocol: a line of each message, on a line of its own" \
		"$(tr '\r' '\n' <"$OUT" | sed $'s/\e\\[J//g' |
			grep -ac '^mr-fetch: account box: message [^ ]*, [0-9]* bytes: stored$')" 3
	dovecot_fill alice INBOX "$TEST_HOME/large.eml"
	on_terminal -q
	is "$protocol: none with -q" "$(cat "$OUT")" ''
	dovecot_fill alice INBOX "$TEST_HOME/large.eml"
	terminal=dumb on_terminal
	is "$protocol: none on a terminal that only prints" "$(cat "$OUT")" ''
	dovecot_fill alice INBOX "${corpus[0]}"
	run mr-fetch --into mr-deliver
	is "$protocol: none without a terminal" "$(cat "$ERR")" ''
done
dovecot_fill alice INBOX "${corpus[3]}"
size=$(sed 's/\r$//; s/$/\r/' "${corpus[3]}" | wc -c)
run mr-fetch -v --into mr-deliver
like 'the line of a POP3 message' "$(cat "$ERR")" \
	"account box: message pop3/localhost:$DOVECOT_POP3S/alice/[^ ,]+, $size bytes: stored"
done_testing
