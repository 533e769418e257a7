#!/usr/bin/env bash
# mr-fetch login: what is not the browser's answer is turned away, an address can be pasted, a
# code typed elsewhere; who says no, and what is said then.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/oauth.sh"

dovecot_start
ca_sign "$DOVECOT_DIR/ca" provider localhost || bail_out 'no certificate for the provider'
oauth_start --cert "$DOVECOT_DIR/ca/provider.pem"
like 'the provider speaks HTTPS' "$OAUTH_URL" '^https:'
config=$XDG_CONFIG_HOME/mailrail/config
tokens=$XDG_STATE_HOME/mailrail/tokens

# configure [FURTHER SETTINGS]
configure() {
	cat >"$config" <<-END
	account: { work: { host = "localhost"; ca-file = "$DOVECOT_CA"; port = $DOVECOT_IMAPS
	  user = "alice"; $(oauth_settings) ${1:-} } }
	END
	chmod 600 "$config"
	rm -rf "$tokens"
}
trust="oauth-ca-file = \"$DOVECOT_CA\";"

# begin: mr-fetch login in the background, lines for it go to the fifo; URL is its page.
mkfifo "$TEST_HOME/typed"
begin() {
	: >"$OUT"
	mr-fetch login work >"$OUT" 2>"$ERR" <"$TEST_HOME/typed" &
	LOGIN=$!
	adopt "$LOGIN"
	exec 9>"$TEST_HOME/typed"
	wait_for 10 'grep -q "^    http" "$OUT" || ! kill -0 "$LOGIN" 2>/dev/null'
	URL=$(sed -n 's/^    //p' "$OUT" | head -n 1)
}
# end: waits for it; STATUS.
end() {
	STATUS=0
	wait "$LOGIN" || STATUS=$?
	exec 9>&-
}
# back: where the provider sends the browser.
back() {
	curl -sk -o /dev/null -w '%{redirect_url}' "$URL"
}
page() {
	curl -s -o "$TEST_HOME/page" -w '%{http_code}' "$@"
}

configure
oauth_browse mr-fetch login work
is 'a certificate that is not trusted: 75' "$STATUS" 75
like 'it says so' "$(cat "$ERR")" 'localhost:[0-9]+: its certificate is not trusted'
ok 'nothing is kept' '[ ! -e "$tokens" ] || [ -z "$(ls -A "$tokens")" ]'

configure "$trust"
begin
address=$(back)
home=${address%%\?*}
code=${address##*code=}
is 'another page: 404' "$(page "${home%/}/favicon.ico")" 404
is 'another state: 400' "$(page "${home%/}/?state=wrong&code=$code")" 400
is 'no state: 400' "$(page "${home%/}/?code=$code")" 400
is 'a POST: 400' "$(page -d x "$address")" 400
is 'no HTTP' "$(page --http0.9 -X 'nonsense' "$home")" 400
silent=()
for _ in $(seq 12); do
	port=${home##*:}
	exec {fd}<>"/dev/tcp/127.0.0.1/${port%/}"
	silent+=("$fd")
done
is 'the right one, behind a dozen that say nothing: 200' "$(page "$address")" 200
end
is 'logged in' "$STATUS" 0
like 'the server takes the token' "$(cat "$OUT")" 'localhost takes the token of alice'
ok 'then the port is closed' \
	'! (exec 7<>"/dev/tcp/127.0.0.1/${port%/}") 2>/dev/null'

configure "$trust"
begin
printf 'https://elsewhere.test/?code=x\n' >&9
wait_for 10 'grep -q "not the address" "$OUT"'
like 'what is pasted by mistake' "$(tail -1 "$OUT")" 'that is not the address'
printf '  %s\r\n' "$(back)" >&9
end
is 'an address that is pasted' "$STATUS" 0
like 'serves as well' "$(tail -1 "$OUT")" 'takes the token'

spawn proxy "$MR_TOP/t/fake/proxy" --port-file "$TEST_HOME/proxy.at" \
	--log "$TEST_HOME/proxy.requests"
wait_for 10 '[ -s "$TEST_HOME/proxy.at" ]'
configure "$trust proxy = \"socks5h://127.0.0.1:$(cat "$TEST_HOME/proxy.at")\";"
oauth_browse mr-fetch login work
is 'by a proxy' "$STATUS" 0
like 'to the provider' "$(cat "$TEST_HOME/proxy.requests")" "socks5 localhost ${OAUTH_URL##*:}"
like 'and to the server' "$(cat "$TEST_HOME/proxy.requests")" "socks5 localhost $DOVECOT_IMAPS"
configure "$trust"

mkdir "$TEST_HOME/bin"
printf '#!/bin/sh\nexec curl -sSkL "$1"\n' >"$TEST_HOME/bin/xdg-open"
chmod +x "$TEST_HOME/bin/xdg-open"
PATH=$TEST_HOME/bin:$PATH exits 'a browser that is started' 0 mr-fetch login --open work </dev/null
like 'by the desktop' "$(tail -1 "$OUT")" 'takes the token'

configure "$trust oauth-redirect-url = \"oob\";"
begin
like 'a provider that shows the code' "$URL" 'redirect_uri=oob'
address=$(back)
printf '%s\n' "${address##*code=}" | sed 's,%2F,/,' >&9
end
is 'the code alone is pasted' "$STATUS" 0

configure "$trust oauth-redirect-url = \"oob\";"
exits 'nobody to paste it: 77' 77 mr-fetch login work </dev/null

free_port port
configure "$trust oauth-redirect-url = \"http://localhost:$port/back\";"
begin
is 'a fixed address' "$(back | sed 's,?.*,,')" "http://localhost:$port/back"
page "$(back | sed s,localhost,127.0.0.1,)" >/dev/null
end
is 'is used' "$STATUS" 0

configure "$trust"
oauth_control deny
begin
is 'the user says no: a page' "$(page "$(back)")" 400
end
is 'that is 77' "$STATUS" 77
like 'in the words of the provider' "$(cat "$ERR")" 'access_denied: not today$'
oauth_control 'error invalid_client'
oauth_browse mr-fetch login work
is 'an unknown application: 78' "$STATUS" 78
like 'it says where' "$(cat "$ERR")" 'config:1: .*does not take the application.*invalid_client'
oauth_control garbage
oauth_browse mr-fetch login work
is 'nonsense: 76' "$STATUS" 76
oauth_control norefresh
oauth_browse mr-fetch login work
is 'no refresh token: it works' "$STATUS" 0
like 'and is told' "$(cat "$ERR")" 'gave nothing to renew the token by: this login ends in 60 min'
oauth_age "$(ls "$tokens")" 4000
exits 'until it has run out: 77' 77 mr-fetch check
like 'and that is told, too' "$(cat "$ERR")" 'the provider gave none to renew it by: run mr-fetch'

oauth_control
configure "$trust oauth-device-url = \"$OAUTH_URL/device\"; oauth-flow = \"device\";"
begin
like 'a code to type' "$(cat "$OUT")" 'type the code ABCD-[0-9]+'
code=$(grep -o 'ABCD-[0-9]*' "$OUT")
wait_for 10 '[ "$(oauth_count "device_code error authorization_pending")" -ge 2 ]'
oauth_control 'status 503'
wait_for 10 '[ "$(oauth_count "device_code status")" -ge 1 ]'
oauth_control
curl -sk "$URL?user_code=$code"
end
is 'typed on another machine, past a bad moment' "$STATUS" 0
like 'logged in' "$(cat "$OUT")" 'takes the token of alice'
oauth_control 'error slow_down'
begin
code=$(grep -o 'ABCD-[0-9]*' "$OUT" | tail -n 1)
curl -sk "$(sed -n 's/^    //p' "$OUT")?user_code=$code"
before=$(oauth_count 'device_code')
wait_for 5 '[ "$(oauth_count "device_code error slow_down")" = 1 ]'
oauth_control
begun=$EPOCHSECONDS
end
is 'a provider that wants more time' "$STATUS" 0
ok 'gets five seconds more' '[ "$((EPOCHSECONDS - begun))" -ge 5 ]'
is 'between two questions' "$(($(oauth_count 'device_code') - before))" 2
oauth_control 'error access_denied'
exits 'refused there: 77' 77 mr-fetch login work </dev/null
like 'it says so' "$(cat "$ERR")" 'refuses the login of alice: access_denied'
configure "$trust oauth-flow = \"device\";"
exits 'no place for device codes: 78' 78 mr-fetch login work
like 'it says so' "$(cat "$ERR")" 'config:1: .*needs an oauth-device-url'

cat >"$config" <<<'account: { a: { host = "h"; user = "u"; oauth = "gmail" } }'
exits 'no client-id: 78' 78 mr-fetch login
like 'it says how to get one' "$(cat "$ERR")" 'client-id of your own: register one at https://cons'
cat >"$config" <<<'account: { a: { host = "h"; user = "u"; password = "p" } }'
exits 'no oauth: 78' 78 mr-fetch login a
like 'it says so' "$(cat "$ERR")" 'no "oauth" is set for account a'
cat >"$config" <<<'account: { a: { host = "h"; user = "u"; oauth = "gmail"; token-command = "x" } }'
exits 'two places for one secret: 78' 78 mr-fetch check
like 'it names both' "$(cat "$ERR")" 'oauth and token-command are both set'
exits '--open is for login only' 64 mr-fetch check --open
done_testing
