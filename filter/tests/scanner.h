/*
 * What a scanner for spam or viruses left in the header, as RFC 5235 counts it.
 *
 * How to read it is told by settings, as Pigeonhole's are: the field, with an expression
 * whose first group is the verdict; whether that is a score, a row of letters or a word.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_SCANNER_H
#define FILTER_TESTS_SCANNER_H

#include "filter/message.h"
#include "filter/regex.h"
#include "filter/settings.h"

/* The expressions of one scanner's settings, compiled when first needed. All zero is none. */
struct scanner {
	struct regex *status;
	struct regex *most;
};

void scanner_free(struct scanner *s);

/* The number of a test's result: 0 clear or not tested, `most` for certain. */
enum { SCANNER_SPAM = 10, SCANNER_VIRUS = 5 };

/*
 * 1 and, of `steps` (SCANNER_SPAM or SCANNER_VIRUS), *value from 1 (clear) to it (certain),
 * or 0 when a word of the settings says so, and *percent from 0 to 100; 0: not tested, or
 * nobody can tell; -1: FAULT_RUNTIME, a setting is wrong.
 */
int scanner_read(struct scanner *s, const struct scanner_settings *settings,
	struct message *message, int steps, int *value, int *percent, struct fault *why);

#endif
