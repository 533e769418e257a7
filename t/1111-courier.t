#!/usr/bin/env bash
# A real Courier: IMAP and POP3 from the login to the last flag, all folders below INBOX.
# SPDX-License-Identifier: ISC
TEST_IN_MEMORY=100
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/courier.sh"
. "$MR_TOP/t/lib/chain.sh"

courier_start
corpus=("$MR_TOP"/t/corpus/*.eml)
session=$MR_BUILD/t/fake/session
# For chain_config.
DOVECOT_IMAP=$COURIER_IMAP DOVECOT_IMAPS=$COURIER_IMAPS
DOVECOT_POP3=$COURIER_POP3 DOVECOT_POP3S=$COURIER_POP3S DOVECOT_CA=$COURIER_CA
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}
stored() {
	chain_stored | wc -l
}
anew() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
}

while read -r protocol tls port; do
	for mechanism in PLAIN LOGIN CRAM-MD5; do
		run "$session" "$protocol" "$tls" localhost "$port" "$COURIER_CA" alice \
			'alice secret' "$mechanism"
		is "$protocol $tls $mechanism: logged in" "$STATUS$(cat "$ERR")" 0
	done
done <<-END
	imap implicit $COURIER_IMAPS
	imap starttls $COURIER_IMAP
	pop3 implicit $COURIER_POP3S
	pop3 starttls $COURIER_POP3
END

# Courier sends a CR that stands in a file as one more, NUL as nothing much. By POP3 it would
# put what has bytes beyond ASCII in its header into a message of its own, without UTF8.
mapfile -t plain < <(LC_ALL=C grep -LaP '\r|\x00' "${corpus[@]}")
courier_fill alice INBOX "${plain[@]}"
for way in 'imap implicit' 'pop3 implicit' 'imap starttls' 'pop3 starttls'; do
	anew
	# shellcheck disable=SC2086
	chain_config $way 'keep = true'
	fetch
	is "$way: fetched" "$STATUS$(cat "$ERR")" 0
	chain_sent "${way%% *}" "${plain[@]}" >"$TEST_HOME/sent"
	chain_same "$way: every message is stored once, byte for byte"
	# Nobody has selected this mailbox, so that its UIDs are new each time.
	[ "$way" != 'imap implicit' ] || fetch
	count=$(stored)
	fetch
	is "$way: no news" "$STATUS $(stored)$(cat "$ERR")" "0 $count"
done
for way in 'imap implicit' 'pop3 starttls'; do
	# shellcheck disable=SC2086
	chain_config $way
	anew
	fetch
	is "$way: deleted" "$STATUS $(stored) $(courier_count alice INBOX)$(cat "$ERR")" \
		"0 ${#plain[@]} 0"
	courier_fill alice INBOX "${plain[@]:0:2}"
	fetch
	is "$way: then what is new" \
		"$STATUS $(stored) $(courier_count alice INBOX)$(cat "$ERR")" "0 $((${#plain[@]} + 2)) 0"
	plain=("${plain[@]:0:7}")
	courier_fill alice INBOX "${plain[@]}"
done

# Names, as the settings give them: prefix and separator are the server's own matter.
schoen='INBOX.Sch&APY-n'
courier_do alice 'CREATE INBOX.lists' 'CREATE INBOX.lists.a' "CREATE $schoen"
courier_fill alice INBOX.lists.a "${corpus[@]:0:3}"
courier_fill alice INBOX.Schön "${corpus[@]:3:2}"
anew
chain_config imap implicit 'folders = [ "lists/*", "Schön" ]' 'keep = true' 'mark-read = true' \
	'set-flags = "$Fetched"'
fetch
is 'subfolders, and names beyond ASCII' "$STATUS $(stored)$(cat "$ERR")" '0 5'
like 'flags' "$(courier_do alice "EXAMINE $schoen" 'SEARCH SEEN KEYWORD $Fetched')" 'SEARCH 1 2'
chain_config imap implicit 'folders = "lists/*"' 'move-to = "Erl/Größe"'
courier_fill alice INBOX.lists.a "${corpus[5]}"
fetch
is 'move-to makes its folder' "$STATUS $(stored)$(cat "$ERR")" '0 6'
is 'all that is stored is there' "$(courier_count alice INBOX.lists.a) $(
	courier_count alice 'INBOX.Erl.Größe')" '0 4'
done_testing
