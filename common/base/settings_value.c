/*
 * One value of the configuration, written as text: see settings_value.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/settings_value.h"

#include <errno.h>

#include "common/base/paths.h"
#include "common/base/units.h"

char *setting_path(const char *folder, const char *text)
{
	if (text[0] == '~')
		return paths_expand(text);
	if (text[0] == '/' || !folder)
		return mem_text(text);
	return paths_join(folder, text);
}

/* Index of text in "a|b|c", or -1. */
static int choice_index(const char *choices, const char *text)
{
	struct slice rest = slice_text(choices);
	struct slice one;

	for (int i = 0; slice_cut(&rest, '|', &one); i++) {
		if (slice_is(one, text))
			return i;
	}
	return -1;
}

bool setting_store(const char *folder, const struct setting *row, const char *text,
	void *member)
{
	switch (row->kind) {
	case SETTING_TEXT:
		*(char **)member = mem_text(text);
		return true;
	case SETTING_PATH:
		*(char **)member = setting_path(folder, text);
		return *(char **)member != NULL;
	case SETTING_TIME:
		return units_time(slice_text(text), member);
	case SETTING_BYTES:
		return units_bytes(slice_text(text), member);
	case SETTING_LIST:
		strings_add(member, slice_text(text));
		return true;
	case SETTING_CHOICE:
		*(int *)member = choice_index(row->choices, text);
		return *(int *)member >= 0;
	case SETTING_BOOL:
	case SETTING_NUMBER:
		break;
	}
	return false;
}

void setting_default(const char *folder, const struct setting *row, void *member)
{
	struct slice rest;
	struct slice word;

	if (!row->fallback)
		return;
	if (row->kind == SETTING_BOOL) {
		*(bool *)member = strcmp(row->fallback, "true") == 0;
	} else if (row->kind == SETTING_NUMBER) {
		*(long *)member = strtol(row->fallback, NULL, 10);
	} else if (row->kind == SETTING_LIST) {
		rest = slice_text(row->fallback);
		while (slice_cut(&rest, ' ', &word)) {
			if (word.len > 0)
				strings_add(member, word);
		}
	} else {
		setting_store(folder, row, row->fallback, member);
	}
}

const char *setting_expected(const struct setting *row)
{
	static const char *const texts[] = {
		[SETTING_TEXT] = "a text in quotes",
		[SETTING_PATH] = "a path in quotes",
		[SETTING_BOOL] = "true or false",
		[SETTING_NUMBER] = "a whole number",
		[SETTING_TIME] = "a time in quotes, as \"60s\", \"5m\" or \"2d\"",
		[SETTING_BYTES] = "a size in quotes, as \"512K\" or \"10G\"",
		[SETTING_LIST] = "a list [ \"a\", \"b\" ] of texts",
	};

	return row->kind == SETTING_CHOICE ? row->choices : texts[row->kind];
}

const struct setting *setting_row(const struct setting *rows, const char *name)
{
	for (; rows->name; rows++) {
		if (strcmp(rows->name, name) == 0)
			return rows;
	}
	return rows->others ? rows : NULL;
}


/* A switch, a number or a list, which the file does not write as text. */
static int set_other(const struct setting *row, const char *text, void *member,
	struct fault *why)
{
	struct slice rest = slice_text(text);
	struct slice word;
	char *end;
	long number;

	if (row->kind == SETTING_LIST) {
		while (slice_cut(&rest, ' ', &word)) {
			if (word.len > 0)
				strings_add(member, word);
		}
		return 0;
	}
	if (row->kind == SETTING_BOOL) {
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return fault_set(why, FAULT_USAGE, "%s: expected %s, not %s", row->name,
				setting_expected(row), text);
		*(bool *)member = text[0] == 't';
		return 0;
	}
	errno = 0;
	number = strtol(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0)
		return fault_set(why, FAULT_USAGE, "%s: expected %s, not %s", row->name,
			setting_expected(row), text);
	if (number < row->low || number > row->high)
		return fault_set(why, FAULT_USAGE, "%s must lie between %ld and %ld", row->name,
			row->low, row->high);
	*(long *)member = number;
	return 0;
}

int settings_set(const struct setting *rows, void *values, const char *name, const char *text,
	struct fault *why)
{
	const struct setting *row = setting_row(rows, name);
	void *member;

	if (!row || !row->name)
		return fault_set(why, FAULT_USAGE, "unknown setting \"%s\"", name);
	member = (char *)values + row->offset;
	if (row->kind == SETTING_TEXT || row->kind == SETTING_PATH) {
		free(*(char **)member);
		*(char **)member = NULL;
	} else if (row->kind == SETTING_LIST) {
		strings_clear(member);
	}
	if (row->kind == SETTING_BOOL || row->kind == SETTING_NUMBER || row->kind == SETTING_LIST)
		return set_other(row, text, member, why);
	if (!setting_store(NULL, row, text, member))
		return fault_set(why, FAULT_USAGE, "%s: expected %s, not %s", name,
			setting_expected(row), text);
	return 0;
}
