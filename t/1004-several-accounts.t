#!/usr/bin/env bash
# Several accounts at once: one that fails or stalls stops no other, trouble is told once
# a day, the worst status is returned.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
config=$XDG_CONFIG_HOME/mailrail/config

# account NAME PROTOCOL PORT [LINE...]: adds one of NAME's user at the private Dovecot.
account() {
	local name=$1 protocol=$2 port=$3
	shift 3
	cat <<-END
	$name: { protocol = "$protocol"; host = "localhost"; port = $port
	  ca-file = "$DOVECOT_CA"; user = "${name%%-*}"; password = "${name%%-*} secret"
	  $*
	}
	END
}
configure() {
	{ echo 'account: {'; cat; echo '} deliver: { inbox = "maildir:~/Mail" }'; } >"$config"
	chmod 600 "$config"
}
stored() {
	find "$HOME/Mail" -type f \( -path '*Mail*/new/*' -o -path '*Mail*/cur/*' \) | wc -l
}

dovecot_fill alice INBOX "${corpus[@]:0:20}"
dovecot_fill bob INBOX "${corpus[@]:20:20}"
free_port nobody
start_peer stall - <<END
S: +OK ready
answer CAPA
S: +OK
S: SASL PLAIN
S: UIDL
S: .
end
answer AUTH.*
S: +OK
end
answer NOOP
S: +OK
end
C: UIDL
S: +OK
S: 1 x
S: .
C: RETR 1
S: +OK
S: Subject: half a message
stall 30
END
{
	account alice imap "$DOVECOT_IMAPS"
	account bob pop3 "$DOVECOT_POP3S"
	account alice-down imap "$nobody"
	account alice-wrong imap "$DOVECOT_IMAPS" | sed 's/alice secret/wrong/'
	account bob-slow pop3 "$PEER_PORT" 'timeout = "3s"' 'tls = "none"'
} | configure
run mr-fetch --into 'mr-filter | mr-deliver'
is 'the worst status: login refused' "$STATUS" 77
is 'the good accounts are fetched' "$(stored)" 40
is 'and emptied' "$(dovecot_count alice INBOX) $(dovecot_count bob INBOX)" '0 0'
is 'one line for each in trouble' "$(wc -l <"$ERR")" 3
for name in alice-down alice-wrong; do
	like "$name is told of, at login" "$(cat "$ERR")" "mr-fetch: account $name: login: "
done
like 'bob-slow is told of, at its stage' "$(cat "$ERR")" \
	'mr-fetch: account bob-slow: fetch: .*no answer within 3 s'
ok 'nothing of the half message is stored' '! grep -rq "half a message" "$HOME/Mail"'
stop_peer

account alice-down imap "$nobody" | configure
run mr-fetch --into 'mr-filter | mr-deliver'
is 'a server that is still down: 75' "$STATUS" 75
is 'but it was told already' "$(cat "$ERR")" ''
run mr-fetch -v --into 'mr-filter | mr-deliver'
like 'with -v it is told again' "$(cat "$ERR")" 'account alice-down: login: '
account alice-down imap "$DOVECOT_IMAPS" | configure
exits 'it is up again' 0 mr-fetch --into 'mr-filter | mr-deliver'
account alice-down imap "$nobody" | configure
run mr-fetch --into 'mr-filter | mr-deliver'
is 'and down: for a moment that is no news' "$STATUS $(cat "$ERR")" '75 '

dovecot_fill alice INBOX "${corpus[@]:0:3}"
dovecot_fill alice lists/c "${corpus[@]:3:3}"
dovecot_fill alice lists/Entw\&APw-rfe "${corpus[@]:6:2}"
dovecot_fill alice other "${corpus[@]:9:2}"
rm -rf "$HOME/Mail"
account alice imap "$DOVECOT_IMAPS" 'folders = [ "lists/*", "lists/Entwürfe" ]' | configure
exits 'folders by pattern and by a name beyond ASCII' 0 mr-fetch --into 'mr-filter | mr-deliver'
is 'those are fetched, no other' "$(stored)" 5
is 'the others are untouched' "$(dovecot_count alice INBOX) $(dovecot_count alice other)" '3 2'

{ account alice imap "$DOVECOT_IMAPS"; account bob imap "$nobody"; } | configure
exits 'an account by its name' 0 mr-fetch --into 'mr-filter | mr-deliver' alice
is 'only that one' "$(stored)" 8
done_testing
