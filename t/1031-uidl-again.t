#!/usr/bin/env bash
# A POP3 server may give the UIDL of a deleted message to another one (RFC 1939 section 7):
# that one is stored, too, and deleted only then.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

# session NUMBER: one message with UIDL "aaa", as a whole visit of ours sees it.
session() {
	cat <<-EOF
	S: +OK POP3 ready
	answer CAPA
	S: +OK
	S: USER
	S: SASL PLAIN
	S: UIDL
	S: .
	end
	answer AUTH PLAIN
	S: +OK logged in
	end
	answer DELE
	S: +OK deleted
	end
	C: UIDL
	S: +OK
	S: 1 aaa
	S: .
	C: RETR 1
	S: +OK
	S: Message-ID: <$1@example.org>
	S: Subject: number $1
	S:
	S: text
	S: .
	C: QUIT
	S: +OK
	EOF
}
for i in first first second second; do
	n=$((${n:-0} + 1))
	session $i >"$TEST_HOME/visit-$n"
done
start_peer pop "$TEST_HOME"/visit-[1-4]
cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
	account: { box: { protocol = "pop3"; host = "localhost"; port = $PEER_PORT; tls = "none";
	  user = "u"; password = "p"; timeout = "5s" } }
	deliver: { inbox = "maildir:~/Mail" }
EOF
chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
visit() {
	timeout 30 mr-fetch --into 'mr-filter | mr-deliver'
}
subjects() {
	cat "$HOME"/Mail/new/* | sed -n 's/^Subject: //p' | sort | tr '\n' ' '
}
deleted() {
	wire | grep -c '^C: DELE'
}

exits 'a message is fetched' 0 visit
is 'and stored' "$(subjects)" 'number first '
exits 'it is still there, though the server said that it was deleted' 0 visit
is 'and is not stored again' "$(subjects)" 'number first '
before=$(deleted)
exits 'another message has its UIDL' 75 visit
like 'one line tells' "$(<"$ERR")" "identity was another message's"
is 'it is not deleted' "$(deleted)" "$before"
exits 'the next run fetches it again' 0 visit
is 'and stores it' "$(subjects)" 'number first number second '
is 'then it is deleted' "$(deleted)" $((before + 1))

done_testing
