#!/usr/bin/env bash
# Receipts find their way back: from cron, at long paths, past dead and doubled programs.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$PATH

# A sink that stores nothing: connects when the preamble is there, then a receipt for each id.
cat >"$TEST_HOME/sink" <<'EOF'
use Socket;
$| = 1;
my $socket;
while (<STDIN>) {
	if (/^receipts: unix (\S+) (\S+)$/) {
		my ($path, $nonce) = ($1, $2);
		$path =~ s/%(..)/chr hex $1/ge;
		$path =~ s{^(.*)/}{./} and chdir $1 or die "chdir: $!";
		socket($socket, AF_UNIX, SOCK_STREAM, 0) or die;
		connect($socket, pack_sockaddr_un($path)) or die "connect: $!\n";
		syswrite $socket, "nonce $nonce\n";
	}
	syswrite $socket, "stored $1\n" if /^id: (.*)$/;
}
EOF
sink() {
	perl "$TEST_HOME/sink"
}

sockets() {
	find "$1" -type s 2>/dev/null | wc -l
}

make-stream --many 3 >"$TEST_HOME/stream"

take-receipts "$TEST_HOME/receipts" <"$TEST_HOME/stream" | sink
is 'both ends are content' "${PIPESTATUS[*]}" '0 0'
is 'a receipt for each message' "$(paste -sd' ' "$TEST_HOME/receipts")" \
	'stored test:1 stored test:2 stored test:3'
is 'no socket is left' "$(sockets "$XDG_RUNTIME_DIR")" 0

# take-receipts reads while it writes, as mr-fetch does.
make-stream --many 100000 | take-receipts "$TEST_HOME/receipts" | timeout 60 perl "$TEST_HOME/sink"
is '100,000 tiny messages and nobody waits for another' "${PIPESTATUS[*]}" '0 0 0'
is '100,000 receipts' "$(wc -l <"$TEST_HOME/receipts")" 100000

(
	for i in 1 2; do
		make-stream --prefix "$i:" --many 500 | take-receipts "$TEST_HOME/r$i" | sink &
	done
	wait
)
is 'two pipelines at once, first' "$(grep -c '^stored 1:' "$TEST_HOME/r1")" 500
is 'two pipelines at once, second' "$(grep -c '^stored 2:' "$TEST_HOME/r2")" 500

# cron gives neither a runtime directory nor a state directory.
env -i HOME="$HOME" PATH="$PATH" take-receipts "$TEST_HOME/receipts" <"$TEST_HOME/stream" |
	tee "$TEST_HOME/passed" | sink
is 'under cron' "${PIPESTATUS[*]}" '0 0 0'
like 'the socket lies in the state directory' "$(cat "$TEST_HOME/passed")" \
	"receipts: unix $HOME/.local/state/mailrail/run/receipts-"
is 'all but the preamble goes byte for byte' "$(sed '1,/^$/d' "$TEST_HOME/passed" | md5sum)" \
	"$(sed '1,/^$/d' "$TEST_HOME/stream" | md5sum)"

long=$TEST_HOME/$(printf 'a long name with blanks and %% %.0s' 1 2 3 4 5)
mkdir -m 700 "$long"
XDG_RUNTIME_DIR=$long take-receipts "$TEST_HOME/receipts" <"$TEST_HOME/stream" | sink
is 'a path that no socket address can hold' "${PIPESTATUS[*]}" '0 0'

spawn killed take-receipts "$TEST_HOME/receipts"
wait_for 5 '[ "$(sockets "$XDG_RUNTIME_DIR")" = 1 ]'
kill -9 "$PID"
wait "$PID" 2>/dev/null
is 'a killed program leaves its socket' "$(sockets "$XDG_RUNTIME_DIR")" 1
take-receipts "$TEST_HOME/receipts" <"$TEST_HOME/stream" | sink
is 'the next one takes it away' "$(sockets "$XDG_RUNTIME_DIR")" 0

take-receipts --wait 1 "$TEST_HOME/receipts" <"$TEST_HOME/stream" >"$TEST_HOME/passed" 2>"$ERR"
is 'nobody came' $? 75
is 'the stream of a program that is gone cannot be delivered' \
	"$(sink <"$TEST_HOME/passed" 2>&1)" 'connect: No such file or directory'
done_testing
