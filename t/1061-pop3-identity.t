#!/usr/bin/env bash
# What a POP3 message is known by: without UIDL by TOP, with strange UIDLs, with lists that
# shrink and come back, with servers whose LIST and TOP are not to be believed.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/maildrop.sh"

maildrop TOP/PIPELINING a:one:1 b:two
maildrop TOP/PIPELINING a:one:1 b:two
maildrop TOP/PIPELINING b:two c:three:3
maildrop TOP/PIPELINING a:one:1 b:two c:three:3
maildrops no-uidl 'keep = true'
maildrop_fetch 'no UIDL: kept and stored' 0 'one two'
maildrop_fetch 'no UIDL: once' 0 'one two'
maildrop_fetch 'no UIDL: what came is fetched, whatever its number' 0 'one three two'
is 'no UIDL: three were downloaded' "$(maildrop_asked RETR)" 3
maildrop_fetch 'no UIDL: one that was gone comes back' 0 'one three two'
is 'no UIDL: and is known' "$(maildrop_asked RETR)" 3

maildrop TOP a:one:1 b:one:1
maildrop TOP a:one:1 b:one:1
maildrops no-uidl-twins 'keep = true'
maildrop_fetch 'no UIDL: two that are alike are both stored' 0 'one one'
maildrop_fetch 'no UIDL: and once' 0 'one one'

long=$(printf 'x%.0s' $(seq 4000))
maildrop TOP/UIDL "$long:one" "${long}y:two" '!#$%:three'
maildrop TOP/UIDL "$long:one" "${long}y:two" '!#$%:three'
maildrops long 'keep = true'
maildrop_fetch 'UIDLs of 4,000 bytes' 0 'one three two'
maildrop_fetch 'they are told apart, and known again' 0 'one three two'
is 'nothing was downloaded twice' "$(maildrop_asked RETR)" 3

maildrop TOP/UIDL a:one b:two:2 c:three
maildrop TOP/UIDL
maildrop TOP/UIDL a:one b:two:2 c:three
maildrop TOP/UIDL a:one b:two:2 c:three
maildrops empty 'keep = true'
maildrop_fetch 'three are kept' 0 'one three two'
maildrop_fetch 'the list is empty' 0 'one three two'
maildrop_fetch 'and full again: nothing is stored twice' 0 'one three two'
is 'nor downloaded' "$(maildrop_asked RETR)" 3
tops=$(maildrop_asked TOP)
maildrop_fetch 'from then on they are known without a look' 0 'one three two'
is 'no TOP' "$(maildrop_asked TOP)" "$tops"

maildrop TOP/UIDL a:one b:two
maildrop TOP/UIDL b:two
maildrop TOP/UIDL b:two a:other
maildrop TOP/UIDL b:two a:other
maildrops again 'keep = true'
maildrop_fetch 'two are kept' 0 'one two'
maildrop_fetch 'one of them goes' 0 'one two'
maildrop_fetch 'its UIDL is given to another one, which is stored' 0 'one other two'
maildrop_fetch 'once' 0 'one other two'

# QUIT is not answered: what was deleted is still there, and must be known again.
for what in lie mangle; do
	MAILDROP_LIE=0 MAILDROP_MANGLE=
	case $what in
	lie) MAILDROP_LIE=7 ;;
	mangle) MAILDROP_MANGLE='X-UIDL: of TOP only' ;;
	esac
	for can in TOP/UIDL UIDL; do
		MAILDROP_QUIT=drop
		maildrop "$can" a:one b:two:2
		MAILDROP_QUIT=
		maildrop "$can" a:one b:two:2
		maildrops "$what-${can%%/*}"
		maildrop_fetch "$what, $can: cut before QUIT" 75 'one two'
		maildrop_fetch "$what, $can: nothing is stored twice" 0 'one two'
		is "$what, $can: deleted once more" "$(maildrop_asked DELE)" 4
	done
done
done_testing
