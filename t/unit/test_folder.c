/*
 * Folder names: modified UTF-7, and places that are never outside the store.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/mail/folder.h"
#include "common/mail/mutf7.h"

static void check_encoding(void **state)
{
	static const struct {
		const char *utf8, *encoded; /* NULL: cannot be */
	} rows[] = {
		{ "lists", "lists" },
		{ "", "" },
		{ "a & b", "a &- b" },
		{ "Entwürfe", "Entw&APw-rfe" },
		{ "台北", "&U,BTFw-" },
		{ "~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-" },
		{ "😀", "&2D3eAA-" },
		{ "a\tb", "a&AAk-b" },
		{ "\x7f", "&AH8-" },
		{ "\xff", NULL },
		{ "a\xc3", NULL },
		{ "\xc0\x80", NULL },
		{ "\xed\xa0\x80", NULL },
		{ "\xf4\x90\x80\x80", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF encoded = { 0 };
		AUTO_BUF back = { 0 };

		assert_int_equal(mutf7_encode(slice_text(rows[i].utf8), &encoded),
			rows[i].encoded != NULL);
		if (!rows[i].encoded)
			continue;
		assert_string_equal(buf_text(&encoded), rows[i].encoded);
		assert_true(mutf7_decode(buf_slice(&encoded), &back));
		assert_string_equal(buf_text(&back), rows[i].utf8);
	}
}

static void check_decoding_refuses(void **state)
{
	static const char *const rows[] = { "a&", "a&APw", "&AGE-", "&!-", "&A-", "&2D0-", "&3gA-",
		"a\xc3\xbc", "a\tb", "&APx-" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };

		assert_false(mutf7_decode(slice_text(rows[i]), &out));
		assert_int_equal(out.len, 0);
	}
}

struct place_row {
	const char *label, *name, *maildir, *mbox; /* NULL: no place */
};

static const struct place_row places[] = {
	{ "one part", "lists", "/M/.lists", "/m/lists" },
	{ "slash", "lists/c", "/M/.lists.c", "/m/lists/c" },
	{ "dot", "lists.c", "/M/.lists.c", "/m/lists.c" },
	{ "slash at the end", "lists/", "/M/.lists", "/m/lists" },
	{ "the inbox", "INBOX", "/M", "/spool" },
	{ "the inbox in any case", "inbox", "/M", "/spool" },
	{ "below the inbox", "INBOX/a", "/M/.a", "/m/a" },
	{ "inbox further down", "a/INBOX", "/M/.a.INBOX", "/m/a/INBOX" },
	{ "blanks stay", "a b", "/M/.a b", "/m/a b" },
	{ "umlaut", "\xc3\xbc", "/M/.&APw-", "/m/&APw-" },
	{ "line end", "a\nb", "/M/.a&AAo-b", "/m/a&AAo-b" },
	{ "empty", "", NULL, NULL },
	{ "slash at the start", "/etc/passwd", NULL, NULL },
	{ "two slashes", "a//b", NULL, NULL },
	{ "only dots", "..", NULL, NULL },
	{ "up", "../../.ssh/authorized_keys", NULL, NULL },
	{ "up from below", "a/../../b", NULL, NULL },
	{ "below the inbox and up", "INBOX/../x", NULL, NULL },
	{ "tilde is a character", "~root", "/M/.~root", "/m/~root" },
	{ "a dotlock's name", "a.lock", "/M/.a.lock", NULL },
	{ "hidden", ".a", NULL, NULL },
	{ "no UTF-8", "\xff", NULL, NULL },
};

static void check_one(const struct stores *s, const struct place_row *row, const char *want)
{
	AUTO_BUF path = { 0 };
	enum store_kind kind;
	bool inbox;
	int got = folder_place(s, slice_text(row->name), &kind, &path, &inbox, NULL);

	if (got != (want ? 0 : -1) || (want && strcmp(buf_text(&path), want) != 0))
		fail_msg("%s: %d \"%s\"", row->label, got, buf_text(&path));
}

static void check_places(void **state)
{
	struct stores maildir;
	struct stores mbox;

	(void)state;
	assert_int_equal(stores_read("maildir:/M/", NULL, &maildir, NULL), 0);
	assert_int_equal(stores_read("mbox:/spool", "mbox:/m", &mbox, NULL), 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		check_one(&maildir, &places[i], places[i].maildir);
		check_one(&mbox, &places[i], places[i].mbox);
	}
	stores_clear(&maildir);
	stores_clear(&mbox);
}

static void check_long_names(void **state)
{
	AUTO_BUF name = { 0 };
	AUTO_BUF path = { 0 };
	struct stores s;
	enum store_kind kind;

	(void)state;
	assert_int_equal(stores_read("maildir:/M", NULL, &s, NULL), 0);
	for (int i = 0; i < FOLDER_NAME_MAX - 1; i++)
		buf_add_byte(&name, 'a');
	assert_int_equal(folder_place(&s, buf_slice(&name), &kind, &path, NULL, NULL), 0);
	buf_add_byte(&name, 'a');
	assert_int_equal(folder_place(&s, buf_slice(&name), &kind, &path, NULL, NULL), -1);
	assert_int_equal(folder_place(&s, slice_of("a\0b", 3), &kind, &path, NULL, NULL), -1);
	stores_clear(&s);
}

static void check_stores(void **state)
{
	static const char *const bad[] = { "", "maildir", "maildir:", "maildir:/", "mh:/m",
		"/var/mail", "maildir:Mail", "Maildir:/m" };
	struct store s;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fault why = { 0 };

		assert_int_equal(store_read(bad[i], &s, &why), -1);
		assert_int_equal(why.kind, FAULT_CONFIG);
	}
	assert_int_equal(store_read("mbox:/var/mail/me", &s, NULL), 0);
	assert_int_equal(s.kind, STORE_MBOX);
	store_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_encoding),
		cmocka_unit_test(check_decoding_refuses),
		cmocka_unit_test(check_places),
		cmocka_unit_test(check_long_names),
		cmocka_unit_test(check_stores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
