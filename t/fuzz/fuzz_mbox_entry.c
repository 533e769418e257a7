/*
 * mbox quoting: the same whatever the pieces, no line of the result but the first begins
 * with "From ", and unquoting gives the message back. Folder names beside it: no name leads
 * out of the store.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "common/mail/folder.h"
#include "common/mail/mutf7.h"
#include "deliver/mbox_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void quote(struct slice body, size_t piece, struct buf *out)
{
	struct mbox_quote q = { 0 };

	while (body.len > 0) {
		struct slice part = slice_first(body, piece);

		mbox_quote(&q, part, out);
		slice_skip(&body, part.len);
	}
	mbox_quote_end(&q, out);
}

static void unquote(struct slice quoted, struct buf *out)
{
	while (quoted.len > 0) {
		ptrdiff_t end = slice_find_byte(quoted, '\n');
		struct slice line = slice_first(quoted, end < 0 ? quoted.len : (size_t)end + 1);
		size_t marks = 0;

		slice_skip(&quoted, line.len);
		while (marks < line.len && line.ptr[marks] == '>')
			marks++;
		if (slice_starts(slice_from(line, marks), "From ")) {
			if (marks == 0)
				abort();
			line = slice_from(line, 1);
		}
		buf_add_slice(out, line);
	}
}

static void check_mbox(struct slice body)
{
	AUTO_BUF whole = { 0 };
	AUTO_BUF pieces = { 0 };
	AUTO_BUF back = { 0 };

	quote(body, body.len, &whole);
	quote(body, 3, &pieces);
	if (!slice_equal(buf_slice(&whole), buf_slice(&pieces)))
		abort();
	unquote(buf_slice(&whole), &back);
	/* The empty line behind it, and the last line's end where it had none. */
	if (back.len < body.len + 1 || back.len > body.len + 2 ||
		memcmp(back.ptr, body.ptr, body.len) != 0 || back.ptr[back.len - 1] != '\n')
		abort();
}

static void check_folder(struct slice name)
{
	struct stores s = { .inbox = { STORE_MAILDIR, (char *)(uintptr_t)"/store" },
		.folders = { STORE_MAILDIR, (char *)(uintptr_t)"/store" } };
	AUTO_BUF path = { 0 };
	AUTO_BUF decoded = { 0 };
	enum store_kind kind;

	for (int i = 0; i < 2; i++) {
		if (folder_place(&s, name, &kind, &path, NULL, NULL) == 0 &&
			(!slice_starts(buf_slice(&path), "/store") || path.len != strlen(path.ptr) ||
				strstr(path.ptr, "/../") || strstr(path.ptr, "/./")))
			abort();
		if (path.len >= 3 && strcmp(path.ptr + path.len - 3, "/..") == 0)
			abort();
		s.folders.kind = STORE_MBOX;
	}
	(void)mutf7_decode(name, &decoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_mbox(slice_of(data, size));
	check_folder(slice_of(data, size));
	return 0;
}
