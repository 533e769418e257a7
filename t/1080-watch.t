#!/usr/bin/env bash
# Watching: mail is here a moment after it came, in whichever folder of whichever account.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
dovecot_fill alice lists/a "${corpus[0]}"
dovecot_fill alice lists/b "${corpus[1]}"
dovecot_fill bob INBOX "${corpus[2]}"
config=$XDG_CONFIG_HOME/mailrail/config

# account NAME PROTOCOL USER PORT LINE...
account() {
	cat <<-END
	$1: {
	  protocol = "$2"; host = "127.0.0.1"; port = $4; tls = "none"
	  user = "$3"; password = "$3 secret"; $5
	}
	END
}

# configure BOX-LINE: three accounts. alice's inbox has an IMAP account and bob's POP3.
configure() {
	{
		echo 'account: {'
		account box imap alice "$DOVECOT_IMAP" "$1"
		account bob imap bob "$DOVECOT_IMAP" 'folders = [ "%" ]'
		account pop pop3 bob "$DOVECOT_POP3" 'keep = true; poll = "1s"'
		echo '} deliver: { inbox = "maildir:~/Mail" }'
	} >"$config"
	chmod 600 "$config"
}

stored() {
	chain_stored | wc -l
}

# arrives LABEL USER FOLDER FILE: put there by somebody, here within seconds.
arrives() {
	local want=$(($(stored) + 1))
	dovecot_fill "$2" "$3" "$4"
	ok "$1" "wait_for 4 '[ \"\$(stored)\" = $want ]'"
	ok "$1: and gone there" "wait_for 4 '[ \"\$(dovecot_count $2 $3)\" = 0 ]'"
}

configure 'folders = [ "INBOX", "lists/a", "lists/b" ]'
spawn watch mr-fetch watch --into 'mr-filter | mr-deliver' box bob
pid=$PID
ok 'what is there is fetched at once' 'wait_for 10 "[ \"\$(stored)\" = 3 ]"'
sleep 1
arrives 'into the first folder' alice INBOX "${corpus[3]}"
arrives 'into another folder' alice lists/a "${corpus[4]}"
arrives 'into the third' alice lists/b "${corpus[5]}"
arrives 'to another account' bob INBOX "${corpus[6]}"
dovecot_fill alice INBOX "${corpus[@]:7:10}"
ok 'ten together' 'wait_for 5 "[ \"\$(stored)\" = 17 ]"'

ok 'between arrivals no program runs' 'wait_for 3 "! pgrep -P $pid"'
chain_rule 10.sieve 'require "fileinto"; fileinto "sorted";'
arrives 'with a new rule' alice INBOX "${corpus[17]}"
ok 'the rule holds at once' '[ -d "$CHAIN_MAIL/.sorted" ]'
rm "$XDG_CONFIG_HOME/mailrail/rules.d/10.sieve"

exits 'a run of the same account leaves' 0 mr-fetch --into 'mr-filter | mr-deliver' box
is 'in silence' "$(cat "$ERR")" ''

spent() {
	cut -d' ' -f14,15 "/proc/$pid/stat" | tr ' ' +
}
before=$(($(spent)))
sleep 2
is 'nothing happens: no time is spent' "$(($(spent) - before))" 0
start=$SECONDS
kill -TERM "$pid"
wait "$pid"
is 'SIGTERM: it ends with 0' "$?" 0
ok 'soon' '[ $((SECONDS - start)) -le 4 ]'
is 'and has said nothing' "$(cat "$TEST_HOME/watch.log")" ''

# By NOTIFY alone: one session for three folders, told of what comes by way of the server.
configure 'folders = [ "INBOX", "lists/a", "lists/b" ]; connections = 1'
spawn notify mr-fetch -v watch --into 'mr-filter | mr-deliver' box
pid=$PID
ok 'one session waits' 'wait_for 10 "grep -q waiting.for.news $TEST_HOME/notify.log"'
sleep 0.5
want=$(($(stored) + 1))
curl -sS --url "imap://127.0.0.1:$DOVECOT_IMAP/lists%2Fb" -u 'alice:alice secret' \
	-T "${corpus[18]}"
ok 'NOTIFY tells of another folder' 'wait_for 5 "[ \"\$(stored)\" = $want ]"'
end_pid "$pid"
wait "$pid"

# A pipe of the shell: one stream without end, and POP3 by the clock. The run that holds the
# lock is waited for.
rm -rf "$CHAIN_MAIL"
mkfifo "$TEST_HOME/stand"
dovecot_fill bob INBOX "${corpus[19]}"
spawn first mr-fetch --into "sh -c 'read x <$TEST_HOME/stand; mr-filter | mr-deliver'" pop
first=$PID
wait_for 10 '[ -s "$XDG_STATE_HOME/mailrail/run/fetch-pop.lock" ]'
bash -c 'mr-fetch watch pop 2>"$TEST_HOME/pipe.err" & echo $! >"$TEST_HOME/pipe.pid"; wait' |
	mr-filter | mr-deliver &
pipe=$!
wait_for 5 '[ -s "$TEST_HOME/pipe.pid" ]'
sleep 1
is 'the lock is held: it waits' "$(stored)" 0
echo go >"$TEST_HOME/stand"
wait "$first"
is 'that run has stored its own' "$(stored)" 1
dovecot_fill bob INBOX "${corpus[20]}"
ok 'then POP3 is looked at' 'wait_for 12 "[ \"\$(stored)\" = 2 ]"'
dovecot_fill bob INBOX "${corpus[21]}"
ok 'again and again, in the same stream' 'wait_for 5 "[ \"\$(stored)\" = 3 ]"'
kill -TERM "$(cat "$TEST_HOME/pipe.pid")"
wait "$pipe"
is 'and the stream ends whole' "$? $(cat "$TEST_HOME/pipe.err")" '0 '
chain_sent pop3 "${corpus[@]:19:3}" >"$TEST_HOME/sent"
chain_same 'each once'
done_testing
