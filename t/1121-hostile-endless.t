#!/usr/bin/env bash
# Servers that never come to an end: bytes that drip, lines without a line end, answers to
# nothing, lists of millions; during a wait for news, too. Each ends in bounded time and
# memory, and a good server brings what was not stored.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/hostile.sh"

tail_of() {
	printf '%s\n' "${1// ~~ /$'\n'}"
	echo any
}

hostile imap
long=$(printf '%01000d' 0)
while IFS='|' read -r label line what; do
	attack "$label" 76 "$line" five < <(
		printf '%s\n' "$login" "$select" "$item5"
		tail_of "${what//%LONG%/$long}")
done <<'END'
20 MB of one untagged line|over the limit of 256 KiB|S- * OK  ~~ repeat 20000 ~~ S- %LONG% ~~ end
20 MB of FLAGS|over the limit of 256 KiB|S- * 2 FETCH (UID 6 FLAGS ( ~~ repeat 20000 ~~ S- \\%LONG%  ~~ end
OK without end|talks without end|lines 2000000 * OK still here
EXISTS without end|talks without end|lines 2000000 * 7 EXISTS
EXISTS and EXPUNGE without end|talks without end|lines 2000000 * 4000000000 EXISTS\r\n* 1 EXPUNGE
flags without end|talks without end|lines 2000000 * 1 FETCH (FLAGS ())
bodies not asked for, without end|talks without end|lines 2000000 * 9 FETCH (UID 9 BODY[] {1}\r\nx)
END

search=${select%S: \* SEARCH*}
flood() {
	local label=$1 line=$2
	attack "$label" 76 "$line" '' < <(
		printf '%s\n' "$login" "$search"
		tail_of "$3")
}
flood 'answers to a search without end' 'finds more than 10004 messages in 2' \
	'lines 1000000 * SEARCH 5 6'
flood 'all UIDs there can be' 'the server finds 4294967295 messages in 2' \
	'S: * ESEARCH UID ALL 1:4294967295 ~~ S: %TAG% OK done'
flood 'numbers of 40 digits' 'a number beyond 32 bits' \
	'S: * SEARCH 1234567890123456789012345678901234567890'

# A byte now and then keeps a connection, but not for ever.
HOSTILE_SECONDS=20
hostile imap 'timeout = "1s"'
attack 'a body that drips' 75 'bytes in 10 s, and no answer' five <<END
$login
$select
$item5
S: * 2 FETCH (UID 6 RFC822.SIZE 1021 BODY[] {1021}
drip 50
bytes 1000
END
attack 'a slow one with a new answer each second' 0 '' 'five six' '' <<END
$login
drip 8
$select
$item5
$item6
S: %TAG% OK done
drip 0
$settle56
$finish
END
attack 'a login that drips' 75 'login: .*within' '' <<END
S: * OK IMAP4rev1 ready
C: \S+ CAPABILITY
drip 300
S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
S: %TAG% OK done
any
END

hostile pop3 'timeout = "1s"'
attack 'a body that drips' 75 'bytes in 10 s, and no answer' five <<END
$login
$select
$item5
C: RETR 2
S: +OK
S: Subject: six
drip 50
bytes 1000
END
hostile pop3
while IFS='|' read -r label line what; do
	attack "$label" 76 "$line" five < <(
		printf '%s\n' "$login" "$select" "$item5" 'C: RETR 2'
		tail_of "${what//%LONG%/$long}")
done <<'END'
20 MB of one status line|over the limit of 4 KiB|S- +OK  ~~ repeat 20000 ~~ S- %LONG% ~~ end
20 MB of nonsense|neither .OK nor -ERR|bytes 20000000
END
while IFS='|' read -r label status line what; do
	attack "$label" "$status" "$line" '' < <(
		printf '%s\n' "$login" 'C: UIDL' 'S: +OK'
		tail_of "${what//%LONG%/$long}")
done <<'END'
a line of UIDL of 20 MB|76|over the limit of 4 KiB|S- 1  ~~ repeat 20000 ~~ S- %LONG% ~~ end
UIDL without end|76|more than 1000000|lines 1000100 1 xxxxxxxx
empty lines without end|76|the server lists|lines 1000 \r\n
END

# While it waits for news: the watch goes on, with pauses, and stays small.
hostile imap
watch_flood() {
	local label="IDLE: $1" script=$TEST_HOME/idle$((++hostile_count)) pid peak
	{
		printf '%s\n' "${login/UIDPLUS/UIDPLUS IDLE}"
		cat <<-'END'
		answer \S+ (SELECT|EXAMINE) "INBOX"
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
		answer DONE
		S: %TAG% OK done
		end
		C: \S+ IDLE
		S: + idling
		END
		tail_of "${2//%LONG%/$long}"
	} >"$script"
	rm -rf "$XDG_STATE_HOME"/*
	stop_peer
	start_peer "idle$hostile_count" "$script"
	hostile_config
	spawn "watch$hostile_count" mr-fetch watch --into 'mr-filter | mr-deliver'
	pid=$PID
	ok "$label: a few sessions" 'wait_for 15 "[ \$(wire | grep -ac \" IDLE\") -ge 2 ]"'
	ok "$label: no more than a few" '[ "$(wire | grep -ac " IDLE")" -le 4 ]'
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")
	ok "$label: it is there, and small: $peak KiB" '[ "${peak:-99999}" -le "$HOSTILE_MEMORY" ]'
	kill -TERM "$pid"
	wait "$pid"
	is "$label: it ends well, without many words" \
		"$? $(($(wc -l <"$TEST_HOME/watch$hostile_count.log") <= 1))" '0 1'
}
watch_flood '20 MB of one line' 'S- * OK  ~~ repeat 20000 ~~ S- %LONG% ~~ end'
watch_flood 'OK without end' 'lines 2000000 * OK still here'
watch_flood 'flags without end' 'lines 2000000 * 1 FETCH (FLAGS ())'
done_testing
