#!/usr/bin/env bash
# What stands in the queue and is no message, or is damaged: set aside and told once, never
# sent, never followed to another file; the mail beside it goes on.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

queue=$XDG_STATE_HOME/mailrail/queue
hello='S: 220 peer
C: EHLO
S: 250 peer
C: EHLO
S: 250 peer'
take='C: MAIL
S: 250 sender
C: RCPT TO:<one@x.test>
S: 250 recipient
C: DATA
S: 354 go on
data
S: 250 taken'
printf '%s\n' "$hello" "$take" 'C: QUIT' 'S: 221 bye' >"$TEST_HOME/transcript"
start_peer beside "$TEST_HOME/transcript"
cat >"$XDG_CONFIG_HOME/mailrail/config" <<EOF
relay: { hostname = "laptop.test", send = "manual" }
smarthost: { default: { host = "127.0.0.1", port = $PEER_PORT, tls = "none", timeout = "3s" } }
EOF
printf 'Subject: first\n\nbody\n' | sendmail -f me@x.test one@x.test
id=$(ls "$queue/queue")
echo secret >"$TEST_HOME/private"

cd "$queue/queue" || exit 1
touch $'evil\e[2Jname'
mkfifo 000000000000000a
mkdir 000000000000000b
ln -s "$TEST_HOME/private" 000000000000000c
touch 000000000000000d
head -c 5000 /dev/urandom >000000000000000e
{ cat "$id" && echo 'sent 99 123 250 ok'; } >000000000000000f
sed 's/^from .*/&\x00/' "$id" >000000000000000g
cp "$id" 000000000000000h
ln -s "$TEST_HOME/private" "$queue/content/000000000000000h"
cp "$id" 000000000000000i
cd "$TEST_HOME" || exit 1

exits 'mailq lists the rest' 0 timeout 20 mailq
like 'the message' "$(cat "$OUT")" 'one@x\.test'
exits 'a run' 0 timeout 20 mr-relay run
ok 'the message beside them is sent, and nothing else' '[ "$(wire | grep -c "^C: MAIL")" = 1 ]'
is 'one line for each of the others' "$(wc -l <"$ERR")" 10
ok 'no byte of it reaches the terminal' '! grep -q "$(printf "\033")" "$ERR"'
is 'all are set aside' "$(ls "$queue/corrupt" | wc -l)" 10
is 'the queue is empty' "$(ls "$queue/queue")" ''
is 'what a link points to is as it was' "$(cat "$TEST_HOME/private")" secret
exits 'the next run' 0 timeout 20 mr-relay run
ok 'has nothing more to say' '[ ! -s "$ERR" ]'
like 'mailq still counts them' "$(mailq)" '10 set aside in .*/corrupt'

# An event that a crash cut short is as if it had not been written.
printf '%s\n' "$hello" "$take" 'C: QUIT' 'S: 221 bye' >"$TEST_HOME/transcript2"
start_peer torn "$TEST_HOME/transcript2"
sed -i "s/port = [0-9]*/port = $PEER_PORT/" "$XDG_CONFIG_HOME/mailrail/config"
printf 'Subject: second\n\nbody\n' | sendmail -f me@x.test one@x.test
printf 'sent 0 17000' >>"$queue/queue/"*
exits 'a torn result' 0 timeout 20 mr-relay run
ok 'is sent' 'wire | grep -q "^C: MAIL"'
is 'and leaves' "$(ls "$queue/queue")" ''

done_testing
