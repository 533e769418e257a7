#!/usr/bin/env bash
# Two mr-deliver store the same messages at the same time: each once, whoever is quicker.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_BUILD/t/fake:$PATH
cd "$TEST_HOME" || exit 1

make-stream --receipts stdout --many 1500 >stream
for round in 1 2 3; do
	box=$TEST_HOME/box$round
	XDG_STATE_HOME=$TEST_HOME/state$round
	export XDG_STATE_HOME
	mr-deliver --inbox "maildir:$box" <stream >one 2>one.err &
	adopt $!
	mr-deliver --inbox "maildir:$box" <stream >two 2>two.err
	wait $!
	is "round $round: each message once" \
		"$(find "$box" -path '*/new/*' -type f | wc -l)" 1500
	is "round $round: and each has been answered by both" \
		"$(sort -u -k2,2 one | wc -l) $(sort -u -k2,2 two | wc -l)" '1500 1500'
	is "round $round: by one of them as stored" \
		"$(cat one two | grep '^stored ' | sort -u -k2,2 | wc -l)" 1500
done
done_testing
