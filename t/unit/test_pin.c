/*
 * Fingerprints: which texts are taken, how they are written, which fit.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "common/net/pin.h"

#define BYTES "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HIGH "FFFEFDFCFBFAF9F8F7F6F5F4F3F2F1F0EFEEEDECEBEAE9E8E7E6E5E4E3E2E1E0"
#define COLONS "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:" \
	"10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F"
#define BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static const struct row {
	const char *label, *text, *want; /* as written again; NULL: none */
} rows[] = {
	{ "key in hex", "sha256:" BYTES, "sha256:" BASE64 },
	{ "key in hex with colons", "sha256:" COLONS, "sha256:" BASE64 },
	{ "key in base64", "sha256:" BASE64, "sha256:" BASE64 },
	{ "word in capitals, blanks around", " SHA256:" BASE64 "\t", "sha256:" BASE64 },
	{ "certificate", "cert-sha256:" BYTES, "cert-sha256:" BYTES },
	{ "certificate with colons", "Cert-SHA256:" COLONS, "cert-sha256:" BYTES },
	{ "certificate in base64", "cert-sha256:" BASE64, NULL },
	{ "no word", BASE64, NULL },
	{ "another digest", "sha1:" BYTES, NULL },
	{ "nothing behind the word", "sha256:", NULL },
	{ "a digit short", "cert-sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b"
		"1c1d1e1", NULL },
	{ "a byte too long", "cert-sha256:" BYTES "20", NULL },
	{ "a colon at the end", "cert-sha256:" COLONS ":", NULL },
	{ "a colon in front", "cert-sha256::" COLONS, NULL },
	{ "a colon within a byte", "cert-sha256:0:0" BYTES, NULL },
	{ "two colons", "cert-sha256:00::01" BYTES, NULL },
	{ "base64 without its end", "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", NULL },
	{ "base64 of 33 bytes", "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", NULL },
	{ "base64 of the web", "sha256:__ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", NULL },
	{ "empty", "", NULL },
};

static void reads_and_writes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF out = { 0 };
		struct pin pin;
		bool good = pin_read(slice_text(rows[i].text), &pin);

		if (good != (rows[i].want != NULL))
			fail_msg("%s: %s", rows[i].label, good ? "taken" : "refused");
		if (!good)
			continue;
		pin_write(&pin, &out);
		if (strcmp(buf_text(&out), rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].label, buf_text(&out));
	}
}

static void tells_which_is_none(void **state)
{
	AUTO_STRINGS list = { 0 };
	struct fault why;

	(void)state;
	assert_int_equal(pins_check(&list, &why), 0);
	strings_add(&list, SLICE("sha256:" BASE64));
	assert_int_equal(pins_check(&list, &why), 0);
	strings_add(&list, SLICE("sha256:bad\033"));
	assert_int_equal(pins_check(&list, &why), -1);
	assert_int_equal(why.kind, FAULT_CONFIG);
	assert_non_null(strstr(why.text, "\"sha256:bad\\x1b\" is no fingerprint"));
}

/* A pin of a key never fits a certificate of the same digest, nor the other way round. */
static void matches(void **state)
{
	static const struct {
		const char *label, *first, *second;
		bool want;
	} cases[] = {
		{ "the key", "sha256:" BYTES, NULL, true },
		{ "the certificate", "cert-sha256:" HIGH, NULL, true },
		{ "the second, for rollover", "sha256:" HIGH, "sha256:" BYTES, true },
		{ "the key's digest for a certificate", "cert-sha256:" BYTES, NULL, false },
		{ "the certificate's for a key", "sha256:" HIGH, NULL, false },
		{ "nothing pinned", NULL, NULL, false },
	};
	struct pin key, certificate;

	(void)state;
	assert_true(pin_read(SLICE("sha256:" BYTES), &key));
	assert_true(pin_read(SLICE("cert-sha256:" HIGH), &certificate));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO_STRINGS list = { 0 };

		if (cases[i].first)
			strings_add(&list, slice_text(cases[i].first));
		if (cases[i].second)
			strings_add(&list, slice_text(cases[i].second));
		if (pins_match(&list, &key, &certificate) != cases[i].want)
			fail_msg("%s", cases[i].label);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(tells_which_is_none),
		cmocka_unit_test(matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
