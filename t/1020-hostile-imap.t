#!/usr/bin/env bash
# What an IMAP server can do to us: that account ends with one line, nothing is lost or
# stored twice, and the next run against a good server brings the rest.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

mail=$HOME/Mail

# configure: the account of the peer that was started last.
configure() {
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-END
	account: { box: {
	  protocol = "imap"; host = "localhost"; port = $PEER_PORT; tls = "none"
	  user = "u"; password = "p"; timeout = "2s"
	} }
	deliver: { inbox = "maildir:~/Mail" }
	END
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}

# Login and SELECT of a good server with UIDs 5 and 6 in it.
preamble='S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
answer \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
end
C: \S+ SELECT "INBOX"
S: * 2 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK [READ-WRITE] done
C: \S+ UID SEARCH UID 1:\* UNDELETED
S: * SEARCH 5 6
S: %TAG% OK done
C: \S+ UID FETCH 5:6 '
item5='S: * 1 FETCH (UID 5 FLAGS (\\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 23 BODY[] {23}
S- Subject: five\r\n\r\nbody\r\n
S: )'
item6='S: * 2 FETCH (UID 6 FLAGS () RFC822.SIZE 21 BODY[] {21}
S- Subject: six\r\n\r\nsix\r\n
S: )'
settle='C: \S+ UID STORE %W% \+FLAGS.SILENT \(\\Deleted\)
S: %TAG% OK done
C: \S+ UID EXPUNGE %W%
S: * 1 EXPUNGE
S: %TAG% OK done'
finish='C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done'
both=${settle//%W%/5:6}
one=${settle//%W%/5}

stored() {
	find "$mail" -type f \( -path '*/new/*' -o -path '*/cur/*' \) -exec grep -h ^Subject: {} + \
		2>/dev/null | tr -d '\r' | sort | paste -sd,
}

# play LABEL STATUS LINE STORED <<transcript: LINE is a regex for stderr, "" for silence.
# script <<transcript; script...; first LABEL...; again LABEL...: several runs against one
# server, each with the next transcript.
scripts=()
script() {
	scripts+=("$TEST_HOME/script$((++script_number))")
	cat >"${scripts[-1]}"
}
script_number=0
play() {
	script
	first "$@"
}
first() {
	rm -rf "$mail" "$XDG_STATE_HOME"/*
	[ "$script_number" = "${#scripts[@]}" ] || stop_peer
	start_peer "imap$script_number" "${scripts[@]}"
	scripts=()
	configure
	again "$@"
}
again() {
	local label=$1 status=$2 line=$3 want=$4
	run timeout 60 mr-fetch --into 'mr-filter | mr-deliver'
	is "$label: exit status" "$STATUS" "$status"
	if [ -n "$line" ]; then
		is "$label: one line" "$(wc -l <"$ERR")" 1
		like "$label: which says it" "$(cat "$ERR")" "^mr-fetch: account box: .*$line"
	else
		is "$label: silence" "$(cat "$ERR")" ''
	fi
	is "$label: stored" "$(stored)" "$want"
	ok "$label: the client kept to the script" wire_ok || wire | tail -5 | sed 's/^/#  /'
}

five='Subject: five' six='Subject: six'
play 'a good server' 0 '' "$five,$six" <<END
$preamble
$item5
$item6
S: %TAG% OK done
$both
$finish
END
play 'answers of others in between' 0 '' "$five,$six" <<END
$preamble
S: * 3 EXISTS
S: * 1 FETCH (FLAGS (\\\\Flagged))
$item6
S: * OK [ALERT] the disk is full {5}
S: * 9 FETCH (FLAGS () UID 9)
S: * 9 FETCH (UID 9 BODY[] {3}
S- abc
S: )
$item5
S: * 3 EXPUNGE
S: * 3 FETCH (UID 5 BODY[] {3}
S- abc
S: )
S: %TAG% OK done
$both
$finish
END
play 'bodies as quoted string and literal8' 0 '' "$five,$six" <<END
$preamble
S: * 1 FETCH (UID 5 BODY[] "Subject: five")
S: * 2 FETCH (UID 6 BODY[] ~{14}
S- Subject: six\r\n
S: )
S: %TAG% OK done
$both
$finish
END
play 'the UID comes after the body' 0 '' "$five,$six" <<END
$preamble
S: * 1 FETCH (BODY[] {16}
S- Subject: wrong\r\n
S:  UID 5)
S: * 2 FETCH (BODY[] {16}
S- Subject: wrong\r\n
S:  UID 6)
S: %TAG% OK done
C: \S+ UID FETCH 5 
S: * 1 FETCH (BODY[] {15}
S- Subject: five\r\n
S:  UID 5)
S: %TAG% OK done
C: \S+ UID FETCH 6 
S: * 2 FETCH (BODY[] {14}
S- Subject: six\r\n
S:  UID 6)
S: %TAG% OK done
$both
$finish
END
play 'NIL for a body' 76 'lists message 6 and does not give it' "$five" <<END
$preamble
$item5
S: * 2 FETCH (UID 6 RFC822.SIZE 20 BODY[] NIL)
S: %TAG% OK done
C: \S+ UID SEARCH UID 6
S: * SEARCH 6
S: %TAG% OK done
$one
$finish
END
play 'an empty body' 76 'lists message 6 and does not give it' "$five" <<END
$preamble
$item5
S: * 2 FETCH (UID 6 BODY[] "")
S: %TAG% OK done
C: \S+ UID SEARCH UID 6
S: * SEARCH 6
S: %TAG% OK done
$one
$finish
END
play 'OK without data, for it is gone' 0 '' "$five" <<END
$preamble
$item5
S: %TAG% OK done
C: \S+ UID SEARCH UID 6
S: * SEARCH
S: %TAG% OK done
$one
$finish
END
script <<END
$preamble
$item5
S: * 2 FETCH (UID 6 BODY[] {20}
S- Subject: si
drop
END
script <<END
${preamble/5:6/6}
$item6
S: %TAG% OK done
$both
$finish
END
first 'dropped in a literal' 75 'closed the connection' "$five"
again 'and then a good server' 0 '' "$five,$six"
play 'a stall in a literal' 75 'no answer within 2 s' "$five" <<END
$preamble
$item5
S: * 2 FETCH (UID 6 BODY[] {20}
S- Subject: si
stall 20
END
play 'a literal of 4 GB' 76 'over the limit' "$five" <<END
$preamble
$item5
S: * 2 FETCH (UID 6 BODY[] {4294967295}
S- Subject: si
any
END
play 'a literal far beyond its size' 76 'said to have 20 bytes' "$five" <<END
$preamble
$item5
S: * 2 FETCH (UID 6 RFC822.SIZE 20 BODY[] {1900000000}
S- Subject: si
any
END
play 'a tag that was not used' 76 'a tag that was not used' "$five" <<END
$preamble
$item5
S: ZZ OK done
any
END
play 'OKAY' 76 'neither OK, NO nor BAD' "$five" <<END
$preamble
$item5
S: %TAG% OKAY done
any
END
play 'BYE in the midst' 75 'says BYE: shutting down' "$five" <<END
$preamble
$item5
S: * BYE shutting down
drop
END
play 'a line without an end' 76 'over the limit' "$five" <<END
$preamble
$item5
repeat 8
S- * OK aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
end
S- * LIST
repeat 6000
S- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
end
any
END
play 'UIDVALIDITY changes while at work' 76 'UIDVALIDITY changed' "$five" <<END
$preamble
$item5
S: * OK [UIDVALIDITY 18] new
any
END
play 'no UIDVALIDITY' 76 'gives no UIDVALIDITY' '' <<END
${preamble/S: \* OK \[UIDVALIDITY 17\] ok/S: * 0 RECENT}
END
play 'FETCH says NO' 75 'not given: \[SERVERBUG\]|not given: cannot' "$five" <<END
$preamble
$item5
S: %TAG% NO [SERVERBUG] cannot
C: \S+ UID SEARCH UID 6
S: * SEARCH
S: %TAG% OK done
$one
$finish
END
play 'STORE says NO' 75 'cannot be deleted: read only' "$five,$six" <<END
$preamble
$item5
$item6
S: %TAG% OK done
C: \S+ UID STORE 5:6 
S: %TAG% NO read only
$finish
END
play 'the folder is gone' 75 'cannot be opened: no such folder' '' <<END
${preamble%%C: *}
C: \S+ SELECT "INBOX"
S: %TAG% NO no such folder
$finish
END
done_testing
