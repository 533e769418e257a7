#!/usr/bin/env bash
# What a POP3 server can do to us: that account ends with one line, nothing is lost or
# stored twice.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

mail=$HOME/Mail

configure() {
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-END
	account: { box: {
	  protocol = "pop3"; host = "localhost"; port = $PEER_PORT; tls = "none"
	  user = "u"; password = "p"; timeout = "2s"; keep = $keep
	} }
	deliver: { inbox = "maildir:~/Mail" }
	END
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}
keep=false

# Greeting and login; PIPELINING where %P% is replaced by it.
start='S: +OK POP3 ready
answer CAPA
S: +OK
S: USER
S: SASL PLAIN
S: UIDL
S: %P%
S: .
end
answer AUTH PLAIN
S: +OK logged in
end
answer NOOP
S: +OK
end'
login=${start//%P%/TOP}
pipelined=${start//%P%/PIPELINING}
list='C: UIDL
S: +OK
S: 1 aaa
S: 2 bbb
S: .'
text1='S: +OK
S: Subject: five
S:
S: ..dot
S: .'
text2='S: +OK
S: Subject: six
S:
S: six
S: .'
# What is stored already is looked at before it is deleted.
same1='C: LIST 1
S: +OK 1 23
C: TOP 1 0
S: +OK
S: Subject: five
S:
S: .'
same2='C: LIST 2
S: +OK 2 21
C: TOP 2 0
S: +OK
S: Subject: six
S:
S: .'
good="C: RETR 1
$text1
C: RETR 2
$text2"
deleted='C: DELE 1
S: +OK
C: DELE 2
S: +OK'
quit='C: QUIT
S: +OK bye'

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
	start_peer "pop$script_number" "${scripts[@]}"
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
$login
$list
$good
$deleted
$quit
END
ok 'the dot is unstuffed' 'grep -rqx "\.dot" "$mail/new"'
play 'a pipelining server' 0 '' "$five,$six" <<END
$pipelined
$list
C: RETR 1
C: RETR 2
$text1
$text2
C: DELE 1
C: DELE 2
S: +OK
S: +OK
$quit
END
script <<END
$login
$list
C: RETR 1
$text1
C: RETR 2
S: +OK
S: Subject: si
drop
END
script <<END
$login
$list
$same1
C: RETR 2
$text2
$deleted
$quit
END
first 'dropped in a message' 75 'closed the connection' "$five"
again 'and then a good server: the first is not asked for again' 0 '' "$five,$six"
script <<END
$login
$list
$good
$deleted
C: QUIT
drop
END
script <<END
$login
$list
$same1
$same2
$deleted
$quit
END
first 'QUIT is not answered' 75 'closed the connection' "$five,$six"
again 'and DELE was void: it is repeated, nothing is fetched' 0 '' "$five,$six"
play 'QUIT says -ERR' 75 'did not delete what was stored: some messages remain' "$five,$six" <<END
$login
$list
$good
$deleted
C: QUIT
S: -ERR some messages remain
END
play 'a stall in a message' 75 'no answer within 2 s' "$five" <<END
$login
$list
C: RETR 1
$text1
C: RETR 2
S: +OK
S: Subject: si
stall 20
END
play 'RETR says -ERR' 75 'message 2: .*locked' "$five" <<END
$login
$list
C: RETR 1
$text1
C: RETR 2
S: -ERR [SYS/TEMP] locked
C: DELE 1
S: +OK
$quit
END
play 'a message without a byte' 76 'message 2: .*without a byte' "$five" <<END
$login
$list
C: RETR 1
$text1
C: RETR 2
S: +OK
S: .
C: DELE 1
S: +OK
$quit
END
play 'neither +OK nor -ERR' 76 'neither .OK nor -ERR' "$five" <<END
$login
$list
C: RETR 1
$text1
C: RETR 2
S: HELLO
any
END
play 'UIDL without a token' 76 'the server lists "2"' '' <<END
$login
C: UIDL
S: +OK
S: 1 aaa
S: 2
S: .
any
END
play 'a line without an end' 76 'over the limit' '' <<END
$login
C: UIDL
S: +OK
repeat 100
S- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
end
any
END
play 'two messages with one UIDL: both are delivered' 0 '' "$five,$six" <<END
$login
C: UIDL
S: +OK
S: 1 aaa
S: 2 aaa
S: .
$good
$deleted
$quit
END
play 'no UIDL at all' 0 '' "$five,$six" <<END
$login
C: UIDL
S: -ERR unknown command
C: STAT
S: +OK 2 100
$good
$deleted
$quit
END
play 'no UIDL, no messages' 0 '' '' <<END
$login
C: UIDL
S: -ERR unknown command
C: STAT
S: +OK 0 0
$quit
END
keep=true
play 'no UIDL and keep' 78 'needs UIDL or TOP there' '' <<END
${start//%P%/EXPIRE NEVER}
C: UIDL
S: -ERR unknown command
any
END
script <<END
$login
$list
$good
$quit
END
script <<END
$login
C: UIDL
S: +OK
S: 1 bbb
S: .
$quit
END
script <<END
$login
C: UIDL
S: +OK
S: 1 bbb
S: .
$quit
END
first 'keep' 0 '' "$five,$six"
again 'keep: nothing new, and one is gone' 0 '' "$five,$six"
again 'keep: what is gone is forgotten' 0 '' "$five,$six"
done_testing
