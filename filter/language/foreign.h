/*
 * Words of extensions that nobody here knows, behind an "ihave" that asked for one (RFC 5463
 * section 4): errors when they are run.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_FOREIGN_H
#define FILTER_LANGUAGE_FOREIGN_H

#include "filter/language/vocabulary.h"

/* Stands for every command and test that is not known, or has a tag that is not. */
extern const struct word foreign_word;

#endif
