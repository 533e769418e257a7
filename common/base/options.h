/*
 * Command lines: global options, then a verb, then the verb's options and arguments.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_OPTIONS_H
#define COMMON_BASE_OPTIONS_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* One option: "-c" and/or "--config". */
struct option_row {
	char letter;           /* 0: none */
	const char *name;      /* without dashes; NULL: none */
	const char *argument;  /* name of its argument for --help; NULL: takes none */
	const char *help;
	bool *flag;            /* set to true when given without argument */
	const char **value;    /* the last argument given */
	struct strings *list;  /* every argument given */
};

#define OPTION_END { .help = NULL }

/*
 * Takes options off *argc and *argv (argv[0] is skipped) until the first argument that is no
 * option, or "--". What is left stands in *argv, *argc. "-x VALUE", "-xVALUE",
 * "--name VALUE" and "--name=VALUE"; single letters without argument may be joined.
 * Unknown options and missing arguments are FAULT_USAGE.
 */
int options_take(const struct option_row *rows, int *argc, char ***argv, struct fault *why);

/* Prints "usage: ..." and the rows on stdout. */
void options_help(const char *usage, const struct option_row *rows);

/* Prints "PROGRAM (mailrail) VERSION" on stdout. */
void options_version(void);

#endif
