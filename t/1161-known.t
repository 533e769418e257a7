#!/usr/bin/env bash
# What is known stays known, and nothing else is taken for it: INBOX in any case, a folder
# that is numbered anew (also with other settings, also by mark), a server restored from a
# backup, one that does not let us delete, UIDLs that come back.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/maildrop.sh"

dovecot_start
inbox=$(dovecot_folder alice INBOX)
fetch() {
	run mr-fetch "$@" --into mr-deliver
}
# Subjects of what lies in directories.
subjects() {
	find "$@" -type f \( -path '*/cur/*' -o -path '*/new/*' \) -exec grep -h ^Subject: {} + \
		2>/dev/null | cut -d' ' -f2 | sort | paste -sd' '
}
both() {
	echo "$STATUS: $(subjects "$CHAIN_MAIL") / $(subjects "$inbox"/cur "$inbox"/new)"
}
message() {
	local name
	for name; do
		printf 'Subject: %s\nMessage-ID: <%s@x>\n\nbody\n' "$name" "$name" >"$TEST_HOME/eml"
		dovecot_fill alice INBOX "$TEST_HOME/eml"
	done
}
renumber() {
	dovecot_stop
	rm -f "$inbox"/dovecot*
	sleep 1.1
	dovecot_start
}
anew() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$inbox"/{cur,new}
	mkdir "$inbox"/{cur,new}
	renumber
	message a b
}

anew
chain_config imap implicit 'keep = true' 'folders = [ "inbox", "*" ]'
fetch
is 'inbox and INBOX are one' "$(both)" '0: a b / a b'
chain_config imap implicit 'keep = true' 'folders = "Inbox"'
fetch
is 'and known by any name' "$(both)" '0: a b / a b'

renumber
message c
chain_config imap implicit
fetch
is 'numbered anew, and not kept any more' "$(both)" '0: a b c / '

anew
chain_config imap implicit 'delete-after = "1s"'
fetch
renumber
rm -f "$inbox"/{cur,new}/*
message c d
exits 'numbered anew, then mark' 0 mr-fetch mark
sleep 2.1
fetch
is 'what was only marked is never due' "$(both)" '0: a b / c d'

anew
chain_config imap implicit 'keep = true'
fetch
dovecot_stop
cp -a "$inbox" "$TEST_HOME/backup"
dovecot_start
message c d
fetch
is 'stored before the server is restored' "$(both)" '0: a b c d / a b c d'
dovecot_stop
rm -rf "$inbox"
cp -a "$TEST_HOME/backup" "$inbox"
dovecot_start
message e
fetch
like 'restored: which is said' "$(cat "$ERR")" \
	'folder INBOX: its UIDNEXT went back: 2 of 3 messages are known, the others are new'
# The first run stores nothing under an id that another message had.
fetch
is 'what has a UID that we know is new' "$(both)" '0: a b c d e / a b e'

anew
mkdir -p "$TEST_HOME/acl"
chmod 711 "$TEST_HOME"
chmod 755 "$TEST_HOME/acl"
echo 'owner lrs' >"$TEST_HOME/acl/INBOX"
chmod 644 "$TEST_HOME/acl/INBOX"
dovecot_stop
dovecot_start "mail_plugins = acl
plugin {
  acl = vfile:$TEST_HOME/acl
}"
chain_config imap implicit
run mr-fetch --mda "tee -a $TEST_HOME/taken"
like 'no right to delete: what to do is said' "$(cat "$ERR")" \
	'INBOX: stored messages stay there: .*keep = true'
run mr-fetch --mda "tee -a $TEST_HOME/taken"
is 'nothing is fetched again' "$STATUS $(grep -c ^Subject "$TEST_HOME/taken")" '78 2'

# The last list is that of the first run, but its "a" is another message.
maildrop TOP/UIDL a:one
maildrop TOP/UIDL a:one
maildrop TOP/UIDL b:two
maildrop TOP/UIDL a:three
maildrops list 'keep = true'
maildrop_fetch 'kept' 0 'one'
maildrop_fetch 'nothing to do' 0 'one'
maildrop_fetch 'another one' 0 'one two'
maildrop_fetch 'the list of before, with another message' 0 'one three two'
done_testing
