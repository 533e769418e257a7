#!/usr/bin/env bash
# Many texts for mr-relay, and long refusals from it: neither waits for the other for ever.
# A ledger of the version before, with open intents; times that are far away.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

cat >refuser <<'END'
#!/usr/bin/perl
$| = 1;
my $id;
while (<STDIN>) {
	$id = $1 if /^id: (.*)/;
	read STDIN, my $b, $1 if /^bytes (\d+)$/;
	print "deferred $id ", "x" x 800, "\n" if /^end ok/;
}
END
chmod 700 refuser
echo "deliver: { relay-program = \"$HOME/refuser\" }" >config
{ printf 'Message-ID: <1@t>\n\n'; head -c 3000 /dev/zero | tr '\0' a; echo; } >m
ledger() { sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" "$1"; }
several() { # COUNT ACTION: arguments for make-stream, COUNT messages of four actions
	arguments=("$2 \"a@x.org\"${3:-};" "$2 \"b@x.org\"${3:-};" "$2 \"c@x.org\"${3:-};"
		"$2 \"d@x.org\"${3:-};" 'action=r:2 keep;')
	for ((i = 0; i < $1; i++)); do arguments+=(m); done
}

several 90 'action=r:1 redirect'
make-stream --receipts stdout "${arguments[@]}" >stream
exits '360 redirects that are all refused' 75 timeout 60 mr-deliver -c config <stream
is 'each message is deferred' "$(grep -c '^deferred' "$OUT")" 90
several 90 'action=r:1 notify' " \"$(head -c 2000 /dev/zero | tr '\0' t)\""
make-stream --receipts stdout --prefix n: "${arguments[@]}" >stream
exits '360 notifications' 0 timeout 60 mr-deliver -c config <stream
is 'that are all given up' "$(grep -c '^stored' "$OUT") $(mr-deliver log -n 2000 | grep -c 'not sent')" '90 360'

# All of them are taken, and the answers are given to the right ones.
echo "deliver: { relay-program = \"$MR_TOP/t/lib/carrier\" }" >config
several 40 'action=r:1 redirect'
make-stream --receipts stdout --prefix o: "${arguments[@]}" >stream
exits '160 redirects' 0 timeout 60 mr-deliver -c config <stream
is 'go' "$(grep -c '^stored' "$OUT") $(wc -l <carried)" '40 160'

# The version before: what is open then is done now.
rm -rf Mail carried
make-stream --receipts stdout --prefix v: 'action=r:1 redirect "a@x.org";' 'action=r:2 keep;' m >stream
ANSWER=refused mr-deliver -c config <stream >"$OUT" 2>&1
ledger 'DROP TABLE seen; DROP TABLE vacation; PRAGMA user_version = 2'
rm carried
exits 'version 2 with an open intent' 0 mr-deliver -c config <stream
is 'goes on where it was' "$(<"$OUT") $(wc -l <carried) $(ls Mail/new | wc -l)" 'stored v:1 1 1'
is 'and has all tables' "$(ledger 'PRAGMA user_version; SELECT count(*) FROM seen')" $'3\n0'

# Times.
make-stream --receipts stdout --prefix t: 'action=r:1 mark :seconds 9223372036854775807 "k";' \
	'action=r:2 vacation :seconds 9223372036854775807 :handle "h" "q@x.org" "x";' \
	'action=r:3 keep;' m m >stream
exits 'for ever' 0 mr-deliver -c config <stream
is 'is not in the past' "$(ledger 'SELECT count(*) FROM seen WHERE "until" > strftime("%s") + 0')" 1
is 'nor is the second answered' "$(grep -c 'q@x.org' carried)" 1

done_testing
