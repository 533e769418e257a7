/*
 * The test raw, for those that count what it finds.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_RAW_H
#define FILTER_TESTS_RAW_H

#include "filter/language/script.h"

/* RAW_HEADER and RAW_BODY of score/raw_text.h, as its tags say. */
unsigned raw_parts(const struct node *node);

#endif
