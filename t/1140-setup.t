#!/usr/bin/env bash
# mr-fetch setup: an address becomes an account that works, by SRV records and a real Dovecot.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/dns.sh"

dovecot_start
dns_start
corpus=("$MR_TOP"/t/corpus/*.eml)
dovecot_fill alice INBOX "${corpus[@]:0:3}"
dovecot_fill alice lists/c "${corpus[@]:3:2}"
config=$XDG_CONFIG_HOME/mailrail/config
PEER_CERT=$DOVECOT_DIR/ca/server.pem
start_peer submission - <<-END
	tls
	S: 220 submission
	C: EHLO
	S: 250-submission
	S: 250 AUTH PLAIN
	C: EHLO
	S: 250-submission
	S: 250 AUTH PLAIN
	C: AUTH PLAIN $(printf '\0alice\0alice secret' | base64)
	S: 235 welcome
	C: EHLO
	S: 250-submission
	S: 250 AUTH PLAIN
	any
END
records="_imaps._tcp.localhost 0 1 $DOVECOT_IMAPS localhost
_imap._tcp.localhost 0 1 $DOVECOT_IMAP localhost
_pop3s._tcp.localhost 10 1 $DOVECOT_POP3S localhost"
no_submission='_submissions._tcp.localhost 0 0 0 .'

# set_up OPTION...: without a terminal.
set_up() {
	run mr-fetch setup --resolver "$DNS" --ca-file "$DOVECOT_CA" \
		--password-command 'echo alice secret' "$@" </dev/null
}

fresh() {
	rm -rf "$XDG_CONFIG_HOME/mailrail"
}

fresh
dns_table <<<"$records
_submissions._tcp.localhost 0 0 $PEER_PORT localhost"
set_up alice@LOCALHOST
is 'records, login, section: 0' "$STATUS" 0
is 'nothing on stderr' "$(cat "$ERR")" ''
is 'it tells what it does' "$(sed 's|lists/c, INBOX|INBOX, lists/c|' "$OUT")" "IMAP localhost:$DOVECOT_IMAPS (TLS, SRV record): answers
localhost: not as alice@LOCALHOST
localhost: logged in as alice by SCRAM-SHA-256
2 folders: INBOX, lists/c
submission localhost:$PEER_PORT (TLS, SRV record): answers
localhost: logged in as alice by PLAIN
$config: account localhost is written, and where outgoing mail goes; all mail stays on the server (keep = true)
next: mr-fetch check localhost"
is 'what is written' "$(cat "$config")" "account: {
  localhost: {
    protocol = \"imap\"
    host = \"localhost\"
    port = $DOVECOT_IMAPS
    ca-file = \"$DOVECOT_CA\"
    user = \"alice\"
    password-command = \"echo alice secret\"
    keep = true   # all mail stays on the server; false: what is stored here is deleted there
  }
}

smarthost: {
  default: {
    host = \"localhost\"
    port = $PEER_PORT
    ca-file = \"$DOVECOT_CA\"
    user = \"alice\"
    password-command = \"echo alice secret\"
  }
}"
is 'for nobody else' "$(stat -c %a "$config" "${config%/*}" | xargs)" '600 700'
is 'nothing else lies there' "$(ls -A "${config%/*}")" config
exits 'it works' 0 mr-fetch check
exits 'fetching, too' 0 mr-fetch --files "$TEST_HOME/mail"
is 'and nothing is deleted there' "$(dovecot_count alice INBOX)" 3
ok 'mr-relay takes its part' 'mr-relay queue'

cp "$config" "$TEST_HOME/before"
set_up alice@localhost
is 'the same once more is refused: 64' "$STATUS" 64
like 'and says why' "$(cat "$ERR")" "config:2: account localhost is this mailbox already"
ok 'and nothing is changed' 'cmp "$config" "$TEST_HOME/before"'

fresh
dns_table <<<"$no_submission
_imap._tcp.localhost 0 1 $DOVECOT_IMAP localhost"
set_up --user alice --name a alice@localhost
is 'only STARTTLS: 0' "$STATUS" 0
ok 'is written so' 'grep -q "tls = \"starttls\"" "$config" && mr-fetch check a'
fresh
dns_table <<<"$(sed 's/ 0 1/ 20 1/' <<<"$records")
$no_submission"
set_up --user alice alice@localhost
is 'the domain prefers POP3: 0' "$STATUS" 0
ok 'POP3 is written' 'grep -q "protocol = \"pop3\"" "$config" && mr-fetch check'
fresh
dns_table <<<"$records
$no_submission"
set_up --user alice --protocol imap alice@localhost
is 'the user prefers IMAP: 0' "$STATUS" 0
ok 'IMAP is written' 'grep -q "protocol = \"imap\"" "$config"'
unlike 'POP3 was not asked for' "$(dns_log)" pop3

fresh
dns_table <<<"$records
$no_submission"
set_up --print --user alice alice@localhost
is '--print: 0' "$STATUS" 0
is '--print prints the section' "$(sed -n 1,3p "$OUT" | xargs)" \
	'account: { localhost: { protocol = imap'
ok '--print writes nothing' '[ ! -e "$config" ]'
run mr-fetch setup --resolver "$DNS" --ca-file "$DOVECOT_CA" --password-command 'echo wrong-one' \
	alice@localhost
is 'a wrong password: 77' "$STATUS" 77
like 'says so' "$(cat "$ERR")" 'takes the password neither with the address nor'
unlike 'without showing it' "$(cat "$ERR" "$OUT")" 'wrong-one'
ok 'nothing is written' '[ ! -e "$config" ]'
run mr-fetch setup alice@localhost </dev/null
is 'no terminal, no password-command: 64' "$STATUS" 64
for bad in alice @localhost alice@ 'alice@a b' alice@127.0.0.1 'a b@localhost' 'x@a"b'; do
	set_up "$bad"
	is "no address: $bad: 64" "$STATUS" 64
done
set_up --resolver nonsense alice@localhost
is 'no resolver: 64' "$STATUS" 64
set_up --name check alice@localhost
is 'the name of a verb: 64' "$STATUS" 64
set_up --host "localhost:$DOVECOT_IMAPS" --user alice alice@example.invalid
is 'a server that is named: 0' "$STATUS" 0
ok 'works' 'mr-fetch check example'

# A person at a terminal: script(1) is the terminal, a pipe to it the keyboard.
fresh
mkfifo "$TEST_HOME/keyboard"
screen=$TEST_HOME/screen
script -qefc "mr-fetch setup --resolver $DNS --ca-file '$DOVECOT_CA' --user alice \
	--store-password alice@localhost" "$screen" <"$TEST_HOME/keyboard" >"$OUT" 2>&1 &
person=$!
adopt "$person"
exec 3>"$TEST_HOME/keyboard"
ok 'a person is asked' \
	'wait_for 20 "grep -q \"mr-fetch: password for alice at localhost: \" $screen"'
echo 'alice secret' >&3
wait "$person"
is 'what was typed logs in' "$?" 0
exec 3>&-
unlike 'and was not shown' "$(cat "$screen")" 'alice secret'
ok 'with --store-password it is written' 'grep -q "password = \"alice secret\"" "$config"'
exits 'that works' 0 mr-fetch check </dev/null
done_testing
