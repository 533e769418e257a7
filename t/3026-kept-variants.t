#!/usr/bin/env bash
# What is kept in place of a redirect or a program is one copy beside a keep of any variant
# of the message; without one it is not lost; variants that rules ask for are each stored.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

mkdir programs
printf '#!/bin/sh\nexit 1\n' >programs/fail
chmod 700 programs/fail
cat >config <<END
deliver: { relay-program = "$MR_TOP/t/lib/carrier" }
filter: { programs = "$HOME/programs" }
END
printf 'From: a@example.org\nX-Redirected-To: x@y.org\nMessage-ID: <2@t>\n\nbody\n' >m1
sed '1i X-A: 1' m1 >m2
reset() { rm -rf Mail box "$XDG_STATE_HOME/mailrail"; }
edited() { sort "$@" 2>/dev/null | grep -c '^X-A'; }
loop='action=r:1 redirect "x@y.org";'

for inbox in maildir:$HOME/Mail mbox:$HOME/box; do
	files() { case $inbox in mbox*) echo box ;; *) ls -d Mail/new/* Mail/.x/new/* 2>/dev/null ;; esac; }
	copies() { cat $(files) /dev/null | grep -c '^Message-ID'; }
	for order in loop,keep keep,loop fail,keep keep,fail; do
		reset
		parts=()
		for one in ${order//,/ }; do
			case $one in
			loop) parts+=(variant="$((${#parts[@]} ? 2 : 1))/2" "$loop" m1 'action=') ;;
			fail) parts+=(variant="$((${#parts[@]} ? 2 : 1))/2" 'action=r:3 pipe "fail" [];' m1 'action=') ;;
			keep) parts+=(variant="$((${#parts[@]} ? 2 : 1))/2" 'action=r:2 keep;' m2 'action=') ;;
			esac
		done
		make-stream --receipts stdout "${parts[@]}" >stream
		exits "$order, $inbox" 0 mr-deliver -c config --inbox "$inbox" <stream
		is '  one copy, what the rule keeps' "$(copies) $(edited $(files))" '1 1'
		exits '  again' 0 mr-deliver -c config --inbox "$inbox" <stream
		is '  no more' "$(copies) $(grep -c ^stored "$OUT")" '1 1'
	done
done

inbox=maildir:
reset
cat >r.sieve <<'END'
require "editheader";
redirect "x@y.org"; addheader "X-A" "1"; keep;
END
make-stream --receipts stdout m1 | mr-filter --rules r.sieve >stream
exits 'as mr-filter gives it' 0 mr-deliver -c config <stream
is 'one copy' "$(ls Mail/new | wc -l) $(edited Mail/new/*)" '1 1'
reset
make-stream --receipts stdout variant=1/2 "$loop" m1 'action=' variant=2/2 'action=r:2 discard;' m2 >stream
exits 'a loop beside a discard' 0 mr-deliver -c config <stream
is 'is kept' "$(ls Mail/new | wc -l)" 1
reset
make-stream --receipts stdout variant=1/2 "$loop" m1 'action=' variant=2/2 "$loop" m2 >stream
exits 'two that loop' 0 mr-deliver -c config <stream
is 'one is kept' "$(ls Mail/new | wc -l)" 1
reset
make-stream --receipts stdout variant=1/2 'action=r:1 keep;' m1 'action=' variant=2/2 'action=r:2 keep;' m2 >stream
exits 'two variants that rules keep' 0 mr-deliver -c config <stream
is 'are both stored' "$(ls Mail/new | wc -l) $(edited Mail/new/*)" '2 1'

done_testing
