#!/usr/bin/env bash
# A real Cyrus: IMAP and POP3 from the login to the last flag, with either separator.
# SPDX-License-Identifier: ISC
TEST_IN_MEMORY=100
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/cyrus.sh"
. "$MR_TOP/t/lib/chain.sh"

cyrus_start
corpus=("$MR_TOP"/t/corpus/*.eml)
session=$MR_BUILD/t/fake/session
# For chain_config.
DOVECOT_IMAP=$CYRUS_IMAP DOVECOT_IMAPS=$CYRUS_IMAPS
DOVECOT_POP3=$CYRUS_POP3 DOVECOT_POP3S=$CYRUS_POP3S DOVECOT_CA=$CYRUS_CA
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}
stored() {
	chain_stored | wc -l
}
config=$XDG_CONFIG_HOME/mailrail/config
configure() {
	chain_config "$@" 'auth = "SCRAM-SHA-256"'
}
anew() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
}

while read -r protocol tls port; do
	for mechanism in PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256; do
		run "$session" "$protocol" "$tls" localhost "$port" "$CYRUS_CA" alice \
			'alice secret' "$mechanism"
		is "$protocol $tls $mechanism: logged in" "$STATUS$(cat "$ERR")" 0
	done
done <<-EOF
	imap implicit $CYRUS_IMAPS
	imap starttls $CYRUS_IMAP
	pop3 implicit $CYRUS_POP3S
	pop3 starttls $CYRUS_POP3
EOF

cyrus_fill alice INBOX "${corpus[@]}" >"$TEST_HOME/taken" 2>"$TEST_HOME/refused"
mapfile -t taken <"$TEST_HOME/taken"
is 'Cyrus takes what is well-formed' "${#taken[@]} $(grep -c 'NO Message' "$TEST_HOME/refused")" \
	"$((${#corpus[@]} - 5)) 5"
for way in 'imap implicit' 'pop3 implicit' 'imap starttls' 'pop3 starttls'; do
	anew
	# shellcheck disable=SC2086
	configure $way 'keep = true'
	fetch
	is "$way: fetched" "$STATUS$(cat "$ERR")" 0
	chain_sent "${way%% *}" "${taken[@]}" >"$TEST_HOME/sent"
	chain_same "$way: every message is stored once, byte for byte"
	fetch
	is "$way: no news" "$STATUS $(stored)$(cat "$ERR")" "0 ${#taken[@]}"
done
for way in 'imap implicit' 'pop3 starttls'; do
	# shellcheck disable=SC2086
	configure $way
	anew
	fetch
	is "$way: deleted" "$STATUS $(stored) $(cyrus_count alice INBOX)$(cat "$ERR")" \
		"0 ${#taken[@]} 0"
	cyrus_fill alice INBOX "${taken[@]:0:2}" >/dev/null
	fetch
	is "$way: then what is new" \
		"$STATUS $(stored) $(cyrus_count alice INBOX)$(cat "$ERR")" "0 $((${#taken[@]} + 2)) 0"
	taken=("${taken[@]:0:7}")
	cyrus_fill alice INBOX "${taken[@]}" >/dev/null
done
cyrus_do alice 'SELECT INBOX' 'STORE 1:* +FLAGS.SILENT (\Deleted)' EXPUNGE >/dev/null

# Names, as the settings give them: separator and prefix are the server's own matter.
# subfolders LABEL USER PREFIX SEPARATOR
subfolders() {
	local label=$1 user=$2 lists=$3lists$4a schoen="$3Sch&APY-n"
	cyrus_do "$user" "CREATE ${3}lists" "CREATE $lists" "CREATE $schoen"
	cyrus_fill "$user" "$lists" "${taken[@]:0:3}" >/dev/null
	cyrus_fill "$user" "$schoen" "${taken[@]:3:2}" >/dev/null
	anew
	configure imap implicit 'folders = [ "lists/*", "Schön" ]' 'keep = true' \
		'mark-read = true' 'set-flags = "$Fetched"'
	sed -i "s/alice/$user/" "$config"
	fetch
	is "$label: subfolders, and names beyond ASCII" "$STATUS $(stored)$(cat "$ERR")" '0 5'
	like "$label: flags" \
		"$(cyrus_do "$user" "EXAMINE $schoen" 'SEARCH SEEN KEYWORD $Fetched')" 'SEARCH 1 2'
	configure imap implicit 'folders = "lists/*"' 'move-to = "Erl/Größe"'
	sed -i "s/alice/$user/" "$config"
	cyrus_fill "$user" "$lists" "${taken[@]:5:1}" >/dev/null
	fetch
	is "$label: move-to makes its folder" "$STATUS $(stored)$(cat "$ERR")" '0 6'
	is "$label: all that is stored is there" "$(cyrus_count "$user" "$lists") $(
		cyrus_count "$user" "${3}Erl$4Gr&APYA3w-e")" '0 4'
}
subfolders 'names as today' alice '' /
cyrus_stop
cyrus_start $'unixhierarchysep: no\naltnamespace: no'
subfolders 'names of old' bob INBOX. .

# IDLE: another session brings it, this one hears of it.
anew
configure imap implicit
spawn watch mr-fetch -v watch --into 'mr-filter | mr-deliver'
wait_for 20 'grep -q "waiting for news" "$TEST_HOME/watch.log"'
cyrus_fill alice INBOX "${taken[@]:0:3}" >/dev/null
ok 'IDLE: news come at once' 'wait_for 20 "[ \"\$(stored)\" = 3 ]"'
ok 'IDLE: and go from there' 'wait_for 20 "[ \"\$(cyrus_count alice INBOX)\" = 0 ]"'
end_pid "$PID"
done_testing
