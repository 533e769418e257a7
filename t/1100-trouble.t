#!/usr/bin/env bash
# Trouble is told when it should be, and an account in trouble is left alone as long as its
# server wants.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

config=$XDG_CONFIG_HOME/mailrail/config
db=$XDG_STATE_HOME/mailrail/ledger.db

# configure PORT [LINE]: what is written now was written long ago, for mr-fetch: see age.
configure() {
	cat >"$config" <<-END
	account: { box: { protocol = "pop3"; host = "localhost"; port = $1; tls = "none"
	  user = "alice"; password = "the secret"; timeout = "5s"; auth = [ "PLAIN" ]; ${2:-} } }
	END
	chmod 600 "$config"
}
fetch() {
	run mr-fetch --into 'mr-deliver' "$@"
}
# As if SECONDS had passed since: all times of the ledger move back.
age() {
	sqlite3 "$db" "UPDATE source_account SET since = max(0, since - $1),
		told = max(0, told - $1), due = max(0, due - $1)"
}
asked() {
	wire "$1" | grep -c '^-- connect'
}
ledger() {
	sqlite3 "$db" "SELECT $1 FROM source_account"
}

login='answer CAPA
S: +OK
S: SASL PLAIN
S: UIDL
S: .
end
answer NOOP
S: +OK
end'
start_peer good - <<END
S: +OK ready
$login
answer (UIDL|LIST)
S: +OK
S: .
end
answer STAT
S: +OK 0 0
end
C: AUTH.*
S: +OK
C: QUIT
S: +OK bye
END
good=$PEER_PORT
start_peer wrong - <<END
S: +OK ready
$login
C: AUTH.*
S: -ERR [AUTH] wrong password
any
END
wrong=$PEER_PORT
start_peer busy - <<END
S: +OK ready
$login
C: AUTH.*
S: -ERR [IN-USE] Do you have another POP session running?
any
END
busy=$PEER_PORT
free_port nobody

configure "$nobody"
fetch
like 'an account that never worked is told of at once' "$STATUS $(cat "$ERR")" \
	"^75 mr-fetch: account box: login: localhost:$nobody: "
configure "$good"
fetch
is 'it works' "$STATUS $(cat "$ERR")" '0 '
configure "$nobody"
fetch
is 'then it is down: nothing is said yet' "$STATUS $(cat "$ERR")" '75 '
age 1790
fetch
is 'nor after 29 minutes' "$STATUS $(cat "$ERR")" '75 '
fetch -v
like 'but with -v' "$(grep -c ': login: ' "$ERR")" 1
age 20
fetch
like 'after 30 it is' "$STATUS $(cat "$ERR")" '^75 mr-fetch: account box: login: '
age 86000
fetch
is 'once' "$STATUS $(cat "$ERR")" '75 '
age 500
fetch
like 'a day' "$STATUS $(cat "$ERR")" '^75 mr-fetch: account box: login: '
configure "$good"
fetch -v
like 'with -v it says that all is well again' "$(cat "$ERR")" 'account box: all is well again'
configure "$nobody" 'grace = "0s"'
fetch
like 'without a grace at once' "$STATUS $(cat "$ERR")" '^75 mr-fetch: account box: login: '

configure "$wrong"
fetch
like 'a refused login is told at once' "$STATUS $(cat "$ERR")" '^77 .*\[AUTH\] wrong password'
is 'it asks for an hour' "$(ledger 'due - told, tries')" '3600|1'
sleep 1.1
fetch
is 'the next run leaves it alone' "$STATUS $(cat "$ERR") $(asked wrong)" '77  1'
fetch -v
is 'with -v it is tried' "$STATUS $(asked wrong)" '77 2'
fetch box
is 'and when it is named' "$STATUS $(cat "$ERR") $(asked wrong)" '77  3'
ok 'the pause has grown' '[ "$(ledger "tries")" = 3 ]'
sleep 1.1
touch "$config"
fetch
is 'and when the configuration has changed' "$STATUS $(cat "$ERR") $(asked wrong)" '77  4'
sleep 1.1
age 28800
fetch
is 'and when its time is over' "$STATUS $(cat "$ERR") $(asked wrong)" '77  5'
sleep 1.1
spawn watch mr-fetch watch --into mr-deliver
sleep 1
end_pid "$PID"
is 'a watch that begins leaves it alone, too' "$(asked wrong)" 5
sed "s/port = $wrong/port = $good/" "$config" >"$TEST_HOME/good"
chmod 600 "$TEST_HOME/good"
exits 'check logs in' 0 mr-fetch -c "$TEST_HOME/good" check
is 'which ends the pause' "$(ledger 'due')" 0
fetch
is 'it is tried' "$STATUS $(asked wrong)" '77 6'

rm "$db"* "$XDG_STATE_HOME"/mailrail/run/*
rm -rf "$XDG_STATE_HOME/mailrail"
configure "$busy"
fetch
like 'a busy server is told' "$STATUS $(cat "$ERR")" '^75 .*\[IN-USE\]'
is 'and gets five minutes' "$(ledger 'due - since')" 300
sleep 1.1
fetch
is 'in which it is left alone' "$STATUS $(cat "$ERR") $(asked busy)" '75  1'
age 301
fetch
is 'then it is asked' "$STATUS $(cat "$ERR") $(asked busy)" '75  2'
is 'and gets ten' "$(ledger 'tries')" 2

configure "$good"
sleep 1.1
touch "$config"
fetch
is 'all is well' "$STATUS $(cat "$ERR") $(ledger 'kind, since, told, tries, due')" '0  0|0|0|0|0'
lock=$XDG_STATE_HOME/mailrail/run/fetch-box.lock
touch -d '2020-01-01' "$lock"
strace -f -o "$TEST_HOME/strace" -e trace=fsync,fdatasync,utimensat mr-fetch --into mr-deliver
is 'a run without news syncs nothing' "$(grep -cE 'f(data)?sync\(' "$TEST_HOME/strace")" 0
ok 'its lock file says when it was' '[ "$(stat -c %Y "$lock")" -gt 1700000000 ]'
done_testing
