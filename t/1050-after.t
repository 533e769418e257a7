#!/usr/bin/env bash
# mark-read, set-flags, clear-flags: what is stored bears them at the server, kept or not;
# what the server does not keep is told once; wrong ones are errors of the configuration.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
stored() {
	chain_stored | wc -l
}
fetch() {
	run mr-fetch "$@" --into 'mr-filter | mr-deliver'
}
# flags FOLDER SEARCH: how many messages of Dovecot match it.
matching() {
	printf '%s\r\n' 'a LOGIN alice "alice secret"' "b EXAMINE $1" "c SEARCH $2" 'd LOGOUT' |
		timeout 10 perl -MIO::Socket::INET -e '
			my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or die;
			<$s>;
			while (my $line = <STDIN>) {
				my ($tag) = $line =~ /^(\w)/;
				print $s $line;
				while (defined(my $answer = <$s>)) {
					print scalar(() = $answer =~ /\d+/g), "\n"
						if $answer =~ /^\* SEARCH/;
					last if $answer =~ /^$tag /;
				}
			}' "$DOVECOT_IMAP"
}

chain_config imap implicit 'keep = true' 'mark-read = true' \
	'set-flags = [ "\\Flagged", "$Fetched" ]' 'clear-flags = "\\Draft"'
dovecot_fill alice INBOX "${corpus[@]:0:3}"
fetch
is 'kept: fetched' "$STATUS $(stored)$(cat "$ERR")" '0 3'
is 'they stay there' "$(dovecot_count alice INBOX)" 3
is 'read and flagged' "$(matching INBOX 'SEEN FLAGGED KEYWORD $Fetched')" 3
printf '%s\r\n' 'a LOGIN alice "alice secret"' 'b SELECT INBOX' \
	'c STORE 1 -FLAGS (\Seen \Flagged)' 'd LOGOUT' >"$TEST_HOME/unread"
perl -MIO::Socket::INET -e '
	my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or die;
	<$s>;
	while (<STDIN>) { print $s $_; my ($t) = /^(\w)/; while (<$s>) { last if /^$t / } }
	' "$DOVECOT_IMAP" <"$TEST_HOME/unread"
dovecot_fill alice INBOX "${corpus[3]}"
fetch
is 'the next run' "$STATUS $(stored)$(cat "$ERR")" '0 4'
is 'flags only what it stored itself' "$(matching INBOX SEEN)" 3

chain_config imap implicit 'keep = true' 'clear-flags = "\\Flagged"'
for file in "$(dovecot_folder alice INBOX)"/cur/*; do
	mv "$file" "${file%:2,*}:2,FS"
done
dovecot_fill alice INBOX "${corpus[4]}"
file=$(ls "$(dovecot_folder alice INBOX)"/new/*)
mv "$file" "$(dovecot_folder alice INBOX)/cur/${file##*/}:2,F"
fetch
is 'clear-flags: fetched' "$STATUS $(stored)$(cat "$ERR")" '0 5'
is 'clear-flags: of what is stored' "$(matching INBOX FLAGGED)" 4

chain_config imap implicit 'keep = true' 'set-flags = "$x y"'
exits 'what is no flag: 78' 78 mr-fetch
like 'it is named' "$(cat "$ERR")" 'config:[0-9]+: account box: "\$x y" in set-flags is no flag'
chain_config imap implicit 'set-flags = "\\Deleted"'
exits '\Deleted is none to set' 78 mr-fetch
chain_config imap implicit 'mark-read = true' 'clear-flags = "\\seen"'
exits 'set and cleared at once: 78' 78 mr-fetch
chain_config pop3 implicit 'mark-read = true'
exits 'POP3 has no flags: 78' 78 mr-fetch
like 'which is said' "$(cat "$ERR")" 'POP3 knows no flags'

# A server that keeps \Seen only, and refuses what it does not list.
login='S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
answer \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
end'
script() {
	cat <<-END
	$login
	C* \S+ SELECT "INBOX"
	S: * 1 EXISTS
	S: * OK [UIDVALIDITY 17] ok
	S: * OK [PERMANENTFLAGS (\\\\Seen \\\\Deleted)] limited
	S: %TAG% OK [READ-WRITE] done
	C: \S+ UID SEARCH UID $1:\* UNDELETED
	S: * SEARCH $2
	S: %TAG% OK done
	C* \S+ UID FETCH $2 \(
	S: * 1 FETCH (UID $2 BODY[] {17}
	S- Subject: m$2\r\n\r\n\r\n
	S: )
	S: %TAG% OK done
	C: \S+ UID STORE $2 \+FLAGS.SILENT \(\\\\Seen\)
	S: * 1 FETCH (UID $2 FLAGS (\\\\Seen))
	S: %TAG% $3
	C: \S+ LOGOUT
	S: * BYE bye
	S: %TAG% OK done
	END
}
script 1 1 'OK done' >"$TEST_HOME/one"
script 2 2 'OK done' >"$TEST_HOME/two"
script 3 3 'NO not today' >"$TEST_HOME/three"
start_peer few "$TEST_HOME/one" "$TEST_HOME/two" "$TEST_HOME/three"
chain_config imap none 'keep = true' 'mark-read = true' 'set-flags = [ "$Fetched", "\\Flagged" ]'
sed -i "s/port = .*/port = $PEER_PORT/" "$XDG_CONFIG_HOME/mailrail/config"
fetch
is 'flags that are not kept: fetched' "$STATUS $(stored)" '0 6'
is 'each is told' "$(grep -c 'INBOX: the server does not keep the flag' "$ERR")" 2
fetch
is 'but once' "$STATUS $(stored)$(cat "$ERR")" '0 7'
fetch
is 'STORE says NO: 75' "$STATUS $(stored)" '75 8'
like 'with its words' "$(cat "$ERR")" 'flags of stored messages cannot be set: not today'
ok 'the client kept to the script' 'wire_ok && ! wire | grep -a "waits for .*UID"'
done_testing
