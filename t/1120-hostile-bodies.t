#!/usr/bin/env bash
# Bodies that are no bodies: literals of impossible sizes, too many of them, answers inside of
# them, NIL, wrong UIDs, wrong tags, and connections that end within.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/hostile.sh"

hostile imap
# A row: LABEL|STATUS|LINE|what comes in place of message 6. Five is stored, and nothing of
# six; the connection is of no use any more.
while IFS='|' read -r label status line what; do
	attack "$label" "$status" "$line" five < <(
		printf '%s\n' "$login" "$select" "$item5" "${what// ~~ /$'\n'}" any)
done <<'END'
a literal of 2^31 + 1 bytes|76|over the limit of 2 GiB|S: * 2 FETCH (UID 6 BODY[] {2147483649} ~~ S: x
a literal of 2^32|76|over the limit of 2 GiB|S: * 2 FETCH (UID 6 BODY[] {4294967296} ~~ S: x
a literal of 2^64 - 1|76|over the limit|S: * 2 FETCH (UID 6 BODY[] {18446744073709551615} ~~ S: x
a literal of 2^64|76|no possible size|S: * 2 FETCH (UID 6 BODY[] {18446744073709551616} ~~ S: x
a literal of 30 digits|76|no possible size|S: * 2 FETCH (UID 6 BODY[] {999999999999999999999999999999} ~~ S: x
a literal of -1|76|.|S: * 2 FETCH (UID 6 BODY[] {-1} ~~ S: x)
a literal of nothing|76|.|S: * 2 FETCH (UID 6 BODY[] {} ~~ S: x)
a literal in hexadecimal|76|.|S: * 2 FETCH (UID 6 BODY[] {0x10} ~~ S: x)
a literal of FLAGS that is huge|76|over the limit of 256 KiB|S: * 2 FETCH (UID 6 ENVELOPE {300000} ~~ S: x
two bodies in one answer|76|two message bodies|S: * 2 FETCH (UID 6 BODY[] {3} ~~ S- abc ~~ S:  BODY[] {3} ~~ S- def ~~ S: )
a body that belongs to no message|76|outside of FETCH|S: * SEARCHES (BODY[] {3} ~~ S- abc ~~ S: )
a body, then another UID|76|message 6 was asked for, 5 came|S: * 2 FETCH (BODY[] {21} ~~ S- Subject: six\r\n\r\nsix\r\n ~~ S:  UID 5)
a FETCH without an end|76|malformed FETCH|S: * 2 FETCH (UID 6 FLAGS (\\Seen
a FETCH of depth|76|malformed FETCH|S: * 2 FETCH (UID 6 BODY ((((((((((
a FETCH of UID 2^32|76|malformed FETCH|S: * 2 FETCH (UID 4294967296 FLAGS ())
a body shorter than its literal|75|no answer within 2 s|S: * 2 FETCH (UID 6 RFC822.SIZE 21 BODY[] {41} ~~ S- Subject: six\r\n\r\nsix\r\n ~~ S: ) ~~ S: F3 OK done
a body longer than its literal|76|malformed FETCH|S: * 2 FETCH (UID 6 RFC822.SIZE 21 BODY[] {11} ~~ S- Subject: six\r\n\r\nsix\r\n ~~ S: )
the tag of the command before|76|a tag that was not used|S: F1 OK done
the tag of a command to come|76|a tag that was not used|S: F9 OK done
a tag in lower case|76|a tag that was not used|S: f3 OK done
NONE for NO|76|neither OK, NO nor BAD|S: %TAG% NONE left
OKAY for OK|76|neither OK, NO nor BAD|S: %TAG% OKAY done
a tag and nothing|76|neither OK, NO nor BAD|S: %TAG%
an empty line|76|.|S:
a tagged BYE|76|neither OK, NO nor BAD|S: %TAG% BYE
a tagged PREAUTH|76|neither OK, NO nor BAD|S: %TAG% PREAUTH welcome
NUL bytes|76|.|S: \0\0\0 OK done
BAD|76|does not understand|S: %TAG% BAD what?
HTTP|76|.|S: HTTP/1.1 200 OK
END


# A false answer within a literal is text of the message.
attack 'a false OK within a literal' 0 '' 'five six' '' <<END
$login
$select
$item5
S: * 2 FETCH (UID 6 BODY[] {57}
S- Subject: six\r\n\r\nx)\r\nF3 OK done\r\n* 6 EXPUNGE\r\n* BYE x\r\n)\r\n
S: )
S: %TAG% OK done
$settle56
$finish
END
ok 'it is whole' 'grep -rq "^F3 OK done" "$hostile_mail/new"'
attack 'a hundred literals in one answer' 0 '' 'five six' '' <<END
$login
$select
$item5
S- * 2 FETCH (UID 6
repeat 100
S-  X-ITEM-%I% {5}\r\na)\r\nb
end
S:  BODY[] {21}
S- Subject: six\r\n\r\nsix\r\n
S: )
S: %TAG% OK done
$settle56
$finish
END
attack 'more of them than there is room for' 76 'over the limit of 256 KiB' five <<END
$login
$select
$item5
S- * 2 FETCH (UID 6
repeat 400
S-  X {1000}\r\n
bytes 1000
end
any
END

# Not this one: the rest of the session is as good as ever.
gone='S: %TAG% OK done
C: \S+ UID SEARCH UID 6
S: * SEARCH 6
S: %TAG% OK done'
while IFS='|' read -r label what; do
	attack "$label" 76 'lists message 6 and does not give it' five 6 < <(
		printf '%s\n' "$login" "$select" "$item5" "${what// ~~ /$'\n'}" "$gone" \
			"$settle5" "$finish")
done <<'END'
OK without data|S: * OK still here
NIL for a body|S: * 2 FETCH (UID 6 BODY[] NIL)
an empty literal|S: * 2 FETCH (UID 6 BODY[] {0} ~~ S: )
no body at all|S: * 2 FETCH (UID 6 FLAGS (\\Seen) RFC822.SIZE 21)
flags of others in between|S: * 7 FETCH (FLAGS (\\Flagged)) ~~ S: * 2 FETCH (FLAGS ())
a header in its place|S: * 2 FETCH (UID 6 BODY[HEADER] {16} ~~ S- Subject: six\r\n\r\n ~~ S: )
the body of a message not asked for|S: * 3 FETCH (UID 7 BODY[] {16} ~~ S- Subject: seven\r\n ~~ S: )
the body of UID 0|S: * 3 FETCH (UID 5 BODY[] {16} ~~ S- Subject: seven\r\n ~~ S: )
END

# Ends within a literal, with and without TLS's goodbye.
for how in drop $'stall 1\nreset' 'stall 0'; do
	attack "${how#*$'\n'} within a literal" 75 'closed the connection|connection' five <<END
$login
$select
$item5
S: * 2 FETCH (UID 6 RFC822.SIZE 21 BODY[] {21}
S- Subject: six\r\n\r\n
$how
END
done

# Without the goodbye of TLS: what came is not the whole, whatever the library thinks of it.
for protocol in imap pop3; do
	hostile $protocol 'tls = "implicit"' "ca-file = \"$PEER_CA\""
	login=$'tls\n'$login
	half=$'S: * 2 FETCH (UID 6 RFC822.SIZE 21 BODY[] {21}\nS- Subject: six\\r\\n'
	[ $protocol = imap ] || half=$'C: RETR 2\nS: +OK\nS: Subject: six'
	attack 'TLS ends within a message, without a goodbye' 75 'closed the connection' five < <(
		printf '%s\n' "$login" "$select" "$item5" "$half" drop)
done
done_testing
