#!/usr/bin/env bash
# Which folders are fetched: names, patterns, exclusions, special use, subscribed ones; the
# prefix of a namespace, UTF-8, and names that no folder can have.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
. "$MR_TOP/t/lib/peer.sh"

dovecot_start 'namespace inbox {
  mailbox Spam {
    special_use = \Junk
  }
  mailbox Post {
    special_use = \Sent
  }
}'
all=(INBOX Entwürfe Post Spam lists/c lists/noise1 lists/noise2 work/a)
for folder in "${all[@]}"; do
	case $folder in
	Entw*) dir=$(dovecot_folder alice 'Entw&APw-rfe') ;;
	*) dir=$(dovecot_folder alice "$folder") ;;
	esac
	mkdir -p "$dir"/{cur,new,tmp}
	[ "$folder" = INBOX ] || : >"$dir/maildirfolder"
	printf 'Subject: %s\n\n' "$folder" >"$dir/new/1.M1P1.test"
done
printf 'lists.c\nwork.a\ngone\n' >"$DOVECOT_DIR/mail/alice/Maildir/subscriptions"
dovecot_own

# want LABEL FOLDERS SETTING...
want() {
	local label=$1 want=$2
	shift 2
	fetched "$@"
	is "$label" "$GOT" "$want"
}

# fetched SETTING...: sets GOT, the folders that were fetched.
fetched() {
	rm -rf "$XDG_STATE_HOME/mailrail" "$CHAIN_MAIL"
	chain_config imap implicit 'keep = true' "$@"
	run mr-fetch --into mr-deliver
	GOT=$(find "$CHAIN_MAIL" -path '*/new/*' -type f -exec grep -h ^Subject: {} + 2>/dev/null |
		cut -d' ' -f2- | LC_ALL=C sort | paste -sd' ')
}

want 'the default' INBOX
want 'names' 'Entwürfe lists/c' 'folders = [ "lists/c", "Entwürfe" ]'
want 'a pattern' 'lists/c lists/noise1 lists/noise2' 'folders = "lists/%"'
want 'a pattern and an exclusion' 'INBOX lists/c' 'folders = [ "INBOX", "lists/*", "!lists/noise*" ]'
want 'the last one that matches decides' 'lists/c lists/noise2' \
	'folders = [ "lists/*", "!lists/noise*", "lists/noise2" ]'
want 'all but' 'Entwürfe INBOX Post lists/c work/a' 'folders = [ "!\\Junk", "!lists/noise%" ]'
want 'special use' Spam 'folders = "\\Junk"'
want 'special use and a name' 'Post work/a' 'folders = [ "work/a", "\\sent" ]'
want 'subscribed ones' 'lists/c work/a' 'subscribed = true'
want 'subscribed ones of a pattern' 'lists/c' 'subscribed = true' 'folders = "lists/*"'
is 'without a word' "$STATUS$(cat "$ERR")" 0

fetched 'folders = [ "!INBOX", "nowhere" ]'
is 'a name that is not there: 75' "$STATUS" 75
like 'is told' "$(cat "$ERR")" 'folder nowhere: it cannot be opened'
fetched 'folders = [ "\\Archive", "INBOX" ]'
is 'a special use that no folder has: 78' "$STATUS $GOT" '78 INBOX'
like 'is told, too' "$(cat "$ERR")" 'account box: the server marks no folder as \\Archive'
fetched 'folders = [ "INBOX", "\\Jnuk" ]'
is 'one that does not exist: 78' "$STATUS" 78
like 'is said with its line' "$(cat "$ERR")" 'config:[0-9]+: account box: folders: "\\Jnuk" can be no'

chain_config imap implicit 'keep = true' 'folders = [ "INBOX", "lists/*", "!lists/noise*" ]'
exits 'mr-fetch folders' 0 mr-fetch folders
is 'lists them all' "$(LC_ALL=C sort "$OUT")" "$(cat <<-'EOF'
	box: Entwürfe: 1 messages, 1 unseen, not fetched
	box: INBOX: 1 messages, 1 unseen, fetched
	box: Post \Sent: 1 messages, 1 unseen, not fetched
	box: Spam \Junk: 1 messages, 1 unseen, not fetched
	box: lists/c: 1 messages, 1 unseen, fetched
	box: lists/noise1: 1 messages, 1 unseen, not fetched
	box: lists/noise2: 1 messages, 1 unseen, not fetched
	box: work/a: 1 messages, 1 unseen, not fetched
EOF
)"
chain_config pop3 implicit 'subscribed = true'
exits 'POP3 has none: 78' 78 mr-fetch check
chain_config pop3 implicit
exits 'nor can it list them: 64' 64 mr-fetch folders box
exits 'unless it is named it is passed over' 0 mr-fetch folders

# peer NAME SETTING CAPABILITIES <<transcript
peer() {
	rm -rf "$XDG_STATE_HOME/mailrail"
	{
		cat <<-END2
		S: * OK IMAP4rev1 ready
		answer \S+ CAPABILITY
		S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR $3
		S: %TAG% OK done
		end
		answer \S+ AUTHENTICATE PLAIN
		S: %TAG% OK logged in
		end
		answer \S+ EXAMINE "[^"]*"
		S: * 0 EXISTS
		S: * OK [UIDVALIDITY 3] ok
		S: * OK [UIDNEXT 1] ok
		S: %TAG% OK done
		end
		END2
		cat
	} >"$TEST_HOME/script.$1"
	start_peer "$1" "$TEST_HOME/script.$1"
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-END2
	account: { box: { host = "localhost"; port = $PEER_PORT; tls = "none"
	  user = "u"; password = "p"; timeout = "5s"; keep = true; $2 } }
	END2
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
	run timeout 30 mr-fetch --into mr-deliver
}
opened() {
	wire | grep -a ' EXAMINE ' | sed 's/.* EXAMINE //' | paste -sd' '
}

peer hostile 'folders = "*"' '' <<'END2'
C: \S+ LIST "" ""
S: * LIST (\Noselect) "." ""
S: %TAG% OK done
C: \S+ LIST "" "\*"
S: * LIST () "." good
S: * LIST () "." "../../etc"
S: * LIST () "." "a/../b"
S: * LIST () "." "a.&AAo-b"
S: * LIST () "\\\\" "x\\\\..\\\\y"
S: * LIST () "." {3}
S- a\x01b
S:
S: * LIST () "." {3}
S- a\0b
S:
S: * LIST (\Noselect) "." tree
S: * LIST () "." also.good
S: %TAG% OK done
C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
END2
is 'hostile names: 76' "$STATUS" 76
is 'only the others are opened' "$(opened)" '"good" "also.good"'
like 'one line tells it' "$(cat "$ERR")" '^mr-fetch: account box: a folder with an impossible name: "a\\x00b"$'

peer prefix 'folders = [ "INBOX", "lists/c", "INBOX/x", "#shared/y" ]' NAMESPACE <<'END2'
C: \S+ NAMESPACE
S: * NAMESPACE (("INBOX." ".")) NIL (("#shared." "."))
S: %TAG% OK done
C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
END2
is 'names get the prefix' "$(opened)" '"INBOX" "INBOX.lists.c" "INBOX.x" "#shared.y"'

peer pattern 'folders = [ "lists/%" ]' NAMESPACE <<'END2'
C: \S+ NAMESPACE
S: * NAMESPACE (("INBOX." ".")) NIL NIL
S: %TAG% OK done
C: \S+ LIST "" "\*"
S: * LIST () "." INBOX
S: * LIST () "." INBOX.lists.c
S: * LIST () "." INBOX.lists.c.d
S: %TAG% OK done
C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
END2
is 'patterns mean names behind the prefix' "$(opened)" '"INBOX.lists.c"'

peer lsub 'subscribed = true' '' <<'END2'
C: \S+ LIST "" ""
S: * LIST (\Noselect) "/" ""
S: %TAG% OK done
C: \S+ LIST "" "\*"
S: * LIST () "/" a
S: * LIST () "/" b
S: %TAG% OK done
C: \S+ LSUB "" "\*"
S: * LSUB () "/" b
S: * LSUB () "/" deleted
S: %TAG% OK done
C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
END2
is 'LSUB: what is there, too' "$(opened)" '"b"'

peer utf8 'folders = [ "Entwürfe", "台北/*" ]' 'ENABLE UTF8=ACCEPT LIST-EXTENDED LIST-STATUS' <<'END2'
C: \S+ ENABLE UTF8=ACCEPT
S: * ENABLED UTF8=ACCEPT
S: %TAG% OK done
C: \S+ LIST "" ""
S: * LIST (\Noselect) "/" ""
S: %TAG% OK done
C: \S+ LIST "" "台北/\*" RETURN \(STATUS \(MESSAGES UIDNEXT UIDVALIDITY\)\)
S: * LIST () "/" "台北/日本"
S: * STATUS "台北/日本" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 3)
S: %TAG% OK done
C: \S+ (LOGOUT|STATUS "Entwürfe" .*)
S: * STATUS "Entwürfe" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 3)
S: %TAG% OK done
END2
is 'names in UTF-8' "$(opened)" '"Entwürfe" "台北/日本"'
run timeout 30 mr-fetch --into mr-deliver
is 'LIST-STATUS was enough for the second' "$(opened)" '"Entwürfe" "台北/日本"'
is 'and one STATUS for the first' "$(wire | grep -ac '^C: .* STATUS "Entw')$(wire | grep -ac '^C: .* STATUS "')" 11
done_testing
