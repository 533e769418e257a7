#!/usr/bin/env bash
# POP3 servers that are odd or lie: counts of millions, UIDLs of any length and bytes, lists
# that do not fit STAT, dots, missing line ends, and messages without header or text.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/hostile.sh"

hostile pop3
# A row: LABEL|STATUS|LINE|what comes in place of the list; nothing is fetched.
long=$(printf '%05000d' 0)
while IFS='|' read -r label status line what; do
	what=${what//%LONG%/$long}
	attack "$label" "$status" "$line" '' < <(
		printf '%s\n' "$login" 'C: UIDL' "${what// ~~ /$'\n'}" any)
done <<'END'
STAT of 10^6 + 1|76|more than 1000000 messages|S: -ERR unknown ~~ C: STAT ~~ S: +OK 1000001 5
STAT of 10^9|76|more than 1000000 messages|S: -ERR unknown ~~ C: STAT ~~ S: +OK 1000000000 5
STAT of 10^30|76|STAT is answered by|S: -ERR unknown ~~ C: STAT ~~ S: +OK 1000000000000000000000000000000 5
STAT of -1|76|STAT is answered by|S: -ERR unknown ~~ C: STAT ~~ S: +OK -1 5
STAT of nothing|76|STAT is answered by|S: -ERR unknown ~~ C: STAT ~~ S: +OK
STAT refused|76|STAT|S: -ERR unknown ~~ C: STAT ~~ S: -ERR no
UIDL longer than a line may be|76|over the limit of 4 KiB|S: +OK ~~ S: 1 %LONG%
UIDL of message 0|76|the server lists|S: +OK ~~ S: 0 aaa
UIDL of message -1|76|the server lists|S: +OK ~~ S: -1 aaa
UIDL of message 10^12|76|.|S: +OK ~~ S: 1000000000000 aaa ~~ S: .
UIDL of message 10^30|76|the server lists|S: +OK ~~ S: 1000000000000000000000000000000 aaa
UIDL without a number|76|the server lists|S: +OK ~~ S: aaa
UIDL that is cut off|75|closed the connection|S: +OK ~~ S: 1 aaa ~~ drop
+OKAY|76|neither .OK nor -ERR|S: +OKAY
OK|76|neither .OK nor -ERR|S: OK
an IMAP server|76|neither .OK nor -ERR|S: * OK [ALERT] hello
NUL bytes|76|neither .OK nor -ERR|S: \0\0\0
END

# What only looks like the end of a message, or of all.
attack 'dots and bare line feeds' 0 '' 'five six' '' <<END
$login
$select
C: RETR 1
S: +OK
S: Subject: five
S:
S- one\n.\nS: two\n.\r\r\n..\r\n
S- three\r.\r\n
S: ...
S: .
C: RETR 2
S: +OK 3 octets
S: Subject: six
S:
S- .. \r\n.\r\n
$settle56
$finish
END
ok 'the whole text is there' '[ "$(grep -rlE "^(three|S: two)" "$hostile_mail/new" | wc -l)" = 1 ]'
attack 'a size in +OK that is a lie' 0 '' 'five six' '' <<END
$login
$select
${item5/+OK/+OK 999999999999 octets}
${item6/+OK/+OK -5 octets}
$settle56
$finish
END
attack 'without a last line end it goes on' 75 'no answer within 2 s' 'five' <<END
$login
$select
$item5
C: RETR 2
S: +OK
S: Subject: six
S:
S- six.\r\n .\r\n
any
END
attack 'half of it, then -ERR' 75 'no answer|closed' 'five' <<END
$login
$select
$item5
C: RETR 2
S: +OK
S: Subject: six
S:
S: -ERR disk error
stall 5
drop
END
attack 'DELE refused' 75 'cannot be deleted: .*locked' 'five six' <<END
$login
$select
$item5
$item6
C: DELE 1
S: -ERR [SYS/TEMP] locked
C: DELE 2
S: -ERR [SYS/TEMP] locked
$finish
END
for code in IN-USE LOGIN-DELAY SYS/TEMP SYS/PERM; do
	attack "RETR: [$code]" 75 'message 2: .*come later' five 6 <<-END
	$login
	$select
	$item5
	C: RETR 2
	S: -ERR [$code] come later
	$settle5
	$finish
	END
done

# Messages without a header, without a text, of blank lines: stored as they are, each once.
# odd LABEL TEXT SETTLED <<transcript: what becomes of the one message there.
odd() {
	local label=$1 settled=$3 sums
	cat >"$TEST_HOME/odd"
	start_peer "odd$((++hostile_count))" "$TEST_HOME/odd"
	hostile_config
	rm -rf "$hostile_mail" "$XDG_STATE_HOME"/*
	run timeout 30 mr-fetch --into 'mr-filter | mr-deliver'
	sums=$(find "$hostile_mail" -type f -path '*/new/*' -exec md5sum {} + | cut -d' ' -f1 | sort)
	is "$label: stored as it is" "$STATUS $sums$(cat "$ERR")" \
		"0 $(printf "$2" | md5sum | cut -d' ' -f1)"
	ok "$label: and deleted" 'wire_ok && wire | grep -aq "^C: $settled"'
	stop_peer
}
stop_peer
while IFS='|' read -r label text; do
	text=${text//%LONG%/$long}
	hostile pop3
	odd "pop3: $label" "${text//\\r/}" 'DELE 1' < <(
		printf '%s\n' "$login" 'C: UIDL' 'S: +OK' 'S: 1 aaa' 'S: .' 'C: RETR 1' 'S: +OK' \
			"S- $text" 'S: .' 'C: DELE 1' 'S: +OK' "$finish")
	hostile imap
	size=$(printf "$text" | wc -c)
	odd "imap: $label" "${text//\\r/}" '.* UID EXPUNGE 5' < <(
		printf '%s\n' "$login" "${select%5:6*}5 " "S: * 1 FETCH (UID 5 BODY[] {$size}" \
			"S- $text" 'S: )' 'S: %TAG% OK done' "$settle5" "$finish" |
			sed 's/^S: \* SEARCH 5 6/S: * SEARCH 5/')
done <<'END'
an empty line|\r\n
empty lines|\r\n\r\n\r\n
a text without a header|\r\nno header at all\r\n
a header without a text|Subject: x\r\n
a header with an empty line|Subject: x\r\n\r\n
no colon|this is no field\r\nneither this\r\n
an empty field|Subject:\r\n:\r\n: x\r\n\r\ntext\r\n
only blanks|   \r\n\t\r\n
a line of 20,000 bytes|Subject: %LONG%%LONG%%LONG%%LONG%\r\n\r\ntext\r\n
bytes that are no text|Subject: \xff\xfe\xc0\xaf\xed\xa0\x80\r\nFrom: \xf8\x88\x80\x80\x80\r\n\r\n\x80\r\n
END
done_testing
