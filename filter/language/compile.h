/*
 * Compiling a rule file: parser, then checker.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_COMPILE_H
#define FILTER_LANGUAGE_COMPILE_H

#include "filter/language/script.h"

/*
 * Compiles `source` (given away). Never fails: what is wrong stands in problems.
 */
struct script *script_compile(const char *path, struct buf *source);
void script_free(struct script *script);

#endif
