#!/usr/bin/env bash
# By default a message stays as it is; on request Received, Delivered-To and a folder field
# stand in front, in the message's own line ends.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

dovecot_start
printf 'From: a@x\nMessage-ID: <1@x>\nSubject: one\n\nbody\n' >"$TEST_HOME/one"
printf 'no header, only text\nTo: nobody\n\nmore\n' >"$TEST_HOME/text"

# What the one message is in the stream, byte for byte.
fetched() {
	rm -rf "$XDG_STATE_HOME"/* "$(dovecot_folder alice "$folder")"/{new,cur}/*
	dovecot_fill alice "$folder" "$1"
	mr-fetch --into "sh -c 'sed /^flush\$/q >$OUT; :'" 2>"$ERR"
	perl -0777 -ne '/\nbytes (\d+)\n/ or exit 1; pos = $+[0];
		while (/\Gbytes (\d+)\n/gc || s/^.*?\nbytes (\d+)\n//s) { print substr($_, pos // 0, $1);
			substr($_, 0, (pos // 0) + $1) = ""; pos = 0 }' "$OUT" >"$TEST_HOME/got"
}
folder=INBOX
crlf() {
	sed 's/$/\r/' "$1"
}

for protocol in imap pop3; do
	chain_config "$protocol" implicit 'keep = true'
	fetched "$TEST_HOME/one"
	ok "$protocol: as it is, byte for byte" 'crlf "$TEST_HOME/one" | cmp - "$TEST_HOME/got"'

	chain_config "$protocol" implicit 'keep = true' 'received = true' \
		'delivered-to = "me@here.test"' 'folder-field = "X-Folder"'
	fetched "$TEST_HOME/one"
	perl -0777 -pe 's/\r\n/\n/g' "$TEST_HOME/got" >"$TEST_HOME/lf"
	ok "$protocol: every line ends in CRLF" \
		'! grep -v "$(printf "\r")\$" "$TEST_HOME/got"'
	with=$([ "$protocol" = imap ] && echo IMAP4S || echo POP3S)
	like "$protocol: Received, as RFC 5321 4.4 has it" "$(head -4 "$TEST_HOME/lf")" \
		"^Received: from localhost by [^ ]+
	with $with \(mr-fetch [0-9.]+\)
	for <alice@localhost>;
	[A-Z][a-z]{2}, [0-9]+ [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} [+-][0-9]{4}\$"
	is "$protocol: the other fields, then the message" "$(sed 1,4d "$TEST_HOME/lf")" \
		"$(printf 'Delivered-To: me@here.test\nX-Folder: INBOX\n'; cat "$TEST_HOME/one")"
	fetched "$TEST_HOME/text"
	perl -0777 -pe 's/\r\n/\n/g' "$TEST_HOME/got" >"$TEST_HOME/lf"
	is "$protocol: a text without header does not become one" \
		"$(sed '1,/^X-Folder/d' "$TEST_HOME/lf")" \
		"$(echo; cat "$TEST_HOME/text")"
done

folder='Grüße/für alle'
mkdir -p "$(dovecot_folder alice 'Gr&APwA3w-e/f&APw-r alle')"
folder='Gr&APwA3w-e/f&APw-r alle'
chain_config imap implicit 'keep = true' 'folders = "Grüße/für alle"' 'folder-field = "X-Folder"' \
	'recipient = "joe"' 'delivered-to = "recipient"'
fetched "$TEST_HOME/one"
is 'a folder that is no ASCII' "$(head -2 "$TEST_HOME/got" | tr -d '\r')" \
	"Delivered-To: joe
X-Folder: =?UTF-8?Q?Gr=C3=BC=C3=9Fe/f=C3=BCr_alle?="

# The size in the stream is that of what is in it: the chain takes it.
folder=INBOX
rm -rf "$XDG_STATE_HOME"/* "$(dovecot_folder alice INBOX)"/{new,cur}/*
dovecot_fill alice INBOX "$MR_TOP"/t/corpus/*.eml
chain_config imap implicit 'received = true'
run mr-fetch --into 'mr-filter | mr-deliver'
is 'through the chain, all of the corpus' "$STATUS $(cat "$ERR")" '0 '
is 'each is stored' "$(chain_stored | wc -l)" "$(ls "$MR_TOP"/t/corpus/*.eml | wc -l)"
is 'each has the field' "$(grep -lr '^Received: from localhost by ' "$CHAIN_MAIL" | wc -l)" \
	"$(chain_stored | wc -l)"

chain_config imap implicit 'folder-field = "X Folder"'
exits 'no name of a field: 78' 78 mr-fetch check
like 'it says where' "$(cat "$ERR")" 'config:[0-9]+: account box: folder-field: "X Folder"'
chain_config imap implicit 'delivered-to = "a b"'
exits 'no address: 78' 78 mr-fetch check
done_testing
