#!/usr/bin/env bash
# mr-fetch status: what is known of each account, for people and for programs.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
export TZ=UTC
config=$XDG_CONFIG_HOME/mailrail/config
db=$XDG_STATE_HOME/mailrail/ledger.db
free_port nobody
cat >"$config" <<END
account: {
  box: { host = "localhost"; port = $DOVECOT_IMAPS; ca-file = "$DOVECOT_CA"
    user = "alice"; password = "alice secret"; folders = [ "INBOX", "lists/a" ] }
  down: { protocol = "pop3"; host = "localhost"; port = $nobody; user = "me"; password = "x" }
  wrong: { host = "localhost"; port = $DOVECOT_IMAPS; ca-file = "$DOVECOT_CA"
    user = "bob"; password = "of \"somebody\" else" }
}
deliver: { inbox = "maildir:~/Mail" }
END
chmod 600 "$config"
# json EXPRESSION: of the last output, in perl; \$a{NAME} is an account.
json() {
	perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>);
		my %a = map { $_->{name} => $_ } @{$j->{accounts}};
		my $got = eval $ARGV[0]; print defined $got ? $got : "null"' "$1" <"$OUT"
}
look() {
	run mr-fetch status "$@"
}

look
is 'before any run' "$STATUS $(cat "$OUT" "$ERR")" '0 box: last success: never
down: last success: never
wrong: last success: never'
ok 'no ledger is made' '[ ! -e "$db" ]'
look --json
is 'as JSON' "$STATUS $(json 'join " ", map { "$_->{name} $_->{state} $_->{host}" } @{$j->{accounts}}')" \
	'0 box new localhost down new localhost wrong new localhost'

# The mail of lists/a is not stored: its folder is a file.
dovecot_fill alice INBOX "${corpus[0]}"
mr-fetch --into 'mr-deliver' >/dev/null 2>&1
: >"$HOME/Mail.not"
sed -i 's/~\/Mail/~\/Mail.not/' "$config"
dovecot_fill alice lists/a "${corpus[1]}"
mr-fetch --into 'mr-deliver' >/dev/null 2>&1
age=$(sqlite3 "$db" "SELECT count(*) FROM source_pause WHERE tries > 0")
is 'a message is paused' "$age" 1
sqlite3 "$db" "UPDATE source_account SET success = 1000000000 WHERE name = 'box';
	UPDATE source_account SET since = 1700000000, due = 4102444800 WHERE name = 'wrong';
	UPDATE source_pause SET until = 4102444800"
touch -d '2025-01-02 03:04:05 UTC' "$XDG_STATE_HOME/mailrail/run/fetch-box.lock"
touch -d '2025-01-02 03:04:05 UTC' "$XDG_STATE_HOME/mailrail/run/fetch-wrong.lock"
look
is 'all could be told' "$STATUS $(cat "$ERR")" '0 '
is 'an account that is well, by the time of its lock file' "$(grep '^box: last' "$OUT")" \
	'box: last success: 2025-01-02 03:04:05'
is 'what waits at the server' "$(grep 'wait at' "$OUT")" 'box: 1 messages wait at the server'
is 'its paused message' "$(grep '^box: 1 .*stored' "$OUT")" \
	'box: 1 messages could not be stored, the next try is at 2100-01-01 00:00:00'
like 'one that is down' "$(grep '^down: in' "$OUT")" \
	'^down: in trouble \(75\) since [-0-9: ]{19}: login: localhost:'
like 'one that is locked out' "$(grep '^wrong: in' "$OUT")" \
	'^wrong: in trouble \(77\) since 2023-11-14 22:13:20: login: '
is 'and its next try' "$(grep '^wrong: not' "$OUT")" \
	'wrong: not tried again before 2100-01-01 00:00:00'
is 'and that it never did well' "$(grep '^wrong: last' "$OUT")" 'wrong: last success: never'
look --json wrong box
is 'JSON of some' "$STATUS $(json 'join " ", sort keys %a')" '0 box wrong'
is 'the success' "$(json '$a{box}{"last-success"}')" 2025-01-02T03:04:05Z
is 'the trouble' "$(json 'join " ", @{$a{wrong}{trouble}}{"status", "since"}, $a{wrong}{"next-try"}')" \
	'77 2023-11-14T22:13:20Z 2100-01-01T00:00:00Z'
is 'none' "$(json '$a{box}{trouble}')" null
like 'what is paused' "$(json 'join " ", map { @$_{"folder", "message", "tries", "next-try"} } @{$a{box}{paused}}')" \
	'^lists/a [0-9]+/1 1 2100-01-01T00:00:00Z'
unlike 'no secret' "$(cat "$OUT")" 'secret|somebody'

exec 8<"$XDG_STATE_HOME/mailrail/run/fetch-box.lock"
flock 8
look
is 'at work' "$(grep -c '^box: at work' "$OUT") $(grep -c 'at work' "$OUT")" '1 1'
look --json
is 'as JSON' "$(json '"$a{box}{running} $a{down}{running}"')" '1 0'
flock -u 8
before=$(md5sum "$db"* "$XDG_STATE_HOME"/mailrail/run/*)
look
is 'nothing is changed' "$(md5sum "$db"* "$XDG_STATE_HOME"/mailrail/run/*)" "$before"
for times in 1..2 1..5; do
	run strace -f -o /dev/null -e trace=flock -e inject=flock:error=EAGAIN:when=$times \
		mr-fetch -v --into mr-deliver box
	grep -c 'another run' "$ERR" >>"$TEST_HOME/busy"
done
is 'who looks for a moment is no other run' "$(xargs <"$TEST_HOME/busy")" '0 1'
# What a limit left, over both protocols; then nothing.
sed -i 's/Mail.not/Mail/; s/user = "alice"/max-messages = 2; &/' "$config"
sqlite3 "$db" "UPDATE source_pause SET until = 1"
for protocol in imap pop3; do
	dovecot_fill alice INBOX "${corpus[@]:2:6}"
	[ "$protocol" = imap ] || sed -i "0,/port = $DOVECOT_IMAPS/s//port = $DOVECOT_POP3S; protocol = \"pop3\"/
		s/; folders = .*]//" "$config"
	for i in 1 2 3 4 5; do
		mr-fetch --into 'mr-deliver' box >/dev/null 2>&1
		look --json box
		json '$a{box}{waiting}'
		echo
	done >"$TEST_HOME/$protocol.left"
done
is 'left by max-messages, IMAP' "$(xargs <"$TEST_HOME/imap.left")" '5 3 1 0 0'
is 'left by max-messages, POP3' "$(xargs <"$TEST_HOME/pop3.left")" '4 2 0 0 0'
exits 'no such account' 78 mr-fetch status nobody
exits 'not with check' 64 mr-fetch check --json
done_testing
