/*
 * Arguments of one command or test against its row (RFC 5228 2.6).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_ARGUMENTS_H
#define FILTER_LANGUAGE_ARGUMENTS_H

#include "filter/language/complaint.h"

/*
 * Compiles the node's strings and fills match, part, tags, tag_values, strings, number.
 * What is wrong goes to the script's problems: -1.
 */
int arguments_check(struct checker *checker, struct node *node);

#endif
