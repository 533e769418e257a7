#!/usr/bin/env bash
# --files: each message one file, durable before its receipt; one that comes again is the
# same file, and nothing is ever overwritten.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"
PATH=$MR_BUILD/t/fake:$PATH

dovecot_start
dir=$TEST_HOME/a/b
corpus=("$MR_TOP"/t/corpus/*.eml)
digests() {
	find "$dir" -type f -print0 | xargs -0 -r md5sum | cut -d' ' -f1 | sort
}
empty() {
	rm -rf "$XDG_STATE_HOME"/* "$dir" "$(dovecot_folder alice INBOX)"/{new,cur}/*
}

for protocol in imap pop3; do
	chain_config "$protocol" implicit
	empty
	dovecot_fill alice INBOX "${corpus[@]}"
	chain_sent "$protocol" "${corpus[@]}" >"$TEST_HOME/sent"
	exits "$protocol: the corpus" 0 mr-fetch --files "$dir"
	digests >"$TEST_HOME/stored"
	ok "$protocol: each message is one file, with LF" 'diff "$TEST_HOME/sent" "$TEST_HOME/stored"'
	is "$protocol: nothing is left there" "$(dovecot_count alice INBOX)" 0
	is "$protocol: names sort by time" \
		"$(ls "$dir" | grep -vcE '^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}(-[0-9]+)?\.eml$')" 0
	is "$protocol: only for us" "$(stat -c %a "$dir" "$dir"/* | sort -u | tr '\n' ' ')" '600 700 '
done

chain_config imap implicit 'keep = true'
empty
dovecot_fill alice INBOX "${corpus[@]:0:5}"
run mr-fetch --files "$dir"
ls "$dir" >"$TEST_HOME/names"
exits 'all of it again' 0 mr-fetch --again --files "$dir"
ok 'the same files' 'ls "$dir" | diff "$TEST_HOME/names" -'

# The same id with other bytes.
printf 'Date: Sun, 1 Feb 2026 10:00:00 +0100\n\none\n' >"$TEST_HOME/one"
printf 'Date: Sun, 1 Feb 2026 10:00:00 +0100\n\ntwo\n' >"$TEST_HOME/two"
rm -rf "$dir"
make-stream --receipts stdout id=x "$TEST_HOME/one" id=x "$TEST_HOME/two" id=x "$TEST_HOME/one" \
	>"$TEST_HOME/stream"
exits 'other bytes under one id' 0 mr-fetch --take-files "$dir" <"$TEST_HOME/stream"
is 'all are stored' "$(cat "$OUT")" $'stored x\nstored x\nstored x'
is 'nothing is overwritten; the time is that of Date' "$(cd "$dir" && ls | sed 's/-.\{16\}/-ID/')" \
	$'20260201T090000Z-ID-2.eml\n20260201T090000Z-ID.eml'
is 'the first stays the first' "$(cd "$dir" && ls | sort -r | xargs tail -qn 1)" \
	$'one\ntwo'

# Something else has that name: it stays.
name=$(ls "$dir" | grep -v -e -2)
rm -rf "$dir"
mkdir -p "$dir"
ln -s /etc/passwd "$dir/$name"
exits 'a link in the way' 0 mr-fetch --take-files "$dir" <"$TEST_HOME/stream"
ok 'stays a link' '[ -h "$dir/$name" ] && [ "$(ls "$dir" | wc -l)" = 3 ]'

# Durable before the receipt; what cannot be written is deferred and leaves nothing behind.
rm -rf "$dir"
mkdir -p "$dir"
strace -f -qq -o "$TEST_HOME/trace" -e trace=fsync,renameat2,write \
	"$MR_BUILD/fetch/mr-fetch" --take-files "$dir" <"$TEST_HOME/stream" >"$OUT" 2>"$ERR"
is 'file, name, directory, then the receipt' \
	"$(sed -E 's/^[0-9]+ +//' "$TEST_HOME/trace" |
		grep -oE '^(fsync|renameat2|write\(1|write\([0-9]+, "stored)' | grep -v 'write(1$' |
		sed 's/write.*/receipt/' | head -4 | tr '\n' ' ')" 'fsync renameat2 fsync receipt '
rm -rf "$dir"
mkdir -p "$dir"
ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=fsync -e inject=fsync:error=EIO \
	"$MR_BUILD/fetch/mr-fetch" --take-files "$dir" <"$TEST_HOME/stream" >"$OUT" 2>"$ERR"
is 'a failing disk' "$? $(cut -d' ' -f1 "$OUT" | sort -u) $(ls -A "$dir" | wc -l)" '75 deferred 0'
: >"$TEST_HOME/file"
exits 'where a file is' 75 mr-fetch --again --files "$TEST_HOME/file/x"
like 'it is said' "$(cat "$ERR")" '/file/x: Not a directory|/file.*Not a directory'
is 'the messages stay there' "$(dovecot_count alice INBOX)" 5
done_testing
