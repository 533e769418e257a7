#!/usr/bin/env bash
# What a POP3 message is known by: without UIDL by TOP, with strange UIDLs, with lists that
# shrink and come back, with servers whose LIST and TOP are not to be believed.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

# visit CAPABILITIES MESSAGE...: the next visit. A MESSAGE is UIDL:SUBJECT[:MESSAGE-ID]; all
# that a client may ask of it is answered. $lie is added to each size, $mangle is a field
# that only TOP has.
lie=0 mangle=
visit() {
	local can=$1 n=0 message uidl subject id size
	shift
	{
		printf 'S: +OK POP3 ready\nanswer CAPA\nS: +OK\nS: USER\nS: SASL PLAIN\n'
		printf 'S: %s\n' $can
		printf 'S: .\nend\nanswer AUTH PLAIN\nS: +OK logged in\nend\n'
		for message; do
			IFS=: read -r uidl subject id <<<"$message"
			head=$(printf 'S: %s\n' "Subject: $subject" ${id:+"Message-ID:$id"})
			size=$(($(printf '%s\r\n' "Subject: $subject" ${id:+"Message-ID:$id"} '' text |
				wc -c) + lie))
			n=$((n + 1))
			sizes[n]=$size uidls[n]=$uidl
			printf 'answer LIST %d$\nS: +OK %d %d\nend\n' $n $n "$size"
			printf 'answer TOP %d 0\nS: +OK\n%s%s\nS:\nS: .\nend\n' $n "$head" \
				"${mangle:+$'\n'S: $mangle}"
			printf 'answer RETR %d$\nS: +OK\n%s\nS:\nS: text\nS: .\nend\n' $n "$head"
			printf 'answer DELE %d$\nS: +OK\nend\n' $n
		done
		printf 'answer LIST$\nS: +OK\n'
		for ((i = 1; i <= n; i++)); do printf 'S: %d %d\n' "$i" "${sizes[i]}"; done
		printf 'S: .\nend\nanswer STAT\nS: +OK %d 100\nend\nanswer UIDL\n' $n
		case " $can " in
		*' UIDL '*)
			printf 'S: +OK\n'
			for ((i = 1; i <= n; i++)); do printf 'S: %d %s\n' "$i" "${uidls[i]}"; done
			printf 'S: .\n'
			;;
		*) printf 'S: -ERR unknown command\n' ;;
		esac
		printf 'end\nC: QUIT\n%s\n' "${quit:-S: +OK}"
	} >"$TEST_HOME/visit-$((++visits))"
}
visits=0 quit=
sizes=() uidls=()

# begin NAME KEEP: plays the visits so far, from nothing.
begin() {
	rm -rf "$HOME/Mail" "$XDG_STATE_HOME"/*
	start_peer "$1" $(seq -f "$TEST_HOME/visit-%.0f" "$visits")
	visits=0
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOT
	account: { box: { protocol = "pop3"; host = "localhost"; port = $PEER_PORT; tls = "none";
	  user = "u"; password = "p"; timeout = "5s"; keep = $2 } }
	deliver: { inbox = "maildir:~/Mail" }
	EOT
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}
# fetched LABEL STATUS SUBJECTS: a run; what is stored then.
fetched() {
	run timeout 30 mr-fetch --into 'mr-filter | mr-deliver'
	is "$1" "$STATUS $(cat "$HOME"/Mail/new/* 2>/dev/null | sed -n 's/^Subject: //p' | sort |
		paste -sd ' ')" "$2 $3"
	ok "$1: the script is kept to" wire_ok
}
asked() {
	wire | grep -ac "^C: $1"
}

visit 'TOP PIPELINING' a:one:1 b:two
visit 'TOP PIPELINING' a:one:1 b:two
visit 'TOP PIPELINING' b:two c:three:3
visit 'TOP PIPELINING' a:one:1 b:two c:three:3
begin no-uidl true
fetched 'no UIDL: kept and stored' 0 'one two'
fetched 'no UIDL: once' 0 'one two'
fetched 'no UIDL: what came is fetched, whatever its number' 0 'one three two'
is 'no UIDL: three were downloaded' "$(asked RETR)" 3
fetched 'no UIDL: one that was gone comes back' 0 'one three two'
is 'no UIDL: and is known' "$(asked RETR)" 3

visit 'TOP' a:one:1 b:one:1
visit 'TOP' a:one:1 b:one:1
begin no-uidl-twins true
fetched 'no UIDL: two that are alike are both stored' 0 'one one'
fetched 'no UIDL: and once' 0 'one one'

long=$(printf 'x%.0s' $(seq 4000))
visit 'TOP UIDL' "$long:one" "${long}y:two" '!#$%:three'
visit 'TOP UIDL' "$long:one" "${long}y:two" '!#$%:three'
begin long true
fetched 'UIDLs of 4,000 bytes' 0 'one three two'
fetched 'they are told apart, and known again' 0 'one three two'
is 'nothing was downloaded twice' "$(asked RETR)" 3

visit 'TOP UIDL' a:one b:two:2 c:three
visit 'TOP UIDL'
visit 'TOP UIDL' a:one b:two:2 c:three
visit 'TOP UIDL' a:one b:two:2 c:three
begin empty true
fetched 'three are kept' 0 'one three two'
fetched 'the list is empty' 0 'one three two'
fetched 'and full again: nothing is stored twice' 0 'one three two'
is 'nor downloaded' "$(asked RETR)" 3
tops=$(asked TOP)
fetched 'from then on they are known without a look' 0 'one three two'
is 'no TOP' "$(asked TOP)" "$tops"

visit 'TOP UIDL' a:one b:two
visit 'TOP UIDL' b:two
visit 'TOP UIDL' b:two a:other
visit 'TOP UIDL' b:two a:other
begin again true
fetched 'two are kept' 0 'one two'
fetched 'one of them goes' 0 'one two'
fetched 'its UIDL is given to another one, which is stored' 0 'one other two'
fetched 'once' 0 'one other two'

# QUIT is not answered: what was deleted is still there, and must be known again.
for what in lie mangle; do
	lie=0 mangle=
	case $what in
	lie) lie=7 ;;
	mangle) mangle='X-UIDL: of TOP only' ;;
	esac
	for can in 'TOP UIDL' 'UIDL'; do
		quit=drop
		visit "$can" a:one b:two:2
		quit=
		visit "$can" a:one b:two:2
		begin "$what-${can%% *}" false
		fetched "$what, $can: cut before QUIT" 75 'one two'
		fetched "$what, $can: nothing is stored twice" 0 'one two'
		is "$what, $can: deleted once more" "$(asked DELE)" 4
	done
done
done_testing
