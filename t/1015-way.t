#!/usr/bin/env bash
# Ways to a server: tunnels, Unix sockets, proxies, addresses, commands before and after.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"

six=
[ -e /proc/net/if_inet6 ] && grep -q '^0\{31\}1 ' /proc/net/if_inet6 && six=', ::1'
dovecot_start "listen = 127.0.0.1, 127.0.0.2$six"
config=$XDG_CONFIG_HOME/mailrail/config
proxy=$MR_TOP/t/fake/proxy

# by SETTING... : the account with these; logs_in and refuses run it.
by() {
	{
		echo 'account: { a: { user = "alice"'
		printf '%s\n' "ca-file = \"$DOVECOT_CA\"" 'password = "alice secret"' "$@"
		echo '} }'
	} >"$config"
	chmod 600 "$config"
}
imaps="host = \"localhost\" port = $DOVECOT_IMAPS"

logs_in() {
	exits "$1" 0 mr-fetch check
}

refuses() {
	exits "$1: $2" "$2" mr-fetch check
	like "$1: says why" "$(cat "$ERR")" "$3"
}

# start_proxy NAME [OPTION...]: PROXY
start_proxy() {
	local name=$1
	shift
	spawn "$name" "$proxy" --port-file "$TEST_HOME/$name.at" --log "$TEST_HOME/$name.requests" "$@"
	wait_for 10 '[ -s "$TEST_HOME/$name.at" ]'
	PROXY=127.0.0.1:$(cat "$TEST_HOME/$name.at")
}

# --- tunnels
by "$imaps" "tunnel = \"exec $proxy --bridge localhost $DOVECOT_IMAPS\""
logs_in 'a tunnel with TLS in it'
sockets='readlink /proc/self/fd/* | grep ^socket: | sort -u'
by "$imaps" "tunnel = \"$sockets >$TEST_HOME/open; exec $proxy --bridge localhost $DOVECOT_IMAPS\""
logs_in 'a command that looks around'
is 'and has one socket that this test has not' \
	"$(comm -13 <(eval "$sockets") "$TEST_HOME/open" | wc -l)" 1
by "host = \"localhost\" tls = \"starttls\"" "tunnel = \"$proxy --bridge localhost $DOVECOT_IMAP\""
logs_in 'a tunnel with STARTTLS in it'
by "host = \"elsewhere.example\"" "tunnel = \"exec $proxy --bridge localhost $DOVECOT_IMAPS\""
refuses 'TLS in a tunnel checks the name' 75 'certificate is not trusted'
by "protocol = \"pop3\" host = \"mail.example\" tls = \"none\"" \
	"tunnel = \"exec $proxy --bridge localhost $DOVECOT_POP3\""
logs_in 'POP3 in a tunnel without TLS, whatever the host is called'
by "$imaps" 'tunnel = "echo first >&2; echo host unreachable >&2; exit 255"'
refuses 'a tunnel that breaks' 75 'the tunnel says: host unreachable$'
by "$imaps" "tunnel = \"exec $proxy --bridge localhost $DOVECOT_IMAP\""
refuses 'TLS in a tunnel to a server that has none' 75 'wants tls = "none"'
by "host = \"localhost\" tls = \"none\"" 'tunnel = "printf \"* OK hello\\r\\n\"; read l; echo lost >&2"'
refuses 'a tunnel that ends later' 75 'the tunnel says: lost$'
by "host = \"localhost\" timeout = \"1s\"" "tunnel = \"echo \$\$ >$TEST_HOME/pid; sleep 300\""
refuses 'a tunnel that is silent' 75 'no session within 1 s'
ok 'and its command was ended' '! kill -0 "$(cat "$TEST_HOME/pid")"'
cat >"$TEST_HOME/preauth" <<-'END'
	#!/bin/sh
	printf '* PREAUTH [CAPABILITY IMAP4rev1] alice\r\n'
	while read -r tag command rest; do
		echo "$command" >>"$0.log"
		case $command in
		CAPABILITY*) printf '* CAPABILITY IMAP4rev1\r\n' ;;
		LIST*) printf '* LIST () "/" INBOX\r\n' ;;
		STATUS*) printf '* STATUS INBOX (MESSAGES 7 UNSEEN 2)\r\n' ;;
		EXAMINE*) printf '* 7 EXISTS\r\n' ;;
		esac
		printf '%s OK\r\n' "$tag"
	done
END
chmod 755 "$TEST_HOME/preauth"
printf '%s\n' 'account: { a: { host = "h" user = "alice" tls = "none"' \
	"tunnel = \"$TEST_HOME/preauth\" } }" >"$config"
logs_in 'PREAUTH: no password is wanted'
ok 'and no login is tried' '! grep -qi "LOGIN\|AUTH" "$TEST_HOME/preauth.log"'
like 'and the mailbox is seen' "$(cat "$OUT")" '7'

{
	echo 'account: {'
	for name in one two; do
		echo "$name: { host = \"localhost\" user = \"alice\" tls = \"none\" tunnel = \"$TEST_HOME/preauth $name\" }"
	done
	echo '}'
} >"$config"
exits 'two tunnels under one host and user' 78 mr-fetch check two
like 'would mix up two mailboxes' "$(cat "$ERR")" 'account two: it has the host and user of account one'
sed -i 's/one: { host = "localhost"/one: { host = "elsewhere"/' "$config"
exits 'under two' 0 mr-fetch check

sed 's/^STATUS.*/STATUS*|EXAMINE*|SELECT*) echo line dropped >\&2; exit 1 ;;/' "$TEST_HOME/preauth" >"$TEST_HOME/drops"
chmod 755 "$TEST_HOME/drops"
printf '%s\n' 'account: { a: { host = "h" user = "alice" tls = "none"' \
	"tunnel = \"$TEST_HOME/drops\" } }" >"$config"
exits 'a tunnel that ends in the middle' 75 mr-fetch check
like 'and its last words' "$(cat "$ERR")" 'closed the connection; the tunnel says: line dropped$'
exits 'in a run' 75 mr-fetch --into 'mr-filter | mr-deliver'
like 'the same' "$(cat "$ERR")" 'closed the connection; the tunnel says: line dropped$'

# --- Unix socket
spawn unix "$proxy" --unix "$TEST_HOME/socket" localhost "$DOVECOT_IMAPS"
wait_for 10 '[ -S "$TEST_HOME/socket" ]'
by "$imaps" "unix-socket = \"$TEST_HOME/socket\""
logs_in 'a Unix socket'
by "$imaps" "unix-socket = \"$TEST_HOME/nobody\""
refuses 'a Unix socket that is not there' 75 'cannot connect'

# --- proxies
start_proxy open
for scheme in socks5h socks5 socks4a http; do
	by "$imaps" "proxy = \"$scheme://$PROXY\""
	logs_in "$scheme"
done
is 'socks5h leaves the name to the proxy' "$(sed -n 1p "$TEST_HOME/open.requests" | cut -d' ' -f1,2)" \
	'socks5 localhost'
like 'socks5 does not' "$(sed -n 2p "$TEST_HOME/open.requests")" '^socks5 (127.0.0.1|::1) '
is 'http' "$(sed -n 4p "$TEST_HOME/open.requests" | cut -d' ' -f1-3)" "http localhost $DOVECOT_IMAPS"
by "$imaps" "proxy = \"socks5h://$PROXY\" source-address = \"127.0.0.3\""
logs_in 'with a source address'
like 'which the proxy sees' "$(tail -1 "$TEST_HOME/open.requests")" 'from 127.0.0.3$'
: >"$TEST_HOME/open.requests"
by "$imaps"
exits 'the environment does not count' 0 env "ALL_PROXY=socks5h://$PROXY" mr-fetch check
ok 'and no proxy was asked' '! [ -s "$TEST_HOME/open.requests" ]'
by "$imaps" 'proxy = "environment"'
exits 'it does when it is asked for' 0 env "ALL_PROXY=socks5h://$PROXY" mr-fetch check
ok 'and then it was' '[ -s "$TEST_HOME/open.requests" ]'
by "$imaps" "proxy = \"socks5h://$PROXY\""
exits 'no_proxy does not count' 0 env "no_proxy=*" mr-fetch check
is 'so that the proxy is asked' "$(wc -l <"$TEST_HOME/open.requests")" 2

start_proxy closed --login 'me:pass word'
for scheme in socks5h http; do
	by "$imaps" "proxy = \"$scheme://me@$PROXY\"" 'proxy-password-command = "echo pass word"'
	logs_in "$scheme with a password"
	by "$imaps" "proxy = \"$scheme://me@$PROXY\"" 'proxy-password-command = "echo no-word"'
	refuses "$scheme with a wrong one" 75 '^mr-fetch: .*localhost:'
	unlike 'which is not shown' "$(cat "$ERR")" 'no-word'
done
by "$imaps" "proxy = \"socks5://me:pass@$PROXY\""
refuses 'a password in proxy' 78 'proxy-password-command'
unlike 'is not shown' "$(cat "$ERR")" 'me:pass'
by "$imaps" "proxy = \"socks5h://$PROXY\" tunnel = \"true\""
refuses 'two ways' 78 'tunnel and proxy are both set'

# --- addresses
by "$imaps" 'family = "ipv4"'
logs_in 'IPv4'
ok 'and nothing else' 'wait_for 5 "tail -3 $DOVECOT_LOG | grep -q lip=127.0.0.1"'
if [ -n "$six" ]; then
	by "$imaps" 'family = "ipv6"'
	logs_in 'IPv6'
	ok 'and nothing else' 'wait_for 5 "tail -3 $DOVECOT_LOG | grep -q lip=::1"'
	by "host = \"::1\" port = $DOVECOT_IMAPS tls-name = \"localhost\""
	logs_in 'an IPv6 address as host'
	by "$imaps" 'source-address = "::1"'
	logs_in 'from an IPv6 address'
fi
by "$imaps" 'source-address = "eth0"'
refuses 'a source that is no address' 78 'source-address "eth0" is no address'

# --- before and after
by "$imaps" "preconnect = \"echo before \$MAILRAIL_ACCOUNT \$MAILRAIL_HOST >>$TEST_HOME/hooks\"" \
	"postconnect = \"echo after \$MAILRAIL_ACCOUNT \$MAILRAIL_HOST >>$TEST_HOME/hooks\""
logs_in 'with commands around it'
is 'both ran, in order, and know for whom' "$(cat "$TEST_HOME/hooks")" \
	$'before a localhost\nafter a localhost'
start_peer untouched - <<-'END'
	tls
END
by "host = \"localhost\" port = $PEER_PORT" 'preconnect = "echo no carrier >&2; exit 1"' \
	"postconnect = \"touch $TEST_HOME/too-far\""
refuses 'preconnect fails' 75 'the preconnect of localhost: exit status 1: no carrier$'
ok 'nobody was contacted' '! grep -q . "$TEST_HOME/untouched.wire"'
ok 'and there is nothing to clean up' '[ ! -e "$TEST_HOME/too-far" ]'
by "$imaps" "postconnect = \"echo still on the line >&2; exit 2\""
logs_in 'postconnect fails: the outcome stands'
like 'and one line tells' "$(cat "$ERR")" \
	'^mr-fetch: the postconnect of localhost: exit status 2: still on the line$'

done_testing
