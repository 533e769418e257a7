#!/usr/bin/env bash
# Ctrl-C in the midst of --into: what is stored is gone at the server, all else stays there,
# and the next run brings it; nothing twice.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
for i in $(seq 10); do
	dovecot_fill alice INBOX "${corpus[@]:0:30}"
done
count=$(dovecot_count alice INBOX)
stored() {
	chain_stored | wc -l
}

for signal in INT TERM; do
	# At this rate it takes a while; the terminal sends the signal to the whole group.
	chain_config imap implicit 'rate = "60K"'
	before=$(stored)
	spawn fetch perl -e 'setpgrp; $SIG{INT} = "DEFAULT"; exec @ARGV' \
		mr-fetch --into 'mr-filter | mr-deliver'
	wait_for 20 '[ "$(stored)" -gt "$before" ]'
	kill "-$signal" -- "-$PID"
	wait "$PID"
	is "SIG$signal: 0, and not a word" "$? $(cat "$TEST_HOME/fetch.log")" '0 '
	left=$(dovecot_count alice INBOX)
	ok "SIG$signal: it was in the midst ($left left)" '[ "$left" -gt 0 ]'
	is "SIG$signal: each is here or there" "$(($(stored) + left))" "$count"
done
chain_config imap implicit
exits 'the next run' 0 mr-fetch --into 'mr-filter | mr-deliver'
is 'brings the rest' "$(stored) $(dovecot_count alice INBOX)" "$count 0"
done_testing
