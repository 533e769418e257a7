#!/usr/bin/env bash
# OAuth2: a login by the browser, tokens that a real Dovecot takes, renewed in time and by one
# process only; what a provider can do wrong, and what is said of it.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/oauth.sh"

dovecot_start
oauth_start
corpus=("$MR_TOP"/t/corpus/*.eml)
dovecot_fill alice INBOX "${corpus[@]:0:3}"
config=$XDG_CONFIG_HOME/mailrail/config
cat >"$config" <<END
account: {
  work: { host = "localhost"; ca-file = "$DOVECOT_CA"; port = $DOVECOT_IMAPS; user = "alice"
    $(oauth_settings) }
  pop: { protocol = "pop3"; host = "localhost"; ca-file = "$DOVECOT_CA"
    port = $DOVECOT_POP3S; user = "alice"; $(oauth_settings) }
}
END
chmod 600 "$config"

exits 'before the first login: 77' 77 mr-fetch check work
like 'it says what to do' "$(cat "$ERR")" \
	'^mr-fetch: account work: login: alice: nobody has logged in yet: run mr-fetch login work$'
is 'nobody was asked' "$(oauth_log)" ''

oauth_browse mr-fetch login work
is 'login by the browser' "$STATUS" 0
is 'no trouble' "$(cat "$ERR")" ''
like 'the server takes the token' "$(tail -n 1 "$OUT")" \
	'^work: logged in: localhost takes the token of alice$'
like 'the browser gets a page' "$(cat "$TEST_HOME/page")" 'Done'
like 'the URL has what it should' "$(cat "$OUT")" \
	'code_challenge_method=S256&login_hint=alice'
is 'the code was exchanged once' "$(oauth_count 'authorization_code ok')" 1
key=$(basename "$(find "$XDG_STATE_HOME/mailrail/tokens" -type f)")
store=$XDG_STATE_HOME/mailrail/tokens/$key
is 'tokens are for the user alone' "$(stat -c %a "$store" "$(dirname "$store")" | xargs)" \
	'600 700'
exits 'check takes the stored token' 0 mr-fetch check
is 'POP3 shares it' "$(grep -c '^pop: INBOX' "$OUT")" 1
is 'and nothing was renewed' "$(oauth_count refresh_token)" 0

oauth_age "$key" 3300
exits 'five minutes before its end' 0 mr-fetch check work
is 'it is renewed' "$(oauth_count 'refresh_token ok')" 1
exits 'once' 0 mr-fetch check work
is 'and used again' "$(oauth_count 'refresh_token')" 1

oauth_age "$key" 4000
oauth_control 'slow 1'
mr-fetch check work >"$TEST_HOME/one" 2>&1 &
first=$!
mr-fetch check >"$TEST_HOME/two" 2>&1 &
second=$!
wait "$first" || diag "$(cat "$TEST_HOME/one")"
is 'two at once: the first' "$?" 0
wait "$second" || diag "$(cat "$TEST_HOME/two")"
is 'two at once: the second' "$?" 0
is 'renewed exactly once' "$(oauth_count 'refresh_token ok')" 2

oauth_age "$key" 3300
oauth_control 'status 503'
exits 'a provider that is down does not matter while the token lives' 0 mr-fetch check work
asked=$(oauth_count refresh_token)
exits 'still' 0 mr-fetch check work
is 'and it is left alone for a minute' "$(oauth_count refresh_token)" "$asked"
oauth_age "$key" 400
exits 'when the token is over: 75' 75 mr-fetch check work
like 'it says why' "$(cat "$ERR")" 'no token for alice: .* says "not now" .HTTP status 503.$'
is 'still left alone' "$(oauth_count refresh_token)" "$asked"

# later: the pause is over
later() {
	perl -pi -e 's/("until": )\d+/${1}1/' "$store"
}

while read -r what status words; do
	later
	oauth_control "${what/_/ }" 'retry 7200'
	exits "$what: $status" "$status" mr-fetch check work
	like "$what: says so" "$(cat "$ERR")" "$words"
	is "$what: in one line" "$(wc -l <"$ERR")" 1
done <<-'END'
	garbage 76 HTTP.status.200.: it answers with what is no JSON object
	huge 76 its answer is longer than 65536 bytes
	status_500 75 HTTP status 500
	status_429 75 HTTP status 429
	error_temporarily_unavailable 75 temporarily.unavailable: about..this
	error_slow_down 75 slow_down
	redirect_https://example.org/ 76 HTTP.status.307
END
later
cp "$config" "$config.good"
sed -i 's/"app secret"/"wrong secret"/' "$config"
exits 'a wrong client secret: 78' 78 mr-fetch check work
like 'it says so' "$(cat "$ERR")" 'config:2: .*does not take the application.*invalid_client: who'
unlike 'but not the secret' "$(cat "$ERR")" 'wrong secret'
cp "$config.good" "$config"

oauth_control
exits 'all is well again' 0 mr-fetch check work
is 'nothing is remembered' "$(grep -c '"trouble": 0' "$store")" 1

oauth_age "$key" 4000
oauth_control 'error invalid_grant'
exits 'taken back: 77' 77 mr-fetch check work
told=$(cat "$ERR")
like 'it says so' "$told" \
	'alice: .*run out or was taken back .invalid_grant: about..this.: run mr-fetch login work$'
asked=$(oauth_count refresh_token)
later
exits 'again' 77 mr-fetch check work
is 'in the same words' "$(cat "$ERR")" "$told"
is 'without asking again, ever' "$(oauth_count refresh_token)" "$asked"
oauth_control
oauth_browse mr-fetch login
is 'a new login mends it' "$STATUS" 0
is 'one for both accounts' "$(grep -c 'logged in' "$OUT") $(oauth_count 'authorization_code')" '2 2'

exits 'mr-fetch fetches by token' 0 mr-fetch --into 'mr-filter | mr-deliver' work
is 'all of it' "$(find "$HOME/Mail/new" -type f | wc -l)" 3
for file in "$OUT" "$ERR" "$TEST_HOME/page"; do
	ok "no token in ${file##*/}" '! grep -qE "eyJ|refresh-[0-9]|app secret" "$file"'
done
done_testing
