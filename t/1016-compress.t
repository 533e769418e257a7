#!/usr/bin/env bash
# COMPRESS=DEFLATE: with a real Dovecot, and servers that refuse it, lie about it or send
# anything behind it.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start 'mail_plugins = zlib
protocol imap {
  mail_plugins = zlib imap_zlib
}'
perl -e 'print "Subject: long\n\n", map { "line $_ of a text, as texts go\n" } 1 .. 100000' \
	>"$TEST_HOME/long.eml"
corpus=("$MR_TOP"/t/corpus/*.eml "$TEST_HOME/long.eml")

fetch() {
	run mr-fetch --into 'mr-filter | mr-deliver'
}

# What goes over the line is seen by a tunnel that writes it down.
tunnel="tee $TEST_HOME/up | $MR_TOP/t/fake/proxy --bridge localhost $DOVECOT_IMAP | tee $TEST_HOME/down"
for compress in false true; do
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$(dovecot_folder alice INBOX)"/{new,cur}/*
	dovecot_fill alice INBOX "${corpus[@]}"
	chain_config imap none "compress = $compress" "tunnel = \"$tunnel\""
	fetch
	is "compress = $compress: all is fetched" "$STATUS $(chain_stored | wc -l)" "0 ${#corpus[@]}"
	chain_stored >"$TEST_HOME/stored.$compress"
	is "compress = $compress: and deleted there" "$(dovecot_count alice INBOX)" 0
	wc -c <"$TEST_HOME/down" >"$TEST_HOME/bytes.$compress"
	if [ "$compress" = true ]; then
		ok 'it was asked for' 'grep -aq "COMPRESS DEFLATE" "$TEST_HOME/up"'
		ok 'commands are not to be read then' '! grep -aq "UID FETCH" "$TEST_HOME/up"'
		ok 'nor are messages' '! grep -aq "line 5 of a text" "$TEST_HOME/down"'
	else
		ok 'it was not asked for' '! grep -aq "COMPRESS DEFLATE" "$TEST_HOME/up"'
	fi
done
is 'the same messages' "$(cat "$TEST_HOME/stored.true")" "$(cat "$TEST_HOME/stored.false")"
ok 'in less than half of the bytes' \
	'[ $(($(cat "$TEST_HOME/bytes.true") * 2)) -lt "$(cat "$TEST_HOME/bytes.false")" ]'
diag "bytes: $(cat "$TEST_HOME/bytes.false") and $(cat "$TEST_HOME/bytes.true")"

chain_config imap implicit 'compress = true'
dovecot_fill alice INBOX "${corpus[@]:0:3}"
fetch
is 'within TLS' "$STATUS $(dovecot_count alice INBOX)" '0 0'
dovecot_fill alice INBOX "${corpus[0]}"
spawn watch mr-fetch watch --into 'mr-filter | mr-deliver'
ok 'watching' 'wait_for 10 "[ \"\$(dovecot_count alice INBOX)\" = 0 ]"'
sleep 1
dovecot_fill alice INBOX "${corpus[1]}"
ok 'IDLE tells at once' 'wait_for 5 "[ \"\$(dovecot_count alice INBOX)\" = 0 ]"'
end_pid "$PID"

chain_config pop3 implicit 'compress = true'
exits 'POP3 has none' 78 mr-fetch check

# against LABEL STATUS REGEX; the answer to COMPRESS on stdin
count=0
against() {
	count=$((count + 1))
	{
		cat <<-'END'
			S: * OK ready
			answer (\S+) CAPABILITY
			S: * CAPABILITY IMAP4rev1 COMPRESS=DEFLATE
			S: %TAG% OK
			end
			C: (\S+) LOGIN .*
			S: %1 OK in
			C: (\S+) COMPRESS DEFLATE
		END
		cat
	} >"$TEST_HOME/script$count"
	start_peer "compress$count" "$TEST_HOME/script$count"
	printf '%s\n' 'account: { a: { host = "localhost" tls = "none" user = "alice"' \
		"port = $PEER_PORT" 'password = "x" compress = true timeout = "3s" } }' \
		>"$XDG_CONFIG_HOME/mailrail/config"
	exits "$1: $2" "$2" timeout 30 mr-fetch check
	like "$1: says so" "$(cat "$ERR" "$OUT")" "$3"
	stop_peer
}

against 'refused' 0 '7' <<'EOF'
S: %1 NO [COMPRESSIONACTIVE] by TLS
answer (\S+) CAPABILITY
S: * CAPABILITY IMAP4rev1
S: %TAG% OK
end
answer (\S+) STATUS.*
S: * STATUS INBOX (MESSAGES 7 UNSEEN 2)
S: %TAG% OK
end
answer (\S+) LIST.*
S: * LIST () "/" INBOX
S: %TAG% OK
end
answer (\S+) EXAMINE.*
S: * 7 EXISTS
S: %TAG% OK
end
answer (\S+) LOGOUT
S: * BYE
S: %TAG% OK
end
C: never
EOF
against 'clear text behind the OK' 76 'cannot be inflated' <<'EOF'
hold
S: %1 OK compressing
S: * OK [CAPABILITY IMAP4rev1] this is clear
flush
any
EOF
against 'rubbish later' 76 'cannot be inflated' <<'EOF'
S: %1 OK compressing
S- \xff\xff\xff\xff\xff
any
EOF
against 'gone behind the OK' 75 'closed the connection|connection is lost' <<'EOF'
S: %1 OK compressing
drop
EOF
against 'silent behind the OK' 75 'no answer within 3 s' <<'EOF'
S: %1 OK compressing
any
EOF
against 'no answer that fits' 76 'answers' <<'EOF'
S: + go on
any
EOF

done_testing
