/*
 * How programs of rules are named, and where they are found.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_PROGRAM_FIND_H
#define COMMON_BASE_PROGRAM_FIND_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: bytes of a name (128 characters of UTF-8), as spec-bosch-sieve-pipe section 3 asks. */
enum { PROGRAM_NAME_MAX = 512 };
/* LIMIT: arguments, and bytes of one; section 4 asks for 16 of 1024. */
enum { PROGRAM_ARGUMENTS_MAX = 64, PROGRAM_ARGUMENT_MAX = 32 << 10 };
/* Section 3 of the specification, and no dot at the front. FAULT_DATA. */
int program_check_name(struct slice name, struct fault *why);

/* Not too long, no NUL, no line end. FAULT_DATA. */
int program_check_argument(struct slice argument, struct fault *why);

/* Its path, owned. FAULT_CONFIG: there is none, or it may not be run; the text says why. */
int program_find(const char *folder, const char *name, char **out, struct fault *why);

/* HOME, USER, LOGNAME, SHELL, PATH, LANG, and TZ and TMPDIR if we have them; then `more`. */
void program_environment(const struct strings *more, struct strings *out);

#endif
