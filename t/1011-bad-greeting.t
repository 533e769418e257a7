#!/usr/bin/env bash
# Servers that are bad before the login: each costs one line, no secret, and no more time
# than the account allows.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

session=$MR_BUILD/t/fake/session

# bad LABEL STATUS REGEX PROTOCOL TLS; the transcript on stdin
count=0
bad() {
	local label=$1 status=$2 regex=$3 protocol=$4 tls=$5
	count=$((count + 1))
	start_peer "bad$count" -
	SECONDS=0
	run timeout 30 "$session" "$protocol" "$tls" localhost "$PEER_PORT" "$PEER_CA" alice 'the secret'
	is "$label: exit status" "$STATUS" "$status"
	like "$label: says so" "$(cat "$ERR")" "^session: localhost:$PEER_PORT: .*$regex"
	is "$label: one line" "$(wc -l <"$ERR")" 1
	ok "$label: in time" '[ "$SECONDS" -le 12 ]'
	unlike "$label: no secret" "$(wire | grep -a ^C:)" 'the secret|dGhlIHNlY3JldA|AGFsaWNl|LOGIN|AUTH|PASS|USER'
	stop_peer
}

bad 'IMAP BYE' 75 'too many' imap none <<'EOF'
S: * BYE too many connections
EOF
bad 'IMAP nonsense' 76 'does not greet' imap none <<'EOF'
S: hello there
any
EOF
bad 'IMAP greeting over TLS that is none' 75 'no TLS' imap implicit <<'EOF'
S: * OK ready
any
EOF
bad 'IMAP 20 MB of greeting' 76 'does not greet' imap none <<'EOF'
repeat 320
bytes 65536
end
any
EOF
bad 'IMAP a greeting line without end' 76 'does not greet' imap none <<EOF
repeat 20000
S- * OK $(printf '%01000d' 0)
end
any
EOF
bad 'IMAP untagged lines without end' 76 'does not greet' imap none <<EOF
S: * OK ready
C: (\\S+) CAPABILITY
repeat 20000
S: * OK $(printf '%01000d' 0)
end
any
EOF
bad 'IMAP a greeting that drips' 75 'within 5 s' imap none <<'EOF'
drip 400
S: * OK IMAP4rev1 ready for you, and for everybody
any
EOF
bad 'IMAP silence' 75 'within 5 s' imap none <<'EOF'
stall 20
EOF
bad 'IMAP STARTTLS not offered' 75 'does not start TLS' imap starttls <<'EOF'
S: * OK ready
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
S: %TAG% OK done
any
EOF
bad 'IMAP STARTTLS refused' 75 'does not start TLS' imap starttls <<'EOF'
S: * OK ready
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN
S: %TAG% OK done
C: (\S+) STARTTLS
S: %TAG% NO not now
any
EOF
bad 'IMAP PREAUTH where STARTTLS was wished' 75 'does not start TLS' imap starttls <<'EOF'
S: * PREAUTH welcome
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS
S: %TAG% OK done
any
EOF
bad 'IMAP an answer injected behind STARTTLS' 76 'does not greet' imap starttls <<'EOF'
S: * OK ready
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN
S: %TAG% OK done
C: (\S+) STARTTLS
hold
S: %TAG% OK begin
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
flush
any
EOF
bad 'IMAP silence after STARTTLS' 75 'within 5 s' imap starttls <<'EOF'
S: * OK ready
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS
S: %TAG% OK done
C: (\S+) STARTTLS
S: %TAG% OK begin
stall 20
EOF
bad 'POP3 nonsense' 76 'does not greet' pop3 none <<'EOF'
S: hello there
any
EOF
bad 'SMTP nonsense' 76 'does not greet' smtp none <<'EOF'
S: * OK this is IMAP
any
EOF
bad 'POP3 -ERR' 75 'closed for today' pop3 none <<'EOF'
S: -ERR closed for today
EOF
bad 'POP3 STLS not offered' 75 'does not start TLS' pop3 starttls <<'EOF'
S: +OK ready
C: CAPA
S: +OK
S: USER
S: .
any
EOF
bad 'SMTP 421' 75 'come back' smtp none <<'EOF'
S: 421 come back later
EOF
bad 'SMTP 554' 75 'not for you' smtp none <<'EOF'
S: 554 not for you
any
EOF
bad 'SMTP STARTTLS not offered' 75 'does not start TLS' smtp starttls <<'EOF'
S: 220 ready
C: EHLO
S: 250-me
S: 250 AUTH PLAIN
any
EOF
bad 'closed at once' 75 '.' imap none <<'EOF'
drop
EOF

# What comes with the last answer that libcurl reads is lost; the barrier makes it harmless.
start_peer stray - <<'EOF'
S: * OK ready
C: (\S+) CAPABILITY
hold
S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S: %TAG% OK done
S- * OK [ALERT] half a li
flush
C: (\S+) CAPABILITY
hold
S: ne
S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S: %TAG% OK done
flush
C: (\S+) AUTHENTICATE PLAIN AGFsaWNlAHRoZSBzZWNyZXQ=
S: %TAG% OK [CAPABILITY IMAP4rev1] in
C: z9 NOOP
S: z9 OK done
any
EOF
run "$session" imap none localhost "$PEER_PORT" - alice 'the secret'
is 'stray bytes before the login do no harm' "$STATUS" 0
ok 'and the server heard what it expected' wire_ok

# It costs no time: the login follows it at once.
start_peer pipelined - <<'EOF'
S: * OK ready
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S: %TAG% OK done
C: (\S+) CAPABILITY
hold
S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
S: %TAG% OK done
C: (\S+) AUTHENTICATE PLAIN AGFsaWNlAHRoZSBzZWNyZXQ=
S: %TAG% OK [CAPABILITY IMAP4rev1] in
flush
C: z9 NOOP
S: z9 OK done
any
EOF
run "$session" imap none localhost "$PEER_PORT" - alice 'the secret'
is 'the answer to the barrier is not waited for' "$STATUS" 0

done_testing
