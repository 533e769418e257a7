#!/usr/bin/env bash
# mr-fetch killed again and again while it settles: each message is stored once, and never
# gone from both folders of the server; by MOVE it is not there twice, either.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

count=300
dovecot_start
mkdir "$TEST_HOME/mail"
for ((i = 0; i < count; i++)); do
	printf 'Subject: %d\nMessage-ID: <%d@kill>\n\nbody\n' $i $i >"$TEST_HOME/mail/$i.eml"
done
# kinds DIRECTORY...: how many files there are, and how many different ones.
kinds() {
	find "$@" -type f \( -path '*/cur/*' -o -path '*/new/*' \) -exec grep -h ^Subject {} + \
		2>/dev/null | sort | uniq -c | awk '{ all += $1 } END { print all + 0, NR }'
}
inbox=$(dovecot_folder alice INBOX)
done=$(dovecot_folder alice Done)

# kill_often CONFIG...: killed six times, ever a little later; then one run to the end.
kill_often() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$inbox"/{new,cur}/* "$done"
	dovecot_fill alice INBOX "$TEST_HOME"/mail/*.eml
	chain_config imap implicit "$@"
	killed=0
	for ((try = 1; try <= 6; try++)); do
		{
			mr-fetch &
			echo $! >"$TEST_HOME/pid"
			wait
		} 2>/dev/null | mr-filter 2>/dev/null | mr-deliver >/dev/null 2>&1 &
		last=$!
		sleep "$(printf '0.%02d' $((6 * try)))"
		kill -9 "$(cat "$TEST_HOME/pid")" 2>/dev/null && killed=$((killed + 1))
		# What mr-deliver has of it is stored before the next run.
		wait "$last" 2>/dev/null
	done
	run mr-fetch --into 'mr-filter | mr-deliver'
}

for way in MOVE COPY 'plain COPY'; do
	can='IMAP4rev1 SASL-IR LITERAL+'
	case $way in
	MOVE) can="$can UIDPLUS MOVE" ;;
	COPY) can="$can UIDPLUS" ;;
	esac
	dovecot_stop
	dovecot_start "imap_capability = $can"
	kill_often 'move-to = "Done"' 'mark-read = true'
	is "$way: the last run" "$STATUS $(cat "$ERR")" '0 '
	ok "$way: it was killed at work" '[ $killed -gt 0 ]'
	is "$way: stored once" "$(kinds "$CHAIN_MAIL")" "$count $count"
	is "$way: nothing stays" "$(kinds "$inbox"/cur "$inbox"/new)" '0 0'
	is "$way: all are there" "$(kinds "$done" | cut -d' ' -f2)" "$count"
	[ "$way" != MOVE ] ||
		is "$way: each once" "$(kinds "$done")" "$count $count"
done
dovecot_stop
dovecot_start
kill_often
is 'deleting: the last run' "$STATUS $(cat "$ERR")" '0 '
is 'deleting: stored once' "$(kinds "$CHAIN_MAIL")" "$count $count"
is 'deleting: nothing stays' "$(kinds "$inbox"/cur "$inbox"/new)" '0 0'
kill_often 'keep = true' 'set-flags = "$Fetched"'
is 'flags: the last run' "$STATUS $(cat "$ERR")" '0 '
is 'flags: stored once' "$(kinds "$CHAIN_MAIL")" "$count $count"
is 'flags: all stay, and bear it' \
	"$(ls "$inbox"/cur | grep -c ':2,.*a')" "$count"
done_testing
