/*
 * What header :mime looks at besides whole values (RFC 5703 section 4.1).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_MIME_VALUES_H
#define FILTER_TESTS_MIME_VALUES_H

#include "filter/keys.h"

/*
 * Tries :type, :subtype or :contenttype of the field, or each of the parameters that are
 * named (:param; RFC 2231 and encoded words decoded). What there is none of, as in a
 * Content-Type that is none, is not tried; of other fields the first three are "". As
 * keys_try.
 */
int mime_values_try(struct keys *keys, const struct strings *params, struct message *message,
	size_t field);

#endif
