/*
 * Readings of a section: are two the same, and their end. See settings.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/settings.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_list(const struct strings *a, const struct strings *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		if (strcmp(a->at[i], b->at[i]) != 0)
			return false;
	}
	return a->count == b->count;
}

static bool same_value(enum setting_kind kind, const void *a, const void *b)
{
	switch (kind) {
	case SETTING_TEXT:
	case SETTING_PATH:
		return same_text(*(char *const *)a, *(char *const *)b);
	case SETTING_BOOL:
		return *(const bool *)a == *(const bool *)b;
	case SETTING_NUMBER:
		return *(const long *)a == *(const long *)b;
	case SETTING_TIME:
		return *(const int64_t *)a == *(const int64_t *)b;
	case SETTING_BYTES:
		return *(const uint64_t *)a == *(const uint64_t *)b;
	case SETTING_LIST:
		return same_list(a, b);
	case SETTING_CHOICE:
		return *(const int *)a == *(const int *)b;
	}
	return false;
}

bool settings_same(const struct setting *rows, const void *a, const void *b)
{
	for (const struct setting *row = rows; row->name; row++) {
		if (!same_value(row->kind, (const char *)a + row->offset,
			    (const char *)b + row->offset))
			return false;
	}
	return true;
}

void settings_free(const struct setting *rows, void *values)
{
	for (; rows->name; rows++) {
		void *member = (char *)values + rows->offset;

		if (rows->kind == SETTING_TEXT || rows->kind == SETTING_PATH)
			mem_free_at(member);
		else if (rows->kind == SETTING_LIST)
			strings_free(member);
	}
}
