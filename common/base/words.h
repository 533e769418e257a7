/*
 * A command line cut into words, without a shell.
 *
 * Words are parted by blanks. '...' keeps all, "..." keeps all but \" and \\, a backslash
 * outside quotes keeps the next character. Nothing is expanded: no variable, no glob, no
 * redirection.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_WORDS_H
#define COMMON_BASE_WORDS_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* Fills *out with the words; an open quote or an empty command is FAULT_USAGE. */
int words_split(const char *text, struct strings *out, struct fault *why);

/*
 * Cuts "a b | c 'd e'" at a bare | into commands, each a list of words. *out is an owned
 * array of *count lists (strings_free each, then free). FAULT_USAGE as above.
 */
int words_pipeline(const char *text, struct strings **out, size_t *count, struct fault *why);

#endif
