#!/usr/bin/env bash
# mr-fetch check logs in, lists and counts, and changes nothing; what is wrong in the
# configuration is told before anything is contacted.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
config=$XDG_CONFIG_HOME/mailrail/config
dovecot_fill alice INBOX "${corpus[@]:0:3}"
dovecot_fill alice lists/c "${corpus[@]:3:2}"
dovecot_fill bob INBOX "${corpus[@]:0:4}"

write() {
	cat >"$config"
	chmod 600 "$config"
}
server="host = \"localhost\"; ca-file = \"$DOVECOT_CA\""
write <<END
account: {
  work: { $server; port = $DOVECOT_IMAPS; user = "alice"; password = "alice secret" }
  home: { $server; port = $DOVECOT_POP3S; protocol = "pop3"; user = "bob"
    password-command = "echo bob secret" }
}
END
before=$(find "$DOVECOT_DIR/mail" -type f -path '*/new/*' | sort)
exits 'check' 0 mr-fetch check
date=$(date -u -d "$(openssl x509 -in "$DOVECOT_DIR/ca/server.crt" -noout -enddate |
	cut -d= -f2)" +%F)
key=$(openssl x509 -in "$DOVECOT_DIR/ca/server.crt" -noout -pubkey |
	openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)
is 'it tells what the connection is, lists and counts' \
	"$(sed "/bytes/d; s/in 30 days/in 29 days/" "$OUT")" \
	"work: TLSv1.3, the certificate ends in 29 days, on $date
work: key sha256:$key
work: login by SCRAM-SHA-256
work: INBOX: 3 messages, 3 unseen
work: lists/c: 2 messages, 2 unseen, not fetched
home: TLSv1.3, the certificate ends in 29 days, on $date
home: key sha256:$key
home: login by SCRAM-SHA-256"
like 'POP3, too' "$(grep 'home: INBOX' "$OUT")" '^home: INBOX: 4 messages, [0-9]+ bytes$'
is 'nothing on stderr' "$(cat "$ERR")" ''
exits 'one account' 0 mr-fetch check home
is 'no other' "$(grep -vc ^home "$OUT")" 0
is 'nothing was fetched, marked or deleted' \
	"$(dovecot_count alice INBOX) $(dovecot_count bob INBOX)" '3 4'
ok 'no state was made' '[ ! -e "$XDG_STATE_HOME/mailrail/ledger.db" ]'

# bad LABEL REGEX: the configuration on stdin is 78 with FILE:LINE, for check and for fetch.
bad() {
	write
	exits "$1: 78" 78 mr-fetch check
	is "$1: one line" "$(wc -l <"$ERR")" 1
	like "$1: which says where" "$(cat "$ERR")" "$2"
	run mr-fetch
	is "$1: fetching, too" "$STATUS" 78
	is "$1: and the stream is whole" "$(tail -n 1 "$OUT")" 'done 0'
}
bad 'unknown key' 'config:1: .*colour' <<<'account: { a: { host = "h"; colour = "red" } }'
bad 'no host' 'config:1: .*host' <<<'account: { a: { user = "u" } }'
bad 'a verb as name' 'config:1: .*"check".* verb' <<<'account: { check: { host = "h" } }'
bad 'folders with POP3' 'config:1: .*no folders' \
	<<<'account: { a: { host = "h"; protocol = "pop3"; folders = [ "x" ] } }'
bad 'no account' 'no account' <<<'deliver: { }'
write <<<"account: { a: { $server; port = $DOVECOT_IMAPS; user = \"alice\"
password-command = \"false\" } }"
exits 'a password command that fails: 78' 78 mr-fetch check
like 'it says which account' "$(cat "$ERR")" 'account a: login: '
write <<<'account: { a: { host = "h"; user = "u"; password = "p" } }'
chmod 644 "$config"
exits 'a password that others can read: 78' 78 mr-fetch check
like 'it says so' "$(cat "$ERR")" 'config'
chmod 600 "$config"
# What accounts share, in a file beside the configuration, from whatever folder.
shared=$XDG_CONFIG_HOME/mailrail/shared
printf 'password = "alice secret"\n' >"$shared"
write <<END
account: { a: { $server; port = $DOVECOT_IMAPS; user = "alice"
@include "shared"
} }
END
exits 'a part of an account by @include' 0 mr-fetch check
chmod 644 "$shared"
exits 'a password there that others can read: 78' 78 mr-fetch check
like 'it says where' "$(cat "$ERR")" "$shared:1: password in a file that others can read"
chmod 600 "$shared"
echo 'no-such = 1' >>"$shared"
run mr-fetch check
like 'what is wrong there has its line' "$STATUS $(cat "$ERR")" "^78 .*$shared:2: unknown setting"
sed -i 2d "$shared"
exits 'an account that is not there: 78' 78 mr-fetch check nobody
like 'it says which' "$(cat "$ERR")" 'no account "nobody"'
exits 'an unknown option: 64' 64 mr-fetch --nonsense
is 'the stream is whole' "$(tail -n 1 "$OUT")" 'done 0'
exits 'a verb of later' 64 mr-fetch state
exits '--into is for fetching' 64 mr-fetch --into x check
exits '--version' 0 mr-fetch --version
exits '--help' 0 mr-fetch --help
run script -qec 'mr-fetch' /dev/null
like 'a terminal is no place for a stream' "$(cat "$OUT")" 'terminal.*--into'
is 'that is 64' "$STATUS" 64
done_testing
