# shellcheck shell=bash
# Maildrops of a scripted POP3 server, one per visit of ours.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh and peer.sh.
#
#	maildrop CAPABILITIES MESSAGE...   the next visit finds these messages. A MESSAGE is
#	                     UIDL:SUBJECT[:MESSAGE-ID[:BODY]]; all that a client may ask of it is
#	                     answered, each in its own time
#	maildrops NAME [LINE...]   plays the visits so far, from nothing; LINE: settings of the
#	                     account "box"
#	maildrop_fetch LABEL STATUS SUBJECTS   two TAP lines: what a run gives, and what is stored
#	                     after it; that it kept to the script
#	maildrop_asked REGEX   prints how many commands of all visits begin so
#
# Before maildrop: MAILDROP_LIE is added to each size, MAILDROP_MANGLE is a field that only
# TOP has, MAILDROP_QUIT a line of the transcript in place of the answer to QUIT,
# MAILDROP_EXTRA lines that stand before all.

MAILDROP_LIE=0 MAILDROP_MANGLE='' MAILDROP_QUIT='' MAILDROP_EXTRA=''
maildrop_count=0

maildrop() {
	local can=$1 n=0 i message uidl subject id body head size sizes=() uidls=()
	shift
	{
		printf '%s\n' 'S: +OK POP3 ready' "$MAILDROP_EXTRA"
		printf 'answer CAPA\nS: +OK\nS: USER\nS: SASL PLAIN\n'
		[ -z "$can" ] || tr '/' '\n' <<<"$can" | sed 's/^/S: /'
		printf 'S: .\nend\nanswer AUTH PLAIN\nS: +OK logged in\nend\n'
		for message; do
			IFS=: read -r uidl subject id body <<<"$message"
			head=$(printf 'S: %s\n' "Subject: $subject" ${id:+"Message-ID:$id"})
			size=$(($(printf '%s\r\n' "Subject: $subject" ${id:+"Message-ID:$id"} '' \
				"${body:-text}" | wc -c) + MAILDROP_LIE))
			n=$((n + 1))
			sizes[n]=$size uidls[n]=$uidl
			printf 'answer LIST %d$\nS: +OK %d %d\nend\n' $n $n "$size"
			printf 'answer TOP %d 0\nS: +OK\n%s%s\nS:\nS: .\nend\n' $n "$head" \
				"${MAILDROP_MANGLE:+$'\n'S: $MAILDROP_MANGLE}"
			printf 'answer RETR %d$\nS: +OK\n%s\nS:\nS: %s\nS: .\nend\n' $n "$head" \
				"${body:-text}"
			printf 'answer DELE %d$\nS: +OK\nend\n' $n
		done
		printf 'answer LIST$\nS: +OK\n'
		for ((i = 1; i <= n; i++)); do printf 'S: %d %d\n' "$i" "${sizes[i]}"; done
		printf 'S: .\nend\nanswer STAT\nS: +OK %d 100\nend\nanswer UIDL\n' $n
		case "/$can/" in
		*/UIDL/*)
			printf 'S: +OK\n'
			for ((i = 1; i <= n; i++)); do printf 'S: %d %s\n' "$i" "${uidls[i]}"; done
			printf 'S: .\n'
			;;
		*) printf 'S: -ERR unknown command\n' ;;
		esac
		printf 'end\nC: QUIT\n%s\n' "${MAILDROP_QUIT:-S: +OK}"
	} >"$TEST_HOME/maildrop-$((++maildrop_count))"
}

maildrops() {
	local name=$1
	shift
	rm -rf "$HOME/Mail" "$XDG_STATE_HOME"/*
	start_peer "$name" $(seq -f "$TEST_HOME/maildrop-%.0f" "$maildrop_count")
	maildrop_count=0
	maildrop_config "$@"
}

maildrop_config() {
	{
		cat <<-EOF
		account: { box: {
		  protocol = "pop3"; host = "localhost"; port = $PEER_PORT; tls = "none"
		  user = "u"; password = "p"; timeout = "5s"
		EOF
		printf '  %s\n' "$@"
		printf '} }\ndeliver: { inbox = "maildir:~/Mail" }\n'
	} >"$XDG_CONFIG_HOME/mailrail/config"
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}

maildrop_stored() {
	cat "$HOME"/Mail/new/* 2>/dev/null | sed -n 's/^Subject: //p' | sort | paste -sd ' '
}

maildrop_fetch() {
	run timeout 30 mr-fetch --into 'mr-filter | mr-deliver'
	is "$1" "$STATUS $(maildrop_stored)" "$2 $3"
	ok "$1: the script is kept to" wire_ok
}

maildrop_asked() {
	wire | grep -ac "^C: $1"
}
