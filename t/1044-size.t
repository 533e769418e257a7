#!/usr/bin/env bash
# max-size and max-bytes: what is too large stays at the server, told once; what is beyond a
# run's share comes with the next.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
inbox=$(dovecot_folder alice INBOX)
stored() {
	find "$CHAIN_MAIL" -type f -path '*/new/*' -exec grep -h ^Subject: {} + 2>/dev/null |
		cut -d' ' -f2- | LC_ALL=C sort | paste -sd' '
}
# message N KIB
message() {
	{
		printf 'Subject: %s\n\n' "$1"
		head -c "$(($2 * 1024))" /dev/zero | tr '\0' x
		echo
	} >"$inbox/cur/$1.M1P1.test:2,"
	dovecot_own
}
refill() {
	rm -rf "$XDG_STATE_HOME/mailrail" "$CHAIN_MAIL"
	dovecot_stop
	rm -rf "$inbox"
	mkdir -p "$inbox"/{cur,new,tmp}
	message 1 10
	message 2 300
	message 3 20
	message 4 500
	dovecot_start
}
fetch() {
	chain_config imap implicit "$@"
	run mr-fetch --into mr-deliver
}

for keep in true false; do
	refill
	fetch "keep = $keep" 'max-size = "100K"'
	is "keep = $keep: what is small" "$STATUS $(stored)" '0 1 3'
	is 'one line tells of the others' "$(cat "$ERR")" "mr-fetch: account box: folder INBOX: 2 larger than max-size left at the server: the largest is 4, of $((500 * 1024 + 16)) bytes"
	fetch "keep = $keep" 'max-size = "100K"'
	is 'told once' "$STATUS $(stored)$(cat "$ERR")" '0 1 3'
	message 5 200
	message 6 1
	fetch "keep = $keep" 'max-size = "100K"'
	is 'the next small one' "$STATUS $(stored)" '0 1 3 6'
	like 'the next large one' "$(cat "$ERR")" 'INBOX: 1 larger .* is 5,'
	fetch "keep = $keep" 'max-size = "400K"'
	is 'a larger limit: what fits now' "$STATUS $(stored)$(cat "$ERR")" '0 1 2 3 5 6'
	fetch "keep = $keep"
	is 'no limit: all' "$STATUS $(stored)" '0 1 2 3 4 5 6'
done

# oversize = "header": a message of its own, once; the original stays, and may be fetched later.
for keep in true false; do
	refill
	fetch "keep = $keep" 'max-size = "100K"' 'oversize = "header"'
	is "keep = $keep: headers of the large ones" "$STATUS $(stored)$(cat "$ERR")" '0 1 2 3 4'
	note=$(grep -rl '^Subject: 4' "$CHAIN_MAIL")
	ok 'with a note as body' '[ "$(wc -c <"$note")" -lt 1000 ] && grep -q "^localhost: INBOX, UID 4" "$note"'
	before=$(dovecot_count alice INBOX)
	is 'the originals stay' "$before" "$([ $keep = true ] && echo 4 || echo 2)"
	fetch "keep = $keep" 'max-size = "100K"' 'oversize = "header"'
	is 'once' "$STATUS $(stored) $(dovecot_count alice INBOX)" "0 1 2 3 4 $before"
	fetch "keep = $keep" 'max-size = "400K"' 'oversize = "header"'
	is 'then the whole one' "$STATUS $(stored)" '0 1 2 2 3 4'
	rm -rf "$CHAIN_MAIL"
	: >"$CHAIN_MAIL"
	message 5 200
	fetch "keep = $keep" 'max-size = "100K"' 'oversize = "header"'
	rm "$CHAIN_MAIL"
	fetch "keep = $keep" 'max-size = "100K"' 'oversize = "header"'
	is 'a header that was not stored comes again' "$STATUS $(stored)" '0 5'
done

# oversize = "discard": as if the rules threw them away, unseen.
for keep in true false; do
	refill
	fetch "keep = $keep" 'max-size = "100K"'
	fetch "keep = $keep" 'max-size = "100K"' 'oversize = "discard"'
	is "keep = $keep: discarded, though left before" "$STATUS $(stored)$(cat "$ERR")" '0 1 3'
	is 'they are gone, or kept' "$(dovecot_count alice INBOX)" "$([ $keep = true ] && echo 4 || echo 0)"
	is 'the log has them' "$(mr-deliver log | grep -c 'discard  *max-size')" 2
	fetch "keep = $keep"
	is 'and they do not come any more' "$STATUS $(stored)" '0 1 3'
done

refill
fetch 'max-bytes = "100K"'
is 'max-bytes: what fits in order' "$STATUS $(stored)$(cat "$ERR")" '0 1'
fetch 'max-bytes = "100K"'
is 'one that is larger comes alone' "$STATUS $(stored)" '0 1 2'
fetch 'max-bytes = "1M"'
is 'and the rest' "$STATUS $(stored)" '0 1 2 3 4'
done_testing
