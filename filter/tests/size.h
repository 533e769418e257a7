/*
 * The test size, for those that weigh it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_SIZE_H
#define FILTER_TESTS_SIZE_H

#include "filter/language/script.h"

/* :over, else :under. */
bool size_is_over(const struct node *node);

#endif
