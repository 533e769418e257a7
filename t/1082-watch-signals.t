#!/usr/bin/env bash
# Watching as a service: a new configuration while at work, a look on demand, a clean end,
# and what the service manager is told.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
config=$XDG_CONFIG_HOME/mailrail/config

# configure ACCOUNT...: each "NAME USER LINE"
configure() {
	local name user line
	{
		echo 'account: {'
		for row; do
			read -r name user line <<<"$row"
			cat <<-END
			$name: {
			  protocol = "imap"; host = "127.0.0.1"; port = $DOVECOT_IMAP; tls = "none"
			  user = "$user"; password = "$user secret"; $line
			}
			END
		done
		echo '} deliver: { inbox = "maildir:~/Mail" }'
	} >"$config.new"
	chmod 600 "$config.new"
	mv "$config.new" "$config"
}

stored() {
	chain_stored | wc -l
}

logins() {
	grep -c "imap-login: Info: Login: user=<$1>" "$DOVECOT_LOG"
}

log=$TEST_HOME/watch.log
said() {
	grep -c "$1" "$log"
}

# The service manager: each datagram is a line of a file, its lines parted by blanks.
manager() {
	exec perl -MIO::Socket::UNIX -MSocket -e '
		my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Type => SOCK_DGRAM) or die "$!\n";
		$| = 1;
		while (defined $s->recv(my $text, 4096)) { $text =~ tr/\n/ /; print "$text\n" }' "$1"
}
spawn told manager "$TEST_HOME/notify"
told=$TEST_HOME/told.log
wait_for 5 '[ -S "$TEST_HOME/notify" ]'

configure 'box alice' 'bob bob poll = "1h"'
NOTIFY_SOCKET=$TEST_HOME/notify WATCHDOG_USEC=600000 \
	spawn watch mr-fetch -v watch --into 'mr-filter | mr-deliver'
pid=$PID
ok 'both wait' 'wait_for 10 "[ \"\$(said waiting.for.news)\" -ge 4 ]"'
ok 'READY=1 is told' 'grep -qx "READY=1" "$told"'
ok 'and a status' 'wait_for 3 "grep -qx STATUS=2.accounts \"\$told\""'
ok 'and the watchdog is fed' 'wait_for 3 "[ \"\$(grep -cx WATCHDOG=1 \"\$told\")\" -ge 3 ]"'

# A broken configuration is refused.
echo 'account: { box: { hots = "x" } }' >"$config"
kill -HUP "$pid"
ok 'a broken configuration is refused' 'wait_for 5 "grep -q refused $log"'
like 'in one line that names the place' "$(grep refused "$log")" \
	'^mr-fetch: the new configuration is refused, the old one stays: .*config:1: .*hots'
dovecot_fill bob INBOX "${corpus[0]}"
ok 'the old one stays' 'wait_for 4 "[ \"\$(stored)\" = 1 ]"'
ok 'RELOADING and READY are told' 'grep -q "^RELOADING=1 MONOTONIC_USEC=[0-9]" "$told" &&
	[ "$(grep -cx READY=1 "$told")" = 2 ]'

# bob goes, another of his comes, box stays as it is.
before=$(logins alice)
dovecot_fill bob new
configure 'box alice' 'other bob folders = [ "absent", "new" ]'
kill -HUP "$pid"
ok 'one account goes, one comes' 'wait_for 5 "[ \"\$(said other:.nothing.more)\" -ge 1 ]"'
ok 'the one that went says goodbye' 'wait_for 3 "grep -q \"imap(bob).*Logged out\" \"\$DOVECOT_LOG\""'
dovecot_fill bob INBOX "${corpus[1]}"
dovecot_fill bob new "${corpus[2]}"
dovecot_fill alice INBOX "${corpus[3]}"
ok 'what is watched comes' 'wait_for 8 "[ \"\$(stored)\" = 3 ]"'
is 'what is not stays' "$(dovecot_count bob INBOX)" 1
is 'the account that stayed was not disturbed' "$(logins alice)" "$before"
exits 'an account that was given up is free for others' 0 \
	mr-fetch -c <(sed 's/other/bob/; s/folders = .*//' "$config") \
	--into 'mr-filter | mr-deliver' bob
is 'who fetches it' "$(dovecot_count bob INBOX) $(stored)" '0 4'

# A setting changes: a new session with it.
configure 'box alice keep = true' 'other bob poll = "1h"; folders = [ "new" ]'
kill -HUP "$pid"
wait_for 5 '[ "$(said "box: its settings changed")" = 1 ]'
wait_for 8 '[ "$(logins alice)" -gt '"$before"' ]'
dovecot_fill alice INBOX "${corpus[4]}"
ok 'a setting that changed holds' 'wait_for 6 "[ \"\$(stored)\" = 5 ]"'
sleep 0.5
is 'it is kept there' "$(dovecot_count alice INBOX)" 1

# SIGUSR1: a look now, though the server was away and is to be left alone for a while.
configure 'box alice keep = true'
kill -HUP "$pid"
dovecot_stop
ok 'the server goes: it is told' 'wait_for 20 "grep -q \"account box: .*connect\" $log"'
dovecot_start
dovecot_fill alice INBOX "${corpus[5]}"
kill -USR1 "$pid"
ok 'SIGUSR1: it looks at once' 'wait_for 6 "[ \"\$(stored)\" = 6 ]"'

# SIGTERM while mail comes: the message at hand is finished, nothing is stored twice.
"$MR_TOP/t/lib/generate" files "$TEST_HOME/many" 2000 2000
configure 'box alice'
kill -HUP "$pid"
wait_for 5 '[ "$(dovecot_count alice INBOX)" = 0 ]'
rm -rf "$CHAIN_MAIL"
dovecot_fill alice INBOX "$TEST_HOME"/many/*
wait_for 20 '[ "$(stored)" -gt 100 ]'
kill -TERM "$pid"
wait "$pid"
is 'SIGTERM in the midst of it: 0' "$?" 0
is 'what is stored is gone there' "$(($(stored) + $(dovecot_count alice INBOX)))" 2000
ok 'STOPPING=1 is told' 'grep -qx STOPPING=1 "$told"'
exits 'a run brings the rest' 0 mr-fetch --into 'mr-filter | mr-deliver'
chain_sent imap "$TEST_HOME"/many/* >"$TEST_HOME/sent"
chain_same 'each once'
exits 'a configuration that is broken from the start: 78' 78 \
	mr-fetch -c <(echo 'account: { box: { hots = "x" } }') watch
is 'with a whole stream' "$(tail -n 1 "$OUT")" 'done 0'
exits 'no --again' 64 mr-fetch --again --into cat watch
done_testing
