#!/usr/bin/env bash
# A watch whose OAuth2 login is missing or was taken back says so once, and goes on by itself
# soon after mr-fetch login.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/oauth.sh"

dovecot_start
oauth_start
corpus=("$MR_TOP"/t/corpus/*.eml)
dovecot_fill alice INBOX "${corpus[@]:0:2}"
config=$XDG_CONFIG_HOME/mailrail/config
cat >"$config" <<END
account: { work: { host = "localhost"; ca-file = "$DOVECOT_CA"; port = $DOVECOT_IMAPS
  user = "alice"; $(oauth_settings) } }
END
chmod 600 "$config"
stored() {
	find "$HOME/Mail/new" -type f 2>/dev/null | wc -l
}

spawn watch mr-fetch watch --into 'mr-filter | mr-deliver'
log=$TEST_HOME/watch.log
ok 'nobody has logged in' 'wait_for 5 "grep -q \"nobody has logged in\" \"$log\""'
oauth_browse mr-fetch login work
is 'somebody does' "$STATUS" 0
ok 'the watch takes it up within seconds' 'wait_for 20 "[ \"\$(stored)\" = 2 ]"'
is 'it has said one line' "$(wc -l <"$log")" 1
is 'and asked the provider nothing' "$(oauth_count refresh_token)" 0
dovecot_fill alice INBOX "${corpus[2]}"
ok 'mail comes as with a password' 'wait_for 10 "[ \"\$(stored)\" = 3 ]"'

oauth_age "$(ls "$XDG_STATE_HOME/mailrail/tokens")" 4000
dovecot_stop
dovecot_start
dovecot_fill alice INBOX "${corpus[3]}"
ok 'the token has run out at the next connection' 'wait_for 30 "[ \"\$(stored)\" = 4 ]"'
is 'one renewal' "$(oauth_count 'refresh_token ok')" 1
done_testing
