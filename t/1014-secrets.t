#!/usr/bin/env bash
# Where a password may lie: each place logs in to a real Dovecot; what is wrong is said before
# anybody is contacted; no secret is shown.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"

dovecot_start
config=$XDG_CONFIG_HOME/mailrail/config

# configure SETTING... : an account that has these, too.
configure() {
	{
		echo 'account: { a: {'
		printf '%s\n' 'host = "localhost"' "port = $DOVECOT_IMAPS" 'user = "alice"' \
			"ca-file = \"$DOVECOT_CA\"" "$@"
		echo '} }'
	} >"$config"
}

# logs_in LABEL / refuses LABEL STATUS REGEX
logs_in() {
	exits "$1" 0 mr-fetch check </dev/null
}

refuses() {
	exits "$1: $2" "$2" mr-fetch check </dev/null
	like "$1: says why" "$(cat "$ERR")" "$3"
	unlike "$1: no secret" "$(cat "$OUT" "$ERR")" 'alice secret|wrong-one'
}

configure 'password = "alice secret"'
logs_in 'password'
configure 'password = "alice secret"' 'password-command = "echo wrong-one"'
refuses 'two places' 78 'config:[0-9]+: password-command and password are both set for localhost'

echo 'alice secret' >"$TEST_HOME/mail-home"
configure 'credential = "mail-home"'
refuses 'credential without systemd' 78 'CREDENTIALS_DIRECTORY is not set'
export CREDENTIALS_DIRECTORY=$TEST_HOME
logs_in 'credential'
configure 'credential = "mail-work"'
refuses 'a credential that is not there' 78 "there is no $TEST_HOME/mail-work"
unset CREDENTIALS_DIRECTORY

mkdir "$TEST_HOME/bin"
cat >"$TEST_HOME/bin/secret-tool" <<-'END'
	#!/bin/sh
	[ "$*" = "lookup service mail user alice" ] && printf 'alice secret'
END
chmod 755 "$TEST_HOME/bin/secret-tool"
PATH=$TEST_HOME/bin:$PATH
configure 'keyring = "service mail user alice"'
logs_in 'keyring in one text'
configure 'keyring = [ "service", "mail", "user", "alice" ]'
logs_in 'keyring as a list'
configure 'keyring = "service mail user"'
refuses 'an attribute without a value' 78 'the keyring of localhost: wants pairs'
configure 'keyring = "service mail user bob"'
refuses 'not in the keyring' 78 'the keyring of localhost: exit status 1'

configure
refuses 'nothing at all' 78 'no password for alice at localhost'
cat >"$HOME/.netrc" <<-'END'
	machine localhost
	login bob
	password wrong-one
	machine localhost login alice
	password "alice secret"
END
logs_in '~/.netrc without being told, the right one of two'
chmod 640 "$HOME/.netrc"
refuses 'others can read ~/.netrc' 78 "$HOME/.netrc has the password and can be read by others"
mv "$HOME/.netrc" "$TEST_HOME/other"
chmod 600 "$TEST_HOME/other"
configure "netrc = \"$TEST_HOME/other\""
logs_in 'netrc elsewhere'
echo 'machine localhost login alice password "alice secret' >"$TEST_HOME/other"
refuses 'an open quote' 78 "$TEST_HOME/other:2: "
echo 'machine elsewhere password x' >"$TEST_HOME/other"
refuses 'not in the netrc' 78 "$TEST_HOME/other has no password for alice"

# A person at a terminal: script(1) is the terminal, a pipe to it the keyboard.
configure
mkfifo "$TEST_HOME/keyboard"
screen=$TEST_HOME/screen
script -qefc 'mr-fetch check' "$screen" <"$TEST_HOME/keyboard" >"$OUT" 2>&1 &
person=$!
adopt "$person"
exec 3>"$TEST_HOME/keyboard"
ok 'a person is asked, and told for whom' \
	'wait_for 20 "grep -q \"mr-fetch: password for alice at localhost: \" $screen"'
echo 'alice secret' >&3
wait "$person"
is 'what was typed logs in' "$?" 0
exec 3>&-
unlike 'and was not shown' "$(cat "$screen")" 'alice secret'

done_testing
