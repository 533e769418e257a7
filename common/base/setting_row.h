/*
 * One setting: a row that names a member of a struct (settings.h has an example).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_SETTING_ROW_H
#define COMMON_BASE_SETTING_ROW_H

#include <stdbool.h>
#include <stddef.h>

enum setting_kind {
	SETTING_TEXT,   /* char *: owned; NULL when unset and without default */
	SETTING_PATH,   /* char *: the same, with ~ expanded; relative to the file's folder */
	SETTING_BOOL,   /* bool */
	SETTING_NUMBER, /* long: a bare integer, low..high */
	SETTING_TIME,   /* int64_t milliseconds: "60s" */
	SETTING_BYTES,  /* uint64_t: "10G" */
	SETTING_LIST,   /* struct strings: "a" or [ "a", "b" ] */
	SETTING_CHOICE, /* int: index into `choices` ("a|b|c") */
};

struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset;
	const char *fallback; /* as it would be written (lists: parted by blanks); NULL: none */
	const char *help;     /* one line, for the manual */
	const char *choices;  /* SETTING_CHOICE */
	long low, high;       /* SETTING_NUMBER */
	bool required;
	bool others;           /* the end: names that have no row are somebody else's to read */
};

/* type is the tag of the struct, member its member, name the text in the file. */
#define SETTING(type, member, text, what, otherwise, about)                              \
	{ .name = (text), .kind = SETTING_##what, .offset = offsetof(struct type, member), \
		.fallback = (otherwise), .help = (about) }
#define SETTING_CHOOSE(type, member, text, list, otherwise, about)                       \
	{ .name = (text), .kind = SETTING_CHOICE, .offset = offsetof(struct type, member), \
		.fallback = (otherwise), .help = (about), .choices = (list) }
#define SETTING_RANGE(type, member, text, from, to, otherwise, about)                    \
	{ .name = (text), .kind = SETTING_NUMBER, .offset = offsetof(struct type, member), \
		.fallback = (otherwise), .help = (about), .low = (from), .high = (to) }
#define SETTING_END { .name = NULL }
#define SETTING_END_OTHERS { .name = NULL, .others = true }

#endif
