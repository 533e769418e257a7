#!/usr/bin/env bash
# prefilter, with a thousand messages: killed again and again, none is lost, none is stored
# twice, and none that the rules discard is stored or logged twice. Then a server without TOP,
# headers that are too long, and rules that change under a watch.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/maildrop.sh"

count=1000
dovecot_start
mkdir "$TEST_HOME/mail"
# Three of four are spam.
perl -e 'for my $i (1 .. $ARGV[0]) {
	open my $file, ">", "$ARGV[1]/$i.eml" or die;
	printf $file "Subject: %s %d\nMessage-ID: <%d\@kill>\n\nbody\n", $i % 4 ? "buy" : "ham",
		$i, $i }' $count "$TEST_HOME/mail"
spam='if header :contains "subject" "buy" { discard; }'
inbox=$(dovecot_folder alice INBOX)
# How many subjects there are, how many different ones.
kinds() {
	find "$CHAIN_MAIL" -type f -path '*/new/*' -exec grep -h ^Subject {} + 2>/dev/null |
		sort | uniq -c | awk '{ all += $1 } END { print all + 0, NR }'
}
logged() {
	mr-deliver log -n 0 | grep -c 'not downloaded'
}

for protocol in imap pop3; do
	for keep in true false; do
		rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$inbox"/{new,cur}/*
		chain_config $protocol implicit 'prefilter = true' "keep = $keep"
		chain_rule 10-spam.sieve "$spam"
		dovecot_fill alice INBOX "$TEST_HOME"/mail/*.eml
		killed=0
		for delay in 0.05 0.1 0.15 0.2 0.3; do
			# Nobody gives receipts: only what is discarded is settled.
			mr-fetch >/dev/null 2>&1 &
			sleep $delay
			kill -9 $! 2>/dev/null && killed=$((killed + 1))
			wait $! 2>/dev/null
		done 2>/dev/null
		ok "$protocol, keep = $keep: killed at work" '[ $killed -gt 0 ]'
		run mr-fetch --into 'mr-filter | mr-deliver'
		is 'the last run' "$STATUS $(<"$ERR")" '0 '
		is 'all that the rules let is stored, once' "$(kinds)" '250 250'
		is 'each discarded one has one row' "$(logged)" 750
		is 'what is there' "$(dovecot_count alice INBOX)" \
			"$([ $keep = true ] && echo $count || echo 0)"
		run mr-fetch --again --into 'mr-filter | mr-deliver'
		is '--again asks again, nothing is stored twice' "$STATUS $(kinds)" '0 250 250'
	done
done

# A header that rules are not shown.
rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$inbox"/{new,cur}/*
perl -e 'print "Subject: buy\n", map({ "X-Long: " . "y" x 900 . "\n" } 1 .. 180), "\nbody\n"' \
	>"$TEST_HOME/long"
dovecot_fill alice INBOX "$TEST_HOME/long"
for protocol in imap pop3; do
	chain_config $protocol implicit 'prefilter = true' 'keep = true'
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/*
	run mr-fetch --into mr-deliver
	is "$protocol: a header that is too long: fetched" "$STATUS$(<"$ERR") $(kinds)" '0 1 1'
done

maildrop UIDL a:buy:1 b:ham:2
maildrop UIDL a:buy:1 b:ham:2 c:buy:3
maildrops no-top 'prefilter = true' 'keep = true'
run mr-fetch --into mr-deliver
is 'a server without TOP: all is fetched' "$STATUS $(kinds)" '0 2 2'
like 'one line says so' "$(<"$ERR")" '^mr-fetch: account box: prefilter: .* no TOP: all messages are fetched$'
run mr-fetch --into mr-deliver
is 'told once' "$STATUS $(kinds)$(<"$ERR")" '0 3 2'
stop_peer

# A watch reads the rules anew when it has had a rest.
rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$inbox"/{new,cur}/*
chain_config imap implicit 'prefilter = true'
spawn watch mr-fetch watch --into 'mr-filter | mr-deliver'
watching=$PID
dovecot_fill alice INBOX "$TEST_HOME"/mail/1.eml
ok 'a watch discards' 'wait_for 20 "[ \$(logged) = 1 ]"'
chain_rule 10-spam.sieve 'keep;'
dovecot_fill alice INBOX "$TEST_HOME"/mail/2.eml
ok 'and follows the rules' 'wait_for 20 "[ \"\$(kinds)\" = \"1 1\" ]"'
is 'between rounds no child is kept' "$(wait_for 5 '! pgrep -P $watching -f decide >/dev/null' && echo none)" none
end_pid $watching
done_testing
