#!/usr/bin/env bash
# The chain as cron runs it: no XDG variable, no terminal, two runs at once, a pause of the
# server.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
chain_config imap implicit
dovecot_fill alice INBOX "${corpus[@]}"

# PATH as in a crontab, and nothing else but what cron sets.
cron() {
	run env -i HOME="$HOME" LOGNAME="$(id -un)" SHELL=/bin/sh \
		PATH="$MR_BUILD/fetch:$MR_BUILD/filter:$MR_BUILD/deliver:$MR_BUILD/relay:/usr/bin:/bin" \
		/bin/sh -c "$1" </dev/null
}
cron 'mr-fetch | mr-filter | mr-deliver'
is 'cron: status 0' "$STATUS" 0
is 'cron: no mail from cron, for there is no output' "$(cat "$OUT" "$ERR")" ''
chain_sent imap "${corpus[@]}" >"$TEST_HOME/sent"
chain_same 'cron: every message is stored once'
is 'cron: the server is empty' "$(dovecot_count alice INBOX)" 0
ok 'cron: state stays below the home' '[ -f "$HOME/.local/state/mailrail/ledger.db" ]'
ok 'cron: state is private' '[ "$(stat -c %a "$HOME/.local/state/mailrail")" = 700 ]'

rm -rf "$CHAIN_MAIL"
"$MR_TOP/t/lib/generate" files "$TEST_HOME/many" 400
dovecot_fill alice INBOX "$TEST_HOME"/many/*
two() {
	local n=$1
	mr-fetch 2>"$TEST_HOME/err$n" | mr-filter 2>>"$TEST_HOME/err$n" |
		mr-deliver 2>>"$TEST_HOME/err$n"
	echo "${PIPESTATUS[@]}" >"$TEST_HOME/status$n"
}
two 1 &
first=$!
two 2 &
wait "$first" "$!"
is 'two at once: both leave with 0' "$(cat "$TEST_HOME"/status[12] | tr '\n' ' ')" \
	'0 0 0 0 0 0 '
is 'two at once: both are silent' "$(cat "$TEST_HOME"/err[12])" ''
chain_sent imap "$TEST_HOME"/many/* >"$TEST_HOME/sent"
chain_same 'two at once: every message is stored once'
is 'two at once: the server is empty' "$(dovecot_count alice INBOX)" 0

dovecot_stop
cron 'mr-fetch | mr-filter | mr-deliver; echo "${PIPESTATUS:-$?}"'
cp "$ERR" "$TEST_HOME/down"
ok 'a server that is down: at most one line' '[ "$(wc -l <"$TEST_HOME/down")" -le 1 ]'
exits 'a server that is down: mr-fetch alone says 75' 75 \
	sh -c 'mr-fetch >/dev/null'
dovecot_start
cron 'mr-fetch | mr-filter | mr-deliver'
is 'and when it is back all is well' "$STATUS$(cat "$ERR")" 0
done_testing
