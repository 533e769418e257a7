#!/usr/bin/env bash
# Random runs against Dovecot: mail comes, others flag, move and delete it, settings change
# between two runs, runs are killed at any moment. In the end each message is stored exactly
# once, but for those that others took away before a run could have them.
# SPDX-License-Identifier: ISC
#
#	MR_RANDOM=N    N more rounds, beginning with seed MR_SEED (default: 1000)
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
# Another client of the mailbox: mua FOLDER COMMAND...
mua() {
	local folder=$1 line mail
	shift
	exec {mail}<>"/dev/tcp/127.0.0.1/$DOVECOT_IMAP" || return
	{
		printf '0 LOGIN alice "alice secret"\r\n1 SELECT %s\r\n' "$folder"
		for line; do
			printf '2 %s\r\n' "$line"
		done
		printf '9 LOGOUT\r\n'
	} >&"$mail"
	timeout 10 grep -am1 '^9 ' <&"$mail" >"$TEST_HOME/mua"
	exec {mail}>&-
}

deliver() {
	local n=$((1 + RANDOM % 6)) files=()
	while ((n-- > 0)); do
		made=$((made + 1))
		printf 'Subject: m%d\nMessage-ID: <%d-%d@random>\n\n%*s\n' $made $seed $made \
			$((RANDOM % 3000)) x >"$TEST_HOME/mail/$made.eml"
		files+=("$TEST_HOME/mail/$made.eml")
	done
	dovecot_fill alice "${folders[RANDOM % 2]}" "${files[@]}"
}

# Deleted is only what bears $Taken: that is stored. Other marks are taken off in the end.
meddle() {
	local folder=${folders[RANDOM % 2]} n=$((1 + RANDOM % 9))
	case $((RANDOM % 5)) in
	0) mua "$folder" "STORE $n +FLAGS (\\Flagged)" ;;
	1) mua "$folder" "STORE 1:$n +FLAGS (\\Seen)" ;;
	2) mua "$folder" "STORE $n +FLAGS (\\Deleted)" ;;
	3) mua "$folder" 'STORE 1:* -FLAGS (\Deleted)' ;;
	4)
		mua "$folder" 'SEARCH RETURN (SAVE) KEYWORD $Taken' \
			'STORE $ +FLAGS (\Deleted)' 'UID EXPUNGE $'
		;;
	esac
}

choose_settings() {
	local all=('keep = true' 'keep = false' 'keep = true' 'delete-after = "1s"'
		'move-to = "Done"' 'keep = true set-flags = "$Taken"' 'keep = true mark-read = true')
	local more=('' '' 'max-messages = 2' 'max-bytes = "4K"' 'newest = 1000000'
		'max-size = "1M"' 'unseen = false' 'since = "2001-01-01"' 'received = true')
	settings="${all[RANDOM % ${#all[@]}]} ${more[RANDOM % ${#more[@]}]}"
}

# once MOMENT SETTINGS: a run, killed after MOMENT if there is one.
once() {
	local kill_after=$1
	chain_config imap none 'folders = [ "INBOX", "Work" ]' "$2"
	if [ -z "$kill_after" ]; then
		run timeout 60 mr-fetch --into 'mr-filter | mr-deliver'
		return
	fi
	{
		mr-fetch 2>/dev/null &
		echo $! >"$TEST_HOME/pid"
		wait
	} 2>/dev/null | mr-filter 2>/dev/null | mr-deliver >/dev/null 2>&1 &
	local last=$!
	sleep "$kill_after"
	kill -9 "$(cat "$TEST_HOME/pid")" 2>/dev/null
	wait "$last" 2>/dev/null
}

play() {
	local step log=$TEST_HOME/play
	seed=$1 made=0
	RANDOM=$seed
	folders=(INBOX Work)
	: >"$log"
	: >"$ERR"
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$TEST_HOME/mail"
	for step in INBOX Work Done; do
		mua $step 'STORE 1:* +FLAGS (\Deleted)' EXPUNGE
	done
	mkdir -p "$TEST_HOME/mail"
	for ((step = 0; step < 7; step++)); do
		case $((RANDOM % 7)) in
		0 | 1 | 2) deliver ;;
		3 | 4) meddle ;;
		*) deliver; meddle ;;
		esac
		choose_settings
		local moment=
		((RANDOM % 2)) && moment=$(printf '0.%03d' $((RANDOM % 120)))
		once "$moment" "$settings"
		echo "made $made; ${moment:-whole}: $settings: $STATUS $(tail -1 "$ERR")" >>"$log"
	done
	for step in "${folders[@]}"; do
		mua "$step" 'STORE 1:* -FLAGS (\Deleted)'
	done
	for step in 1 2; do
		once '' 'keep = true'
		echo "end: $STATUS $(cat "$ERR")" >>"$log"
	done
	find "$CHAIN_MAIL" -type f -path '*/[nc][eu][wr]/*' -exec grep -h ^Subject: {} + 2>/dev/null |
		sort >"$TEST_HOME/have"
	cat "$TEST_HOME"/mail/*.eml 2>/dev/null | grep ^Subject: | sort >"$TEST_HOME/want"
	ok "seed $seed: $made messages, each stored once" \
		'diff "$TEST_HOME/want" "$TEST_HOME/have"' || sed 's/^/#   /' "$log" >&2
}

for seed in 2 3; do
	play $seed
done
first=${MR_SEED:-1000}
for ((seed = first; seed < first + ${MR_RANDOM:-0}; seed++)); do
	play $seed
done
done_testing
