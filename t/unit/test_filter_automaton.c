/*
 * The automaton against looking for each text by itself.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "filter/index/automaton.h"

enum { TEXTS = 60, ROUNDS = 2000 };

static uint32_t seed = 1;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % limit;
}

/* Few letters, so that texts are parts of each other; some with NUL and 8-bit bytes. */
static void random_text(struct buf *out, size_t len)
{
	static const char letters[] = { 'a', 'b', 'c', '\0', '\xff' };

	buf_clear(out);
	for (size_t i = 0; i < len; i++)
		buf_add_byte(out, letters[random_below(sizeof(letters))]);
}

static void compare(const struct slice *texts, size_t count, struct slice value, size_t piece)
{
	uint32_t ids[TEXTS];
	AUTO_AUTOMATON *a = automaton_build(texts, count, ids);
	struct automaton_found found;
	uint32_t state = 0;
	size_t different = 0;

	automaton_found_start(&found, a);
	automaton_forget(&found);
	for (struct slice rest = value; rest.len > 0;) {
		automaton_scan(a, &state, slice_first(rest, piece), &found);
		slice_skip(&rest, slice_first(rest, piece).len);
	}
	for (size_t i = 0; i < count; i++) {
		assert_true(ids[i] < automaton_count(a));
		assert_int_equal(automaton_has(&found, ids[i]), slice_find(value, texts[i]) >= 0);
	}
	for (size_t i = 0; i < automaton_count(a); i++)
		different += automaton_has(&found, (uint32_t)i);
	assert_int_equal(different, found.count);
	automaton_found_free(&found);
}

static void test_random(void **state)
{
	(void)state;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct buf rooms[TEXTS] = { 0 };
		struct slice texts[TEXTS];
		size_t count = random_below(TEXTS);
		AUTO_BUF value = { 0 };

		for (size_t i = 0; i < count; i++) {
			random_text(&rooms[i], 1 + random_below(6));
			texts[i] = buf_slice(&rooms[i]);
		}
		random_text(&value, random_below(200));
		compare(texts, count, buf_slice(&value), 1 + random_below(20));
		for (size_t i = 0; i < count; i++)
			buf_free(&rooms[i]);
	}
}

static void test_none(void **state)
{
	(void)state;
	compare(NULL, 0, SLICE("anything"), 100);
}

/* As many children as there are bytes. */
static void test_wide(void **state)
{
	char bytes[256];
	struct slice texts[256];
	uint32_t ids[256];
	uint32_t at = 0;
	AUTO_AUTOMATON *a = NULL;
	struct automaton_found found;

	(void)state;
	for (size_t i = 0; i < 256; i++) {
		bytes[i] = (char)i;
		texts[i] = slice_of(&bytes[i], 1);
	}
	a = automaton_build(texts, 256, ids);
	automaton_found_start(&found, a);
	automaton_scan(a, &at, slice_of(bytes, 256), &found);
	assert_int_equal(found.count, 256);
	automaton_found_free(&found);
}

/* "a", "aa", ...: each byte ends thousands of texts, and is looked at once. */
static void test_nested(void **state)
{
	enum { MANY = 3000 };
	AUTO_BUF run = { 0 };
	struct slice *texts = mem_get(MANY * sizeof(*texts));
	uint32_t *ids = mem_get(MANY * sizeof(*ids));
	AUTO_AUTOMATON *a = NULL;
	struct automaton_found found;
	uint32_t at = 0;

	(void)state;
	for (size_t i = 0; i < 1000000; i++)
		buf_add_byte(&run, 'a');
	for (size_t i = 0; i < MANY; i++)
		texts[i] = slice_of(run.ptr, i + 1);
	a = automaton_build(texts, MANY, ids);
	automaton_found_start(&found, a);
	automaton_scan(a, &at, buf_slice(&run), &found);
	assert_int_equal(found.count, MANY);
	automaton_found_free(&found);
	free(texts);
	free(ids);
}

/* Ten thousand keys as people have them: what a rule file of that size may cost. */
static void test_compact(void **state)
{
	enum { MANY = 10000 };
	struct slice *texts = mem_get(MANY * sizeof(*texts));
	uint32_t *ids = mem_get(MANY * sizeof(*ids));
	char (*rooms)[40] = mem_get(MANY * sizeof(*rooms));
	AUTO_AUTOMATON *a = NULL;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		int len = snprintf(rooms[i], sizeof(rooms[i]), "team%zu@dept%zu.example.com", i,
			i % 97);
		texts[i] = slice_of(rooms[i], (size_t)len);
	}
	a = automaton_build(texts, MANY, ids);
	assert_int_equal(automaton_count(a), MANY);
	assert_true(automaton_size(a) < 4U << 20);
	free(texts);
	free(ids);
	free(rooms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_compact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
