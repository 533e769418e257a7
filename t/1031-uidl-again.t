#!/usr/bin/env bash
# A POP3 server may give the UIDL of a deleted message to another one (RFC 1939 section 7):
# that one is stored, too, with a Message-ID and without; what is still there although it
# was deleted is not stored again.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

# visit NUMBER HEADER...: one message with UIDL "aaa", as a whole visit of ours sees it;
# "TOP" in $can when the server has it.
can=TOP
visit() {
	local file=$TEST_HOME/visit-$((++visits)) header size
	header=$(printf 'S: %s\n' "$@")
	size=$(($(printf '%s\r\n' "$@" '' text | wc -c)))
	cat >"$file" <<-EOF
	S: +OK POP3 ready
	answer CAPA
	S: +OK
	S: USER
	S: SASL PLAIN
	S: UIDL
	S: $can
	S: .
	end
	answer AUTH PLAIN
	S: +OK logged in
	end
	answer LIST 1
	S: +OK 1 $size
	end
	answer TOP 1 0
	S: +OK
	$header
	S:
	S: .
	end
	answer RETR 1
	S: +OK
	$header
	S:
	S: text
	S: .
	end
	answer DELE
	S: +OK deleted
	end
	C: UIDL
	S: +OK
	S: 1 aaa
	S: .
	C: QUIT
	S: +OK
	EOF
}
visits=0
play() {
	run timeout 30 mr-fetch --into 'mr-filter | mr-deliver'
	STATUS=$STATUS$(<"$ERR")
}
subjects() {
	cat "$HOME"/Mail/new/* 2>/dev/null | sed -n 's/^Subject: //p' | sort | paste -sd ' '
}
asked() {
	wire | grep -ac "^C: $1"
}
begin() {
	rm -rf "$HOME/Mail" "$XDG_STATE_HOME"/*
	start_peer "$1" "$TEST_HOME"/visit-[0-9]
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
	account: { box: { protocol = "pop3"; host = "localhost"; port = $PEER_PORT; tls = "none";
	  user = "u"; password = "p"; timeout = "5s"; keep = ${2:-false} } }
	deliver: { inbox = "maildir:~/Mail" }
	EOF
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}

for kind in with without; do
	for can in TOP EXPIRE; do
		rm -f "$TEST_HOME"/visit-*
		visits=0
		for subject in one one two two one; do
			case $kind in
			with) visit "Subject: $subject" "Message-ID: <$subject@example.org>" ;;
			without) visit "Subject: $subject" ;;
			esac
		done
		label="$kind Message-ID, $can"
		begin "$kind-$can"
		play
		is "$label: a message is stored" "$STATUS $(subjects)" '0 one'
		is "$label: and deleted" "$(asked DELE)" 1
		bodies=$(asked RETR)
		play
		is "$label: still there, though deleted: not stored again" "$STATUS $(subjects)" '0 one'
		is "$label: deleted once more" "$(asked DELE)" 2
		[ $can = EXPIRE ] || is "$label: not even downloaded" "$(asked RETR)" "$bodies"
		play
		is "$label: another one under its UIDL is stored" "$STATUS $(subjects)" '0 one two'
		is "$label: then deleted" "$(asked DELE)" 3
		play
		is "$label: and once, too" "$STATUS $(subjects) $(asked DELE)" '0 one two 4'
		play
		is "$label: the first again is stored again" "$STATUS $(subjects)" '0 one one two'
		ok "$label: the script is kept to" wire_ok
		stop_peer
	done
done
done_testing
