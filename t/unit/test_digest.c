/*
 * The digest by which a fetched message is told again, cut at every byte.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/hand/digest.h"

/* Rows of one group have one digest, those of another another. */
struct row {
	const char *label;
	int group;
	struct slice message;
	struct slice header; /* as a server would give it alone */
};

#define ROW(label, group, message, header) { label, group, SLICE(message), SLICE(header) }

static const struct row rows[] = {
	ROW("id", 1, "To: a\nMessage-ID: <1@x>\n\nbody", "Message-ID: <1@x>\n\n"),
	ROW("CRLF", 1, "To: a\r\nMessage-ID: <1@x>\r\n\r\nb", "Message-ID: <1@x>\r\n\r\n"),
	ROW("its name in any case", 1, "message-id:<1@x>\n\n", "MESSAGE-ID:<1@x>\n"),
	ROW("folded", 1, "Message-ID:\r\n <1@x>\r\n\r\n", "Message-ID:\n\t<1@x>\n\n"),
	ROW("blanks around", 1, "Message-ID: \t<1@x> \t\nTo: b\n\n", "Message-ID: <1@x>\n"),
	ROW("empty ones first", 1, "Message-ID:\nMessage-ID: \n\t\nMessage-ID: <1@x>\n\n",
		"Message-ID: \nMessage-ID: <1@x>\n\n"),
	ROW("the first of two", 1, "Message-ID: <1@x>\nMessage-ID: <2@x>\n\n",
		"Message-ID: <1@x>\nMessage-ID: <2@x>\n\n"),
	ROW("behind what is no field", 1, "To: a\njunk\n more\nMessage-ID: <1@x>\n\n",
		"Message-ID: <1@x>\n\n"),
	ROW("behind a From_ line", 1, "From a Mon\nMessage-ID: <1@x>\n\n", "Message-ID: <1@x>"),
	ROW("in a body it is none", 2, "To: a\n\nMessage-ID: <1@x>\n\n", "To: a\n\n"),
	ROW("no empty line", 2, "To: a\n", "To: a\r\n"),
	ROW("no line end", 2, "To: a", "To: a\r\n\r\n"),
	ROW("CR CR LF", 2, "To: a\r\r\n\r\r\nbody", "To: a\n"),
	ROW("another header", 3, "To: a\nCc: b\n\nbody", "To: a\nCc: b\n\n"),
	ROW("another id", 4, "To: a\nMessage-ID: <2@x>\n\nbody", "Message-ID: <2@x>\n\n"),
	ROW("an id that folds", 5, "Message-ID: <3@\n x>\n\n", "Message-ID: <3@ x>\n\n"),
	ROW("NUL in it", 6, "Message-ID: <1@x>\0a\n\n", "Message-ID: <1@x>\0a\n\n"),
	ROW("no header", 7, "Hello\nTo: a\n\nbody", "Hello\nTo: a\n\nbody"),
	ROW("nothing", 8, "", ""),
	ROW("only the empty line", 9, "\nbody", "\nbody"),
	ROW("only the empty line, another body", 10, "\nmore", "\nmore"),
	ROW("the empty line alone", 11, "\n", "\r\n"),
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static uint64_t in_pieces(struct slice message, size_t size)
{
	struct digest d = { 0 };
	uint64_t value;

	for (struct slice rest = message; rest.len > 0;) {
		struct slice piece = slice_first(rest, size);

		digest_bytes(&d, piece);
		slice_skip(&rest, piece.len);
	}
	value = digest_end(&d);
	digest_free(&d);
	return value;
}

static uint64_t cut_once(struct slice message, size_t at)
{
	struct digest d = { 0 };
	uint64_t value;

	digest_bytes(&d, slice_first(message, at));
	digest_bytes(&d, slice_from(message, at));
	value = digest_end(&d);
	digest_free(&d);
	return value;
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct slice message = rows[i].message;
		uint64_t want = digest_of_header(rows[i].header);

		if (want == 0 || in_pieces(message, 1) != want)
			fail_msg("%s: byte by byte", rows[i].label);
		for (size_t at = 0; at <= message.len; at++) {
			if (cut_once(message, at) != want)
				fail_msg("%s: cut at %zu", rows[i].label, at);
		}
	}
}

static void groups_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		for (size_t k = 0; k < i; k++) {
			bool same = digest_of_header(rows[i].header) ==
				digest_of_header(rows[k].header);

			if (same != (rows[i].group == rows[k].group))
				fail_msg("%s, %s", rows[i].label, rows[k].label);
		}
	}
}

/* It stands in ledgers: FNV-1a of "a", as its authors give it. */
static void is_fnv1a(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_true(digest_of_id(SLICE("Message-ID: a\n"), &value));
	assert_true(value == 0xaf63dc4c8601ec8cu);
	assert_false(digest_of_id(SLICE("Message-ID: \nTo: a\n"), &value));
	assert_true(value == 0xaf63dc4c8601ec8cu);
}

/* What lies beyond the limit counts for nothing, however it comes. */
static void header_without_end(void **state)
{
	AUTO_BUF long_one = { 0 };
	AUTO_BUF id = { 0 };
	uint64_t want;

	(void)state;
	while (long_one.len <= DIGEST_HEADER_MAX)
		buf_add_text(&long_one, "X-Filler: 0123456789012345678901234567890123456789\n");
	want = digest_of_header(buf_slice(&long_one));
	buf_add_slice(&id, buf_slice(&long_one));
	buf_add_text(&id, "Message-ID: <1@x>\n\nbody\n");
	assert_true(digest_of_header(buf_slice(&id)) == want);
	assert_true(in_pieces(buf_slice(&id), 4093) == want);
	assert_true(in_pieces(buf_slice(&id), id.len) == want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(groups_differ),
		cmocka_unit_test(is_fnv1a),
		cmocka_unit_test(header_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
