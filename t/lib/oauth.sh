# shellcheck shell=bash
# The OAuth2 provider t/fake/oauth-server (which says what it does) for a test.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh.
#
#	oauth_start [OPTION...]     sets OAUTH_URL; OPTIONs go to the server
#	oauth_control [LINE...]     what it does from now on (nothing: as it should)
#	oauth_log                   prints its log
#	oauth_count REGEX           lines of the log that match
#	oauth_settings              prints the settings of an account that uses it
#	oauth_browse COMMAND...     runs mr-fetch login and plays the browser: run's STATUS,
#	                            $OUT, $ERR
#	oauth_age KEY SECONDS       makes the stored access token older by so much

. "${BASH_SOURCE[0]%/*}/ca.sh"

oauth_start() {
	rm -f "$TEST_HOME/oauth.port"
	: >"$TEST_HOME/oauth.wire"
	: >"$TEST_HOME/oauth.control"
	spawn oauth perl "$MR_TOP/t/fake/oauth-server" --port-file "$TEST_HOME/oauth.port" \
		--log "$TEST_HOME/oauth.wire" --control "$TEST_HOME/oauth.control" "$@"
	OAUTH_PID=$PID
	wait_for 10 '[ -s "$TEST_HOME/oauth.port" ]' ||
		bail_out "the provider does not start: $(cat "$TEST_HOME/oauth.log")"
	OAUTH_URL=http://127.0.0.1:$(cat "$TEST_HOME/oauth.port")
	case "$*" in
	*--cert*) OAUTH_URL=https://localhost:$(cat "$TEST_HOME/oauth.port") ;;
	esac
}

oauth_control() {
	printf '%s\n' "$@" >"$TEST_HOME/oauth.control.new"
	mv "$TEST_HOME/oauth.control.new" "$TEST_HOME/oauth.control"
}

oauth_log() {
	cat "$TEST_HOME/oauth.wire"
}

oauth_count() {
	grep -cE "$1" "$TEST_HOME/oauth.wire"
}

oauth_settings() {
	cat <<-EOF
	oauth = "custom"; client-id = "app"; client-secret = "app secret";
	oauth-scope = "mail offline"; oauth-auth-url = "$OAUTH_URL/auth";
	oauth-token-url = "$OAUTH_URL/token";
	EOF
}

oauth_browse() {
	local url
	: >"$OUT"
	"$@" >"$OUT" 2>"$ERR" </dev/null &
	PID=$!
	adopt "$PID"
	if wait_for 10 'grep -q "https\?://.*state=" "$OUT" || ! kill -0 "$PID" 2>/dev/null'; then
		url=$(grep -o 'https\?://.*state=.*' "$OUT" | head -n 1)
		[ -z "$url" ] || curl -sSkL "$url" >"$TEST_HOME/page" 2>&1
	fi
	STATUS=0
	wait "$PID" || STATUS=$?
}

oauth_age() {
	AGE_BY=$2 perl -pi -e 's/("(?:expires|obtained)": )(\d+)/$1 . ($2 - $ENV{AGE_BY})/ge' \
		"$XDG_STATE_HOME/mailrail/tokens/$1"
}
