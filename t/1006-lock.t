#!/usr/bin/env bash
# Two runs of one account never overlap; signals end a run in good order.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
chain_config imap implicit
dovecot_fill alice INBOX "${corpus[@]:0:30}"

# The first run stands still with its lock: what would store reads nothing.
mkfifo "$TEST_HOME/stand"
spawn first mr-fetch --into "sh -c 'read x <$TEST_HOME/stand; mr-filter | mr-deliver'"
first=$PID
ok 'the first run is at work' \
	'wait_for 10 "[ -s $XDG_STATE_HOME/mailrail/run/fetch-box.lock ]"'
exits 'a second one leaves' 0 mr-fetch --into 'mr-filter | mr-deliver'
is 'silently' "$(cat "$OUT" "$ERR")" ''
run mr-fetch
is 'its stream is whole and empty' "$STATUS $(tail -n 1 "$OUT")" '0 done 0'
echo go >"$TEST_HOME/stand"
wait "$first"
is 'the first run ends well' "$?" 0
is 'and has fetched all' "$(chain_stored | wc -l) $(dovecot_count alice INBOX)" '30 0'

# A signal in mid-stream: what is stored is settled, the rest stays there, nothing is lost.
rm -rf "$CHAIN_MAIL"
"$MR_TOP/t/lib/generate" files "$TEST_HOME/many" 3000 2000
dovecot_fill alice INBOX "$TEST_HOME"/many/*
for signal in TERM INT; do
	spawn "run-$signal" mr-fetch --into 'mr-filter | mr-deliver'
	pid=$PID
	wait_for 20 '[ "$(chain_stored | wc -l)" -gt 100 ]'
	kill -s "$signal" "$pid"
	wait "$pid"
	is "SIG$signal: it ends with 0" "$?" 0
	is "SIG$signal: it is silent" "$(cat "$TEST_HOME/run-$signal.log")" ''
	is "SIG$signal: what is stored is gone there, the rest is there" \
		"$(($(chain_stored | wc -l) + $(dovecot_count alice INBOX)))" 3000
done
exits 'the next run brings the rest' 0 mr-fetch --into 'mr-filter | mr-deliver'
chain_sent imap "$TEST_HOME"/many/* >"$TEST_HOME/sent"
chain_same 'each once'
done_testing
