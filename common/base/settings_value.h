/*
 * One value of the configuration, written as text: the half of settings.c that knows no file.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_SETTINGS_VALUE_H
#define COMMON_BASE_SETTINGS_VALUE_H

#include "common/base/buf.h"
#include "common/base/fault.h"
#include "common/base/setting_row.h"

/* The row of that name, or NULL; the nameless last row when `others` are to be passed over. */
const struct setting *setting_row(const struct setting *rows, const char *name);

/* "~" expanded, relative to `folder` (may be NULL). NULL without a home. Owned. */
char *setting_path(const char *folder, const char *text);

/*
 * Stores it into the row's member; false when it does not fit, or when the row is a
 * SETTING_BOOL or SETTING_NUMBER. Of a list it adds one entry.
 */
bool setting_store(const char *folder, const struct setting *row, const char *text,
	void *member);

/* Stores what is taken when the file says nothing. */
void setting_default(const char *folder, const struct setting *row, void *member);

/* "a whole number", for sentences. */
const char *setting_expected(const struct setting *row);

/*
 * Sets one value of a struct that settings_read filled, from a command line. A path is the
 * shell's (not relative to the file), entries of a list are parted by blanks. FAULT_USAGE
 * for a name or a text that is none.
 */
int settings_set(const struct setting *rows, void *values, const char *name, const char *text,
	struct fault *why);

#endif
