#!/usr/bin/env bash
# Watching a server that breaks off, is silent, cannot wait or refuses: what is told, what
# is tried, how often; and nothing is lost.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

mail=$HOME/Mail
ledger=$XDG_STATE_HOME/mailrail/ledger.db
pid=
row=0
on='C* NEVER'

# A good server with an empty INBOX, up to its first IDLE.
good() {
	cat <<-END
	S: * OK IMAP4rev1 ready
	answer \S+ CAPABILITY
	S: * CAPABILITY IMAP4rev1 ${1:-IDLE} UIDPLUS AUTH=PLAIN SASL-IR
	S: %TAG% OK done
	end
	answer \S+ AUTHENTICATE PLAIN
	S: %TAG% OK logged in
	end
	answer \S+ LOGOUT
	S: * BYE bye
	S: %TAG% OK done
	end
	answer \S+ SELECT "INBOX"
	S: * 0 EXISTS
	S: * OK [UIDVALIDITY 17] ok
	S: * OK [UIDNEXT 5] ok
	S: %TAG% OK done
	end
	answer \S+ EXAMINE "INBOX"
	S: * 0 EXISTS
	S: * OK [UIDVALIDITY 17] ok
	S: * OK [UIDNEXT 5] ok
	S: %TAG% OK done
	end
	answer \S+ STATUS "INBOX"
	S: * STATUS INBOX (MESSAGES 0 UIDNEXT 5 UIDVALIDITY 17)
	S: %TAG% OK done
	end
	answer \S+ CLOSE
	S: %TAG% OK done
	end
	END
}
# The first wait knows nothing of what came before it, and is left to look once more.
waits='C: \S+ IDLE
S: + idling
C: DONE
S: %TAG% OK done
C: \S+ IDLE
S: + idling'
message='answer \S+ STATUS "INBOX"
S: * STATUS INBOX (MESSAGES 1 UIDNEXT 6 UIDVALIDITY 17)
S: %TAG% OK done
end
C: \S+ SELECT "INBOX"
S: * 1 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: * OK [UIDNEXT 6] ok
S: %TAG% OK done
C: \S+ UID SEARCH
S: * SEARCH 5
S: %TAG% OK done
C: \S+ UID FETCH 5 
S: * 1 FETCH (UID 5 FLAGS () RFC822.SIZE 23 BODY[] {23}
S- Subject: five\r\n\r\nbody\r\n
S: )
S: %TAG% OK done
C: \S+ UID STORE 5
S: %TAG% OK done
C: \S+ UID EXPUNGE 5
S: * 1 EXPUNGE
S: %TAG% OK done'

configure() {
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-END
	account: { box: {
	  protocol = "imap"; host = "localhost"; port = $PEER_PORT; tls = "none"
	  user = "u"; password = "p"; timeout = "2s"; $1
	} }
	deliver: { inbox = "maildir:~/Mail" }
	END
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}

# watch NAME SETTINGS [PIPELINE]: begins, with fresh memory.
watch() {
	rm -rf "$XDG_STATE_HOME/mailrail" "$mail"
	configure "$2"
	log=$TEST_HOME/$1.log
	spawn "$1" mr-fetch watch --into "${3:-mr-filter | mr-deliver}"
	pid=$PID
}

# finish LABEL: a clean end.
finish() {
	kill -TERM "$pid"
	wait "$pid"
	is "$1: it ends with 0" "$?" 0
	is "$1: in silence" "$(cat "$log")" "${2:-}"
	stop_peer
}

seen() {
	wire | grep -ac "$1"
}

stored() {
	find "$mail"/new -type f 2>/dev/null | wc -l
}

# Each row: what the server does when it waits; the session after that has a message.
while IFS='|' read -r label what; do
	{ good; echo "$waits"; printf '%b\n' "$what"; } >"$TEST_HOME/one"
	{ good; printf '%s\n' "$message" "$waits" 'C: DONE' 'S: %TAG% OK done' "$on"; } \
		>"$TEST_HOME/two"
	start_peer imap "$TEST_HOME/one" "$TEST_HOME/two"
	watch "row-$((++row))" 'idle = "1s"'
	ok "$label: a new session" 'wait_for 12 "[ \"\$(stored)\" = 1 ]"'
	finish "$label"
done <<'END'
the connection is dropped|drop
reset|reset
it says BYE|S: * BYE going down\ndrop
it closes in good order|stall 0
it is silent: no answer to DONE|C: DONE\nstall 60
it speaks nonsense|S: * 1 FETCH (((\nS: \x01\ndrop
END

# Renewed in time, in the same session.
{ good; echo "$waits"; printf '%s\n' 'C: DONE' 'S: %TAG% OK done' 'C: \S+ IDLE' 'S: + idling' \
	'S: * OK Still here' 'C: DONE' 'S: %TAG% OK done' 'C: \S+ IDLE' 'S: + idling' \
	'S: * 1 EXISTS' 'C: DONE' 'S: %TAG% OK done' "$message" "$on"; } >"$TEST_HOME/one"
start_peer imap "$TEST_HOME/one"
watch renewed 'idle = "1s"'
ok 'a wait is renewed, and news is heard after that' 'wait_for 12 "[ \"\$(stored)\" = 1 ]"'
is 'in one session' "$(seen '^-- connect')" 1
ok 'as the script has it' wire_ok
finish 'renewed'

# A server that cannot wait, or says that it can: it is looked at by the clock.
while IFS='|' read -r label capability what; do
	{ good "$capability"; printf '%b\n' "$what"; } >"$TEST_HOME/one"
	start_peer imap "$TEST_HOME/one"
	watch "poll-$((++row))" 'poll = "1s"'
	ok "$label: by the clock" 'wait_for 10 "[ \"\$(seen LOGOUT)\" -ge 3 ]"'
	ok "$label: not more often" '[ "$(seen "^-- connect")" -le 6 ]'
	finish "$label"
done <<'END'
no IDLE|NAMESPACE|C* NEVER
IDLE is refused|IDLE|answer \\S+ IDLE\nS: %TAG% NO not now\nend\nC* NEVER
IDLE is unknown|IDLE|answer \\S+ IDLE\nS: %TAG% BAD what\nend\nC* NEVER
IDLE ends at once|IDLE|answer \\S+ IDLE\nS: + idling\nS: %TAG% OK done\nend\nC* NEVER
END

# Nobody there: told once, tried with growing pauses.
start_peer imap - <<'END'
drop
END
watch gone ''
sleep 7
tries=$(seen '^-- connect')
ok "dead at once: $tries tries in 7 s" '[ "$tries" -ge 2 ] && [ "$tries" -le 3 ]'
kill -TERM "$pid"
wait "$pid"
is 'it ends with 0' "$?" 0
is 'told once' "$(wc -l <"$log")" 1
like 'by name and reason' "$(cat "$log")" '^mr-fetch: account box: login: localhost:'
stop_peer

# A login that is refused: told, and left alone for hours, whatever else happens.
start_peer imap - <<'END'
S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
C: \S+ AUTHENTICATE PLAIN
S: %TAG% NO [AUTHENTICATIONFAILED] no
any
END
watch refused 'poll = "1s"'
sleep 6
is 'a refused login is not tried again' "$(seen AUTHENTICATE)" 1
like 'and told at once' "$(cat "$log")" 'account box: login: .*refuses'
kill -USR1 "$pid"
ok 'but when asked to look' 'wait_for 5 "[ \"\$(seen AUTHENTICATE)\" = 2 ]"'
end_pid "$pid"
stop_peer

# A flood of news is no reason to run.
{ good; echo "$waits"; printf '%s\n' 'repeat 2000' 'S: * %I% EXISTS' 'end' 'C: DONE' \
	'S: %TAG% OK done' "$on"; } >"$TEST_HOME/one"
start_peer imap "$TEST_HOME/one"
watch flood ''
sleep 3
ok 'two thousand EXISTS: a few looks' '[ "$(seen STATUS)" -le 10 ]'
finish 'flood'

# Whoever stores fails: nothing is fetched in vain, and it is told once.
{ good; echo "$message" | sed '/UID STORE/,$d'; echo "$on"; } >"$TEST_HOME/one"
start_peer imap "$TEST_HOME/one"
watch broken 'poll = "1s"' "sh -c 'head -c 60 >/dev/null'"
sleep 6
ok 'programs that fail: few tries' '[ "$(seen "UID FETCH")" -ge 1 ] && [ "$(seen "UID FETCH")" -le 3 ]'
is 'one line' "$(grep -c . "$log")" 1
like 'says it' "$(cat "$log")" '^mr-fetch: the .* is gone: '
kill -TERM "$pid"
wait "$pid"
is 'it ends with 0' "$?" 0
stop_peer

# What could not be stored comes again when it is due, without news.
cat >"$TEST_HOME/defer" <<'END'
#!/usr/bin/perl
$| = 1;
while (<STDIN>) { print "deferred $1 disk full\n" if /^id: (.*)/ }
END
chmod 700 "$TEST_HOME/defer"
answers='answer \S+ SELECT "INBOX"
S: * 1 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: * OK [UIDNEXT 6] ok
S: %TAG% OK done
end
answer \S+ UID SEARCH
S: * SEARCH 5
S: %TAG% OK done
end
answer \S+ UID STORE 5
S: %TAG% OK done
end
answer \S+ UID EXPUNGE 5
S: %TAG% OK done
end
answer \S+ UID FETCH 5
S: * 1 FETCH (UID 5 FLAGS () RFC822.SIZE 23 BODY[] {23}
S- Subject: five\r\n\r\nbody\r\n
S: )
S: %TAG% OK done
end'
{ good; echo "$answers"; echo "$on"; } >"$TEST_HOME/one"
{ good; echo "$answers"; echo "$waits"; printf '%s\n' 'C: DONE' 'S: %TAG% OK done' "$on"; } \
	>"$TEST_HOME/two"
start_peer imap "$TEST_HOME/one" "$TEST_HOME/two"
rm -rf "$XDG_STATE_HOME/mailrail" "$mail"
configure 'poll = "1h"'
exits 'a message is deferred' 75 mr-fetch --into "$TEST_HOME/defer"
sqlite3 "$ledger" "UPDATE source_pause SET until = strftime('%s', 'now') + 5"
log=$TEST_HOME/due.log
spawn due mr-fetch watch --into 'mr-filter | mr-deliver'
pid=$PID
ok 'it waits' 'wait_for 5 "[ \"\$(seen I5.IDLE)\" = 1 ]"'
is 'and leaves the message alone' "$(seen 'UID FETCH') $(stored)" '1 0'
ok 'it is stored when it is due' 'wait_for 8 "[ \"\$(stored)\" = 1 ]"'
finish 'due'
done_testing
