#!/usr/bin/env bash
# Servers that are bad about the login: protection stripped or faked, challenges that are
# none, answers to other commands. No password is sent that they could read or use.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

session=$MR_BUILD/t/fake/session

# bad LABEL STATUS REGEX PROTOCOL TLS [MECHANISM...]; what the server says is on stdin. Neither
# the password nor base64 of it, alone or behind the name, is sent.
count=0
bad() {
	local label="$4: $1" status=$2 regex=$3 protocol=$4 tls=$5
	shift 5
	[ "$count" = 0 ] || stop_peer
	start_peer "bad$((++count))" -
	SECONDS=0
	run timeout 60 "$session" "$protocol" "$tls" localhost "$PEER_PORT" "$PEER_CA" alice \
		'the secret' "$@"
	like "$label: exit status" "$STATUS" "^$status\$"
	like "$label: one line" "$(wc -l <"$ERR") $(cat "$ERR")" \
		"^1 session: localhost:$PEER_PORT: .*$regex"
	ok "$label: in time" '[ "$SECONDS" -le 25 ]'
	unlike "$label: no secret" "$(wire | grep -a ^C:)" 'the secret|dGhlIHNlY3JldA|AGFsaWNlAHRo'
}

imap='S: * OK IMAP4rev1 ready
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 %MORE% AUTH=%MECH%
S: %TAG% OK done'
pop3='S: +OK POP3 ready
C: CAPA
S: +OK
S: SASL %MECH%
S: %MORE%
S: .'
barrier='C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 %MORE% AUTH=%MECH%
S: %TAG% OK done'
# said MECHANISM REST
said() {
	local text=${!1}
	[ "$1" = imap ] && text=$text$'\n'$barrier
	[ "$1" = pop3 ] && text=$text$'\n'$(sed '/ready/d' <<<"$pop3")
	text=${text//%MECH%/$2}
	printf '%s\n' "${text//%MORE%/UIDL}" "${3// ~~ /$'\n'}" any
}

# STARTTLS and STLS: left out, refused, faked, or with something behind the answer.
plain=${pop3//%MECH%/PLAIN}
bad 'STLS refused' 75 'does not start TLS' pop3 starttls <<END
${plain/\%MORE%/STLS}
C: STLS
S: -ERR not now
any
END
bad 'an answer injected behind STLS' 76 'does not greet' pop3 starttls <<END
${plain/\%MORE%/STLS}
C: STLS
hold
S: +OK begin
S: +OK logged in already
flush
any
END
bad 'silence after STLS' 75 'within 5 s' pop3 starttls <<END
${plain/\%MORE%/STLS}
C: STLS
S: +OK begin
stall 20
END
bad 'STLS, and then no TLS' '7[56]' . pop3 starttls <<END
${plain/\%MORE%/STLS}
C: STLS
S: +OK begin
S: +OK hello again
any
END
plain=${imap//%MECH%/PLAIN}
bad 'STARTTLS, and then no TLS' 75 . imap starttls <<END
${plain/\%MORE%/STARTTLS}
C: \S+ STARTTLS
S: %TAG% OK begin
stall 0.5
S: * OK hello again
any
END
bad 'an OK without a tag to STARTTLS' 75 . imap starttls <<END
${plain/\%MORE%/STARTTLS}
C: \S+ STARTTLS
S: * OK begin
S: ZZ OK begin
drop
END
bad 'PREAUTH, with STARTTLS wished' 75 'does not start TLS' imap starttls <<END
S: * PREAUTH welcome
C: (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN
S: %TAG% OK done
any
END

# Half of a greeting, drops, and what only looks like one.
for protocol in imap pop3; do
	case $protocol in
	imap) half='* OK IMAP4re' nearly='S: * OKAY ready' ;;
	pop3) half='+OK PO' nearly='S: +OKAY ready' ;;
	esac
	bad 'half a greeting, then the end' 75 . $protocol none <<<"S- $half"$'\ndrop'
	bad 'half a greeting, then silence' 75 'within 5 s' $protocol none <<<"S- $half"$'\nstall 20'
	bad 'reset' 75 . $protocol none <<<'reset'
	bad 'NUL bytes' 76 'does not greet' $protocol none <<<$'S: \\0\\0\\0\nany'
	bad 'the other protocol' 76 'does not greet' $protocol none <<<$([ $protocol = imap ] &&
		echo 'S: +OK ready' || echo 'S: * OK ready')$'\nany'
done

# Challenges that are none. A row: MECHANISM|STATUS|LINE|what the server says to it.
for protocol in imap pop3; do
	refuse='S: -ERR no'
	[ $protocol = imap ] && refuse='S: %TAG% NO no'
	while IFS='|' read -r mechanism status line what; do
		bad "$mechanism: $what" "$status" "$line" $protocol none $mechanism < <(
			said $protocol "$mechanism" "C* .*AUTH.* $mechanism ~~ $what ~~ C* \\* ~~ $refuse")
	done <<-'END'
	CRAM-MD5|76|.|S: + ***
	CRAM-MD5|76|.|S: + PDE+x
	SCRAM-SHA-256|7[67]|.|S: + AAAA ~~ C: \S+ ~~ S: + cj1hYmMscz1hYmMsaT0x
	SCRAM-SHA-256|7[67]|.|S: +  ~~ C: \S+ ~~ S: + //////
	SCRAM-SHA-256|7[67]|.|S: +  ~~ C: \S+ ~~ S: +
	END
done
# APOP: MD5 over what the server chose is worth a password, unless it is a msg-id.
for greeting in '' '<no-at>' '<a@b' '<a@\xff\xfe>' '<a b@c>' '<@>'; do
	bad "APOP: challenge \"$greeting\"" 77 'no proper challenge' pop3 none APOP < <(
		said pop3 PLAIN '' | sed "1s/\$/ ${greeting//\\/\\\\}/")
	unlike 'and no digest' "$(wire)" 'C: APOP'
done
# Success before the proof: who does not know the password may not say that it is right.
for protocol in imap pop3; do
	okay='S: +OK welcome'
	[ $protocol = imap ] && okay='S: %TAG% OK welcome'
	bad 'SCRAM: OK without a proof' 77 . $protocol none SCRAM-SHA-256 < <(
		said $protocol SCRAM-SHA-256 "C* .*AUTH.* SCRAM-SHA-256 ~~ $okay")
done
done_testing
