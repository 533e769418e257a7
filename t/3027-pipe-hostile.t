#!/usr/bin/env bash
# Programs and mailboxes at once: no mbox is locked while a program runs, one that itself
# delivers there does not wait for us; however long a header is, a program that
# wants it or the body alone gets just that.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2; do
	printf 'From: a%d@example.org\nMessage-ID: <%d@t>\nSubject: %d\n\nbody %d\n' $i $i $i $i >m$i
done
mkdir programs
cat >programs/inner <<END
#!/bin/sh
cat >/dev/null
printf 'Message-ID: <i@t>\n\ninner\n' | $MR_BUILD/deliver/mr-deliver -c "$HOME/config" || exit 75
exit "\$1"
END
cat >programs/take <<END
#!/bin/sh
tee -a "$HOME/taken"
END
chmod 700 programs/*
cat >config <<END
deliver: { inbox = "mbox:$HOME/box", lock-timeout = "2s" }
filter: { programs = "$HOME/programs" }
END
reset() { rm -rf Mail box taken "$XDG_STATE_HOME/mailrail"; }
copies() { grep -c "^$1" box; }

reset
make-stream --receipts stdout 'action=r:1 keep;' 'action=r:2 pipe "inner" ["0"];' m1 m2 >stream
exits 'a program that delivers to the mbox of the message' 0 mr-deliver -c config <stream
is 'is not kept waiting' "$(grep -c ^stored "$OUT") $(copies 'body ') $(copies inner)" '2 2 2'
reset
make-stream --receipts stdout 'action=r:1 pipe "inner" ["3"];' m1 m2 >stream
exits 'one that fails behind that' 0 mr-deliver -c config <stream
is 'leaves what it stored, and the message' "$(grep -c ^stored "$OUT") $(copies 'body ') $(copies inner)" '2 2 2'
exits 'again' 0 mr-deliver -c config <stream
is 'no more' "$(copies 'body ') $(copies inner)" '2 2'

# A header of 100,000 bytes, of which the program is to get nothing else.
{
	echo 'From: a@example.org'
	for ((i = 0; i < 2000; i++)); do echo "X-$i: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; done
	printf 'Message-ID: <long@t>\n\nbody 9\n'
} >long
for way in header body; do
	reset
	make-stream --receipts stdout "action=r:1 pipe :$way \"take\" [];" long >stream
	exits ":$way of a long header" 0 mr-deliver -c config <stream
	is '  the program takes it' "$(cut -d' ' -f1 "$OUT") $(ls box 2>/dev/null)" 'stored '
	is '  what is its own' "$(grep -c 'X-1999:' taken) $(grep -c 'body 9' taken)" \
		"$([ $way = header ] && echo 1 0 || echo 0 1)"
done
reset
make-stream --receipts stdout 'action=r:1 pipe "take" [];' long | mr-deliver -c config >"$OUT"
is 'the whole message is no trouble' "$(grep -c '^body 9' taken) $(ls box 2>/dev/null)" '1 '

done_testing
