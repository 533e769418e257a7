#!/usr/bin/env bash
# kill -9 of each program in mid-stream, then the run repeated: every message exactly once
# on disk, and gone from the server.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
"$MR_TOP/t/lib/generate" files "$TEST_HOME/many" 600 3000
chain_sent imap "$TEST_HOME"/many/* >"$TEST_HOME/sent"

# Starts the pipe, kills VICTIM when at least THIS MANY messages are stored.
killed_run() {
	local victim=$1 many=$2 pid
	( mr-fetch & echo $! >"$TEST_HOME/pid.fetch"; wait $! ) 2>>"$TEST_HOME/said" |
		( mr-filter <&0 & echo $! >"$TEST_HOME/pid.filter"; wait $! ) 2>>"$TEST_HOME/said" |
		( mr-deliver <&0 & echo $! >"$TEST_HOME/pid.deliver"; wait $! ) \
			2>>"$TEST_HOME/said" &
	pid=$!
	wait_for 20 '[ "$(chain_stored_count)" -ge '"$many"' ] || ! kill -0 '"$pid"' 2>/dev/null'
	kill -9 "$(cat "$TEST_HOME/pid.$victim")" 2>/dev/null && kills=$((kills + 1))
	wait
}

chain_stored_count() {
	find "$CHAIN_MAIL" -type f -path '*/new/*' 2>/dev/null | wc -l
}

round=0
for setting in 'protocol imap' 'protocol pop3'; do
	protocol=${setting#protocol }
	for victim in fetch filter deliver; do
		round=$((round + 1))
		rm -rf "$CHAIN_MAIL"
		kills=0
		chain_config "$protocol" implicit
		dovecot_fill alice INBOX "$TEST_HOME"/many/*
		for many in 0 1 150 300; do
			killed_run "$victim" "$many"
			duplicates=$(chain_stored | uniq -d | wc -l)
			[ "$duplicates" = 0 ] || diag "$duplicates twice after kill at $many"
		done
		ok "$protocol, $victim: was killed in mid-run" '[ "$kills" -ge 2 ]'
		chain_run
		is "$protocol, $victim: the run after it is good" "$STATUS" '0 0 0'
		chain_same "$protocol, $victim: every message is stored exactly once"
		is "$protocol, $victim: all are gone from the server" \
			"$(dovecot_count alice INBOX)" 0
		is "$protocol, $victim: no part of a message is left in tmp/" \
			"$(chain_parts)" 0
	done
done
done_testing
