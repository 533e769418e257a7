/*
 * Classes of characters in a regular expression, "[a-z]": where they end.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_CLASS_H
#define FILTER_INDEX_CLASS_H

#include "common/base/slice.h"

/*
 * Takes a class, whose "[" is taken, off *in, up to and with its "]". False when it is not
 * understood. *sound becomes false when PCRE2 might refuse it.
 */
bool class_skip(struct slice *in, bool *sound);

bool class_is_letter_or_digit(char c);

#endif
