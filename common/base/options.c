/*
 * Command lines: see options.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/options.h"

#include <stdio.h>

#include "common/base/say.h"

static const struct option_row *find_letter(const struct option_row *rows, char letter)
{
	for (; rows->help; rows++) {
		if (rows->letter == letter)
			return rows;
	}
	return NULL;
}

static const struct option_row *find_name(const struct option_row *rows, struct slice name)
{
	for (; rows->help; rows++) {
		if (rows->name && slice_is(name, rows->name))
			return rows;
	}
	return NULL;
}

static void store(const struct option_row *row, const char *value)
{
	if (row->flag)
		*row->flag = true;
	if (value && row->value)
		*row->value = value;
	if (value && row->list)
		strings_add(row->list, slice_text(value));
}

static int take_long(const struct option_row *rows, int *argc, char ***argv, struct fault *why)
{
	const char *text = (*argv)[0] + 2;
	const char *equals = strchr(text, '=');
	struct slice name = equals ? slice_of(text, (size_t)(equals - text)) : slice_text(text);
	const struct option_row *row = find_name(rows, name);

	if (!row)
		return fault_set(why, FAULT_USAGE, "unknown option --%.*s (see --help)",
			SLICE_ARG(name));
	if (!row->argument && equals)
		return fault_set(why, FAULT_USAGE, "--%s takes no argument", row->name);
	if (row->argument && !equals) {
		if (*argc < 2)
			return fault_set(why, FAULT_USAGE, "--%s needs %s", row->name, row->argument);
		(*argv)++;
		(*argc)--;
	}
	store(row, !row->argument ? NULL : equals ? equals + 1 : (*argv)[0]);
	return 0;
}

static int take_letters(const struct option_row *rows, int *argc, char ***argv, struct fault *why)
{
	for (const char *at = (*argv)[0] + 1; *at; at++) {
		const struct option_row *row = find_letter(rows, *at);

		if (!row)
			return fault_set(why, FAULT_USAGE, "unknown option -%c (see --help)", *at);
		if (!row->argument) {
			store(row, NULL);
			continue;
		}
		if (at[1] == '\0' && *argc < 2)
			return fault_set(why, FAULT_USAGE, "-%c needs %s", *at, row->argument);
		if (at[1] == '\0') {
			(*argv)++;
			(*argc)--;
			store(row, (*argv)[0]);
		} else {
			store(row, at + 1);
		}
		return 0;
	}
	return 0;
}

int options_take(const struct option_row *rows, int *argc, char ***argv, struct fault *why)
{
	if (*argc > 0) {
		(*argv)++;
		(*argc)--;
	}
	while (*argc > 0 && (*argv)[0][0] == '-' && (*argv)[0][1] != '\0') {
		bool last = strcmp((*argv)[0], "--") == 0;
		bool is_long = (*argv)[0][1] == '-';

		if (!last && (is_long ? take_long(rows, argc, argv, why)
				      : take_letters(rows, argc, argv, why)) < 0)
			return -1;
		(*argv)++;
		(*argc)--;
		if (last)
			break;
	}
	return 0;
}

void options_help(const char *usage, const struct option_row *rows)
{
	printf("usage: %s\n", usage);
	for (; rows->help; rows++) {
		char left[64];

		snprintf(left, sizeof(left), "%s%c%s%s%s%s%s", rows->letter ? "-" : "  ",
			rows->letter ? rows->letter : ' ', rows->letter && rows->name ? ", " : "",
			rows->name ? "--" : "", rows->name ? rows->name : "",
			rows->argument ? " " : "", rows->argument ? rows->argument : "");
		printf("  %-28s %s\n", left, rows->help);
	}
}

void options_version(void)
{
	printf("%s (mailrail) %s\n", say_program(), MAILRAIL_VERSION);
}
