#!/usr/bin/env bash
# A mail server that refuses a token which should be valid: one renewal and one more try, once
# a day; and tokens that cannot be stored are not used.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/oauth.sh"

dovecot_start
oauth_start
config=$XDG_CONFIG_HOME/mailrail/config
cat >"$config" <<END
account: { work: { host = "localhost"; ca-file = "$DOVECOT_CA"; port = $DOVECOT_IMAPS
  user = "alice"; $(oauth_settings) } }
END
chmod 600 "$config"
tokens=$XDG_STATE_HOME/mailrail/tokens

# A day passes for what is remembered of forced renewals.
next_day() {
	perl -pi -e 's/("forced": )(\d+)/$1 . ($2 - 90000)/ge' "$tokens"/custom*
}

oauth_control bad
oauth_browse mr-fetch login work
is 'tokens that the server does not take: 77' "$STATUS" 77
like 'the login itself was fine' "$(cat "$ERR")" \
	'account work: the login is kept, but: .*refuses the login of alice'
is 'one renewal' "$(oauth_count 'refresh_token ok')" 1
exits 'again: 77' 77 mr-fetch check
like 'in the words of the server' "$(cat "$ERR")" 'refuses the login of alice: .AUTHENTICATIONFAILED'
exits 'and again: 77' 77 mr-fetch check
is 'no further renewal' "$(oauth_count 'refresh_token')" 1
oauth_control
exits 'nor when the provider is well again' 77 mr-fetch check
is 'for a day' "$(oauth_count 'refresh_token')" 1
next_day
exits 'then it mends itself' 0 mr-fetch check
is 'by one renewal' "$(oauth_count 'refresh_token ok')" 2
is 'nothing is said' "$(cat "$ERR")" ''
exits 'and stays well' 0 mr-fetch check
is 'without another' "$(oauth_count 'refresh_token')" 2

perl -pi -e 's/("access-token": ")/$1x/' "$tokens"/custom*
next_day
oauth_control 'error invalid_grant'
exits 'both say no: 77' 77 mr-fetch check
like 'the provider explains it' "$(cat "$ERR")" 'was taken back .*: run mr-fetch login work$'
oauth_control
oauth_browse mr-fetch login work
is 'a new login mends it' "$STATUS" 0
oauth_log >"$TEST_HOME/until-here"

# Nobody but root writes where nothing may be written; a file in the way stops root, too.
before=$(cat "$tokens"/custom*)
oauth_age "$(ls "$tokens")" 4000
mkdir "$tokens/.$(ls "$tokens")"
exits 'no place for new tokens: 75' 75 mr-fetch check
is 'the provider is not asked' "$(oauth_log)" "$(cat "$TEST_HOME/until-here")"
rmdir "$tokens"/.[!.]*
exits 'with one: all is well' 0 mr-fetch check
isnt=$(cat "$tokens"/custom*)
ok 'the tokens are new' '[ "$before" != "$isnt" ]'

store=$(echo "$tokens"/custom*)
sed -i 's/"client-id": "app"/"client-id": "other"/' "$store"
exits 'a login by another application: 77' 77 mr-fetch check
like 'it says so' "$(cat "$ERR")" 'the client-id has changed since the login: run mr-fetch login work'
sed -i 's/"client-id": "other"/"client-id": "app"/' "$store"
cp "$config" "$config.good"
sed -i 's/"mail offline"/"mail offline more"/' "$config"
exits 'a login for less: 77' 77 mr-fetch check
like 'it says what is missing' "$(cat "$ERR")" 'the login was not for "more"'
cp "$config.good" "$config"
oauth_age "${store##*/}" 4000
perl -pi -e 's/("access-token": ")/$1x/' "$store"
oauth_control norotate
exits 'a provider that keeps its refresh token' 0 mr-fetch check
oauth_age "${store##*/}" 4000
exits 'is asked by it again' 0 mr-fetch check
oauth_control
oauth_age "${store##*/}" 4000
oauth_control norotate 'slow 2'
asked=$(oauth_count 'refresh_token ok')
mr-fetch check >"$TEST_HOME/killed.log" 2>&1 &
PID=$!
wait_for 5 '[ -e "$tokens/.${store##*/}" ]'
sleep 0.7
kill -9 "$PID"
wait "$PID" 2>/dev/null
oauth_control norotate
exits 'after one that was killed while it asked' 0 mr-fetch check
is 'both did ask' "$(($(oauth_count 'refresh_token ok') - asked))" 2
is 'nothing lies about' "$(ls -A "$tokens")" "${store##*/}"
oauth_control
spawn proxy "$MR_TOP/t/fake/proxy" --port-file "$TEST_HOME/proxy.at" \
	--log "$TEST_HOME/proxy.requests"
wait_for 10 '[ -s "$TEST_HOME/proxy.at" ]'
sed -i "s/work: {/& proxy = \"socks5h:\/\/127.0.0.1:$(cat "$TEST_HOME/proxy.at")\";/" "$config"
oauth_age "${store##*/}" 4000
exits 'by a proxy' 0 mr-fetch check
is 'to the mail server, not in clear to the provider here' \
	"$(cut -d ' ' -f 1-3 "$TEST_HOME/proxy.requests")" "socks5 localhost $DOVECOT_IMAPS"
oauth_age "${store##*/}" 4000
free_port nobody
http_proxy=http://127.0.0.1:$nobody exits 'nor by one of the environment' 0 mr-fetch check
truncate -s 40 "$store"
exits 'a damaged file: 78' 78 mr-fetch check
like 'it says what to do' "$(cat "$ERR")" 'is damaged: remove it and log in again'
done_testing
