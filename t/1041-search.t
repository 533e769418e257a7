#!/usr/bin/env bash
# Which messages are fetched: search, unseen, since, newest, first, max-messages; what is
# left out stays at the server, and is fetched when the choice changes.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"

dovecot_start
inbox=$(dovecot_folder alice INBOX)
# message N SUBJECT FLAGS DATE: INTERNALDATE is the file's time.
message() {
	printf 'Subject: %s\nFrom: a@example.org\n\nbody\n' "$2" >"$inbox/cur/$1.M1P1.test:2,$3"
	touch -d "$4" "$inbox/cur/$1.M1P1.test:2,$3"
}
refill() {
	rm -rf "$XDG_STATE_HOME/mailrail" "$CHAIN_MAIL"
	dovecot_stop
	rm -rf "$inbox"
	mkdir -p "$inbox"/{cur,new,tmp}
	message 1 one S 2026-01-10
	message 2 two '' 2026-01-31T12:00Z
	message 3 three S '40 days ago'
	message 4 Grüße '' '10 days ago'
	message 5 five T '1 day ago'
	dovecot_start
}
stored() {
	find "$CHAIN_MAIL" -type f -path '*/[nc][eu][wr]/*' -exec grep -h ^Subject: {} + 2>/dev/null |
		cut -d' ' -f2- | LC_ALL=C sort | paste -sd' '
}
# want LABEL STORED LEFT SETTING...: on fresh mail.
want() {
	local label=$1 want=$2 left=$3
	shift 3
	refill
	again "$label" "$want" "$left" "$@"
	again "$label, once more" "$want" "$left" "$@"
}
again() {
	local label=$1 want=$2 left=$3
	shift 3
	chain_config imap implicit "$@"
	run mr-fetch --into mr-deliver
	is "$label" "$STATUS $(stored)$(cat "$ERR")" "0 $want"
	is "$label: left" "$(dovecot_count alice INBOX)" "$left"
}

want 'unseen' 'Grüße two' 3 'unseen = true'
mv "$inbox"/cur/3.* "$inbox/cur/3.M1P1.test:2,"
again 'made unseen' 'Grüße three two' 2 'unseen = true'
want 'search' 'three two' 3 'search = "OR SUBJECT two SUBJECT \"three\""'
again 'search in UTF-8' 'Grüße three two' 2 'search = "SUBJECT \"Grüße\""'
again 'no search' 'Grüße one three two' 1 ''
want 'since a day' 'Grüße three two' 2 'since = "2026-01-31"'
want 'since an age, kept' 'Grüße' 5 'since = "12d"' 'keep = true'
again 'a longer one' 'Grüße three' 5 'since = "60d"' 'keep = true'
want 'newest' 'Grüße three' 3 'newest = 2'
message 6 six '' now
dovecot_own
again 'newest, and a new one' 'Grüße six three' 3 'newest = 2'
again 'one at most' 'Grüße six three' 3 'newest = 1'
again 'no newest: the others' 'Grüße one six three two' 1 ''
refill
again 'max-messages' 'one two' 3 'max-messages = 2'
again 'max-messages, the next' 'Grüße one three two' 1 'max-messages = 2'

refill
again 'first = now' '' 5 'first = "now"'
message 6 six '' now
dovecot_own
again 'then what came since' six 5 'first = "now"'
again 'kept' six 5 'first = "now"' 'keep = true'
run mr-fetch --again --into mr-deliver
is 'first = now, --again: all' "$STATUS $(stored)" '0 Grüße one six three two'

chain_config imap implicit 'keep = true' 'search = "FROBNICATE 7"'
run mr-fetch --into mr-deliver
is 'a search that the server does not know: 78' "$STATUS" 78
like 'is told in its words' "$(cat "$ERR")" \
	'account box: folder INBOX: the server does not take the setting "search": .*FROBNICATE'
chain_config imap implicit 'search = "ALL) OR (DELETED"'
run mr-fetch --into mr-deliver
is 'one that breaks out: 78' "$STATUS" 78
like 'before anything is asked' "$(cat "$ERR")" 'config:[0-9]+: account box: search closes a par'
chain_config pop3 implicit 'unseen = true'
exits 'POP3 cannot: 78' 78 mr-fetch check

# Without LITERAL+ the server is waited for; without UIDNEXT first = "now" searches.
cat >"$TEST_HOME/script" <<'END2'
S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
answer \S+ STATUS "INBOX" .*
S: * STATUS INBOX (MESSAGES 3 UIDVALIDITY 17)
S: %TAG% OK done
end
C: \S+ SELECT "INBOX"
S: * 3 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK [READ-WRITE] done
C: \S+ UID SEARCH UID 1:\*$
S: * SEARCH 9 5 7
S: %TAG% OK done
C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
END2
sed -e '/UID SEARCH/,$d' "$TEST_HOME/script" >"$TEST_HOME/script2"
cat >>"$TEST_HOME/script2" <<'END2'
C: (\S+) UID SEARCH CHARSET UTF-8 UID 1:\* UNDELETED \(OR SUBJECT \{3\}
S: + go on
C: ü" SUBJECT \{4\}
S: + go on
C: ß"x\)
S: * SEARCH 9 5 7
S: F2 OK done
C: \S+ UID SEARCH UID 1:\* DELETED
S: * SEARCH
S: %TAG% OK done
C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
END2
sed -i 's/^C: \\S+ UID SEARCH UID 1:\\\* DELETED/C: never/' "$TEST_HOME/script2"
sed -i '/^C: never/,/^S: %TAG%/d' "$TEST_HOME/script2"
rm -rf "$XDG_STATE_HOME/mailrail"
start_peer odd "$TEST_HOME/script" "$TEST_HOME/script2"
cat >"$XDG_CONFIG_HOME/mailrail/config" <<END2
account: { box: { host = "localhost"; port = $PEER_PORT; tls = "none"
  user = "u"; password = "p"; timeout = "5s"; first = "now"
  search = "OR SUBJECT \"ü\\\\\"\" SUBJECT \"ß\\\\\"x\"" } }
END2
sed -i 's/  search.*/  search = "OR SUBJECT \\"ü\\\\\\"\\" SUBJECT \\"ß\\\\\\"x\\"" } }/' \
	"$XDG_CONFIG_HOME/mailrail/config"
run timeout 20 mr-fetch --into mr-deliver
is 'no UIDNEXT: what is found is known' "$STATUS$(cat "$ERR")" 0
run timeout 20 mr-fetch --into mr-deliver
is 'literals, and all that is found is known' "$STATUS$(cat "$ERR")" 0
ok 'as the server expects it' wire_ok || wire | tail -5 | sed 's/^/#  /'
done_testing
