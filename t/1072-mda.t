#!/usr/bin/env bash
# --mda: a program for each message or recipient, its words never through a shell, its exit
# status the message's fate; who took a message does not get it again.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
mda=$TEST_HOME/mda
cat >"$mda" <<'END'
#!/bin/sh
n=$(ls "$DROP" | wc -l)
for word; do printf '[%s]' "$word"; done >"$DROP/$n.args"
cat >"$DROP/$n.mail"
echo 'chatter on stdout'
case "$*" in *late*) exit 75 ;; *never*) exit 67 ;; *dead*) kill -9 $$ ;; esac
exit "${EXIT:-0}"
END
chmod +x "$mda"
export DROP=$TEST_HOME/drop
message() {
	printf '%s\n' "$@" 'Message-ID: <1@x>' '' 'b=C3=B6dy' '.'
}
message 'Return-Path: <s@x>' 'Delivered-To: joe@our.test' >"$TEST_HOME/joe"
message 'Delivered-To: "a $(touch x)"@x, ann@our.test' >"$TEST_HOME/shell"
message 'Delivered-To: ann@our.test, late@our.test, never@our.test' >"$TEST_HOME/mixed"
message 'Delivered-To: -oQ@our.test' >"$TEST_HOME/dash"
message 'Subject: plain' >"$TEST_HOME/plain"

refill() {
	rm -rf "$XDG_STATE_HOME"/* "$DROP" "$(dovecot_folder alice INBOX)"/{new,cur}/*
	mkdir "$DROP"
	dovecot_fill alice INBOX "$@"
}
again() {
	rm -rf "$DROP"
	mkdir "$DROP"
	sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" 'DELETE FROM source_pause' 2>>"$ERR"
}
args() {
	cat "$DROP"/*.args 2>/dev/null
}
left() {
	dovecot_count alice INBOX
}

for protocol in imap pop3; do
	chain_config "$protocol" implicit 'recipient = "me"'
	refill "$TEST_HOME/joe" "$TEST_HOME/plain"
	run mr-fetch --mda "$mda -f %F -d %T 100%% '%T a' -%T"
	is "$protocol: all is well" "$STATUS" 0
	is "$protocol: each word" "$(args)" '[-f][s@x][-d][me][100%][me a][-me]'"$(
		)[-f][MAILER-DAEMON][-d][me][100%][me a][-me]"
	ok "$protocol: the message, with LF, no From_ line" 'cmp "$TEST_HOME/joe" "$DROP/0.mail"'
	is "$protocol: taken, so it is deleted there" "$(left)" 0

	chain_config "$protocol" implicit 'multidrop = "Delivered-To"'
	refill "$TEST_HOME/shell" "$TEST_HOME/dash"
	run mr-fetch --mda "$mda %T"
	is "$protocol: one run for each recipient, no shell" "$(args)" \
		'["a $(touch x)"@x][ann@our.test]'
	is "$protocol: no option is made of an address" "$STATUS $(left)" '75 1'
	like "$protocol: it is told" "$(cat "$ERR")" 'message .*recipient -oQ@our.test: begins with a dash'
	refill "$TEST_HOME/shell"
	run mr-fetch --mda "$mda -a"
	is "$protocol: without %T one run for all" "$(args)" '[-a]'
done

refill "$TEST_HOME/mixed"
run mr-fetch --mda "$mda %T"
is 'some take it, others not: it stays' "$STATUS $(args) $(left)" \
	'75 [ann@our.test][late@our.test][never@our.test] 1'
like 'why' "$(cat "$ERR")" "$mda: exit status 75"
unlike 'what the program prints is no receipt' "$(cat "$ERR")" 'no receipt'
again
chain_config imap implicit 'multidrop = "Delivered-To"'
chain_config pop3 implicit 'multidrop = "Delivered-To"'
run mr-fetch --mda "$mda %T"
is 'who has it does not get it again' "$(args)" '[late@our.test][never@our.test]'
again
run mr-fetch --mda 'true %T'
is 'when all have it, it is done' "$STATUS $(left)" '0 0'

chain_config imap implicit
for row in 64:refused 65:refused 67:refused 69:refused 77:refused 100:refused 1:deferred \
	71:deferred 73:deferred 75:deferred 99:deferred 111:deferred 127:deferred; do
	refill "$TEST_HOME/joe"
	EXIT=${row%:*} run mr-fetch --mda "$mda"
	is "exit ${row%:*}: stays there" "$STATUS $(left)" '75 1'
	PATH=$MR_BUILD/t/fake:$PATH
	is "it is ${row#*:}" "$(make-stream --receipts stdout "$TEST_HOME/joe" |
		EXIT=${row%:*} mr-fetch --take-mda "$mda" 2>/dev/null | cut -d' ' -f1)" "${row#*:}"
done
refill "$TEST_HOME/joe"
run mr-fetch --mda "$mda dead"
is 'a signal' "$STATUS $(left)" '75 1'
like 'names it' "$(cat "$ERR")" 'ended by signal 9'

exits 'no such program: 78, nothing is fetched' 78 mr-fetch --mda /no/such/thing
exits 'a pipe: 64' 64 mr-fetch --mda 'cat | cat'
exits 'an empty pipe: 64' 64 mr-fetch --into ''
exits 'two at once: 64' 64 mr-fetch --mda cat --into cat
echo 'fetch: { mda = "cat", to = "lmtp:/x" }' >>"$XDG_CONFIG_HOME/mailrail/config"
exits 'two in the configuration: 78' 78 mr-fetch
chain_config imap implicit
echo "fetch: { mda = \"$mda conf\" }" >>"$XDG_CONFIG_HOME/mailrail/config"
refill "$TEST_HOME/joe"
exits 'the configuration says it' 0 mr-fetch
is 'and it was run' "$(args)" '[conf]'
refill "$TEST_HOME/joe"
exits 'an option wins' 0 mr-fetch --mda "$mda opt"
is 'that one was run' "$(args)" '[opt]'
run mr-fetch --into -
is 'and - is stdout' "$STATUS $(head -1 "$OUT")" '0 %mailrail-stream 1'
done_testing
