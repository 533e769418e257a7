#!/usr/bin/env bash
# mr-deliver hands redirected mail to one child: after the files, once, with its envelope; a
# loop is kept; a child that fails or dies defers, and nothing else is repeated.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3; do
	printf 'Return-Path: <from%d@example.org>\nSubject: %d\n\nbody\n' $i $i >m$i
done
printf 'X-Redirected-To: Bob@example.net\nSubject: loop\n\nbody\n' >loop

# A carrier that writes down what it gets and answers as ANSWER says.
cat >carrier <<'END'
#!/usr/bin/perl
use strict;
$| = 1;
open my $log, '>>', "$ENV{HOME}/carried";
print $log "begin @ARGV\n";
my ($id, %f);
while (<STDIN>) {
	if (/^message$/) { %f = (); }
	elsif (/^bytes (\d+)$/) { read STDIN, my $b, $1; $f{bytes} .= $b; }
	elsif (/^end ok/) {
		my $verdict = $ENV{ANSWER} // 'stored';
		exit 1 if $verdict eq 'die';
		print $log "from <$f{'mail-from'}> to <$f{'rcpt-to'}>: " . join('|', split /\n/, $f{bytes}) . "\n";
		print "$verdict $f{id}", $verdict eq 'stored' ? "\n" : " no room\n";
	}
	elsif (/^([a-z-]+): ?(.*)$/) { $f{$1} = $2; }
	elsif (/^done (\d+)/) { print $log "done $1\n"; }
}
END
chmod +x carrier
echo 'deliver: { relay-program = "'"$HOME/carrier"'" }' >config

make-stream --receipts stdout 'action=r:1 redirect "bob@example.net";' m1 \
	'action=r:2 keep;' 'action=r:3 redirect "carol@example.net";' mail-from=me@here m2 \
	'action=' 'action=r:4 redirect "bob@example.net";' loop >stream
exits 'a carrier that has no room' 75 env ANSWER=deferred mr-deliver -c config <stream
like 'the messages are deferred with its words' "$(<"$OUT")" 'deferred test:1 .*no room'
is 'but for the loop, which is kept' "$(grep '^stored' "$OUT")" 'stored test:3'
like 'and told' "$(<"$ERR")" 'not redirected to bob@example.net: it was there before'
is 'files are stored before' "$(ls Mail/new | wc -l)" 2
rm carried
exits 'a carrier that dies' 75 env ANSWER=die mr-deliver -c config <stream
is 'the same verdicts' "$(cut -d' ' -f1,2 "$OUT" | sort | tr '\n' ' ')" \
	'deferred test:1 deferred test:2 stored test:3 '
rm carried
exits 'and one that works' 0 mr-deliver -c config <stream
is 'stored' "$(grep -c '^stored' "$OUT")" 3
is 'it is told by its manual' "$(head -1 carried)" 'begin -c config carry queue:'
is 'one child takes all' "$(grep -c begin carried) $(tail -1 carried)" '1 done 3'
like 'the envelope sender is the Return-Path' "$(<carried)" \
	'from <from1@example.org> to <bob@example.net>: X-Redirected-To: bob@example.net|'
like 'or what the frame says' "$(<carried)" 'from <me@here> to <carol@example.net>: '
like 'the message follows as it was' "$(<carried)" '\|Subject: 1\|\|body'
is 'the file is not stored again' "$(ls Mail/new | wc -l)" 2
rm carried
exits 'once more' 0 mr-deliver -c config <stream
ok 'nothing is redirected again' '[ ! -e carried ]'
echo 'deliver: { relay-program = "'"$HOME/carrier"'" redirect-sender = "me@home" }' >config
make-stream --prefix s: 'action=r:1 redirect "a@b.c";' m1 mail-from= m2 |
	mr-deliver -c config
like 'a sender that is set' "$(<carried)" 'from <me@home> to <a@b.c>: [^ ]*: a@b.c\|[^|]*\|Subject: 1'
make-stream --prefix n: 'action=r:1 redirect "no address";' m1 >stream
exits 'what is no address' 0 mr-deliver -c config <stream
is 'goes to the inbox' "$(ls Mail/new | wc -l)" 3
echo 'deliver: { relay-program = "/nowhere/mr-relay" }' >config
make-stream --prefix g: 'action=r:1 redirect "a@b.c";' m1 >stream
exits 'a program that is not there' 75 mr-deliver -c config <stream

# The real one.
make-stream --prefix q: --receipts stdout 'action=r:1 redirect "bob@example.net";' m1 m2 >stream
exits 'into the queue of mr-relay' 0 mr-deliver <stream
is 'both' "$(grep -c '^stored' "$OUT")" 2
run mr-relay queue
is 'are there' "$(grep -o 'bob@example.net' "$OUT" | wc -l)" 2
cat >config <<EOF
deliver: { inbox = "maildir:$HOME/Mail" }
relay: { hostname = "other.test", send = "manual", queue = "$HOME/other" }
EOF
make-stream --prefix o: 'action=r:1 redirect "carol@example.net";' m1 >stream
exits 'into the queue of the configuration that -c names' 0 mr-deliver -c config <stream
run mr-relay -c config queue
like 'it is there' "$(<"$OUT")" 'carol@example\.net'
# Anybody can write a Return-Path: none may hold the message up for ever.
n=0
for path in '<a b c>' '<a@@b>' '<a@b@c>' "<$(printf 'x%.0s' {1..300})@b.c>"; do
	printf 'Return-Path: %s\nSubject: s\n\nb\n' "$path" >odd
	make-stream --prefix "p$((n += 1)):" 'action=r:1 redirect "dave@example.net";' odd >stream
	exits "redirected with ${path:0:20}" 0 mr-deliver -c config <stream
done
is 'to nobody goes what becomes of it' \
	"$(grep -l 'to dave' other/queue/* | xargs grep -hx 'from .*' | sort -u)" 'from '

done_testing
