#!/usr/bin/env bash
# What is settled, and when: nobody takes the receipts' part, messages that cannot be
# stored, a ledger that cannot be written, a huge message, and how often it is told.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
chain_config imap implicit
dovecot_fill alice INBOX "${corpus[@]:0:10}"

# Nobody comes for receipts: the messages are written, and stay there. The 30 seconds run
# beside the other cases, with a user and a state of their own.
dovecot_fill bob INBOX "${corpus[@]:0:6}"
dovecot_fill bob lists "${corpus[@]:6:4}"
sed 's/alice/bob/; /password/s/alice/bob/; s/^} }/  folders = [ "INBOX", "lists" ]\n&/' \
	"$XDG_CONFIG_HOME/mailrail/config" >"$TEST_HOME/bob"
start=$SECONDS
alone() (
	export XDG_STATE_HOME=$TEST_HOME/alone XDG_RUNTIME_DIR=$TEST_HOME/alone-run
	mkdir -p "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR"
	mr-fetch -c "$TEST_HOME/bob" "$@"
)
{ alone >"$TEST_HOME/stream" 2>"$TEST_HOME/stream.err"; echo $? >"$TEST_HOME/stream.status"; } &

# A program in the place of mr-deliver that answers for each id with WORD.
cat >"$TEST_HOME/answer" <<'END'
#!/usr/bin/perl
# Reads the stream, answers each id with our arguments.
use strict;
use warnings;
my ($verdict, @reason) = @ARGV;
$| = 1;
my $id = "";
while (my $line = <STDIN>) {
	if ($line =~ /^bytes (\d+)$/) {
		read(STDIN, my $skipped, $1);
	} elsif ($line =~ /^id: (.*)$/) {
		($id = $1) =~ s/ /%20/g;
	} elsif ($line =~ /^end ok/) {
		print join(" ", $verdict, $id, @reason), "\n";
	}
}
END
chmod +x "$TEST_HOME/answer"
deferred="$TEST_HOME/answer deferred no room"
for verdict in 'deferred no room' 'refused by taste'; do
	name=${verdict%% *}
	run mr-fetch --into "$TEST_HOME/answer $verdict"
	is "$name: 75" "$STATUS" 75
	is "$name: all stay there" "$(dovecot_count alice INBOX)" 10
done
run mr-fetch --into "tee $TEST_HOME/third | $deferred"
ok 'after two failures it pauses: nothing is downloaded' \
	'! grep -aq "^message" "$TEST_HOME/third"'
is 'which is no trouble' "$STATUS" 0
exits '--again ends the pause' 0 mr-fetch --again --into "$TEST_HOME/answer stored"
is 'stored, and gone there' "$(dovecot_count alice INBOX)" 0

# Receipts for other messages, nonsense, and one receipt twice.
dovecot_fill alice INBOX "${corpus[@]:0:5}"
run mr-fetch --into "sh -c 'echo stored imap/x/y/z/1/1; $TEST_HOME/answer stored'"
is 'a receipt for what was not sent does nothing' "$STATUS $(dovecot_count alice INBOX)" '0 0'
dovecot_fill alice INBOX "${corpus[@]:0:5}"
run mr-fetch --into "$TEST_HOME/answer well"
is 'receipts that are none: 75, nothing is deleted' "$STATUS $(dovecot_count alice INBOX)" '75 5'
run mr-fetch --into "sh -c 'head -c 2000 >/dev/null'"
is 'a reader that leaves: 75, nothing is deleted' "$STATUS $(dovecot_count alice INBOX)" '75 5'
is 'one line' "$(wc -l <"$ERR")" 1
like 'which says it' "$(cat "$ERR")" 'mr-fetch: the .* is gone: '

# The ledger cannot be written: nothing is deleted.
chmod 500 "$XDG_STATE_HOME/mailrail"
mv "$XDG_STATE_HOME/mailrail/ledger.db" "$TEST_HOME/aside"
run mr-fetch --into "$TEST_HOME/answer stored"
is 'no ledger: 75, nothing is deleted' "$STATUS $(dovecot_count alice INBOX)" '75 5'
chmod 700 "$XDG_STATE_HOME/mailrail"
mv "$TEST_HOME/aside" "$XDG_STATE_HOME/mailrail/ledger.db"
exits 'it is back' 0 mr-fetch --into "$TEST_HOME/answer stored"
is 'and the messages are settled' "$(dovecot_count alice INBOX)" 0

# No news: the programs are not even started. That they are there is looked at all the same.
run mr-fetch --into "touch $TEST_HOME/started"
is 'without news nothing is started' "$STATUS $(cat "$ERR")$(ls "$TEST_HOME/started" 2>&1)" \
	"0 ls: cannot access '$TEST_HOME/started': No such file or directory"
run mr-fetch --into 'mr-filter | no-such-program'
like 'a program that is missing is told of without news, too' "$STATUS $(cat "$ERR")" \
	'^78 mr-fetch: --into: run no-such-program: No such file or directory$'

# Killed between receipt and deletion: the next run deletes without a download.
dovecot_fill alice INBOX "${corpus[@]:0:5}"
spawn killed strace -f -qq -o /dev/null -e trace=fsync,fdatasync \
	-e inject=fsync,fdatasync:signal=KILL:when=2 \
	mr-fetch --into "$TEST_HOME/answer stored"
{ wait "$PID"; } 2>/dev/null
run mr-fetch --into "tee $TEST_HOME/after | $TEST_HOME/answer stored"
is 'after a kill all is settled' "$STATUS $(dovecot_count alice INBOX)" '0 0'

# A message of 100 MB passes in little memory, by both protocols.
"$MR_TOP/t/lib/generate" body 100000000 >"$TEST_HOME/huge"
for protocol in imap pop3; do
	chain_config "$protocol" implicit
	dovecot_fill alice INBOX "$TEST_HOME/huge"
	mr-fetch --into "$TEST_HOME/answer stored" &
	pid=$!
	peak=0
	while [ -r "/proc/$pid/status" ]; do
		now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null)
		peak=${now:-$peak}
		sleep 0.05
	done
	wait "$pid"
	is "$protocol: 100 MB: done" "$? $(dovecot_count alice INBOX)" '0 0'
	ok "$protocol: within 32 MB: $peak kB" '[ "$peak" -gt 0 ] && [ "$peak" -le 32768 ]'
done

wait_for 60 '[ -s "$TEST_HOME/stream.status" ]'
is 'nobody came for receipts: 75' "$(cat "$TEST_HOME/stream.status")" 75
ok 'after 30 seconds' '[ $((SECONDS - start)) -ge 29 ]'
like 'it says so, in one line' "$(cat "$TEST_HOME/stream.err")" \
	'^mr-fetch: nobody came for receipts within 30 s: nothing is deleted'
is 'the stream is whole' "$(grep -ac '^end ok' "$TEST_HOME/stream") $(tail -n 1 "$TEST_HOME/stream")" \
	'10 done 10'
run alone --into "tee $TEST_HOME/next | $TEST_HOME/answer stored"
is 'the next run brings them all again' "$STATUS $(tail -n 1 "$TEST_HOME/next")" '0 done 10'
is 'and settles them' "$(dovecot_count bob INBOX) $(dovecot_count bob lists)" '0 0'
done_testing
