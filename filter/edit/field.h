/*
 * A header field that a rule adds, as bytes (RFC 5293 section 4, RFC 5322, RFC 2047).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_EDIT_FIELD_H
#define FILTER_EDIT_FIELD_H

#include "common/base/buf.h"

/* LIMIT: a field's name: a line holds 998 bytes (RFC 5322 section 2.1.1). */
enum { FIELD_NAME_MAX = 990 };
/* LIMIT: a field as it is put (RFC 5293 section 4 asks for 998). */
enum { FIELD_MAX = 64 << 10 };

/* RFC 5322 section 3.6.8: field-name = 1*ftext, ftext = %d33-57 / %d59-126 */
bool field_is_name(struct slice name);

/*
 * Adds "Name: value", lines parted by "\n" and no line end behind the last. Printable ASCII
 * stays as it is, blanks and all, with line ends put before blanks so that lines have 78
 * bytes where words allow it. Other words become encoded words. A line end in the value is a
 * fold of it: nothing in a value can begin another field. False: longer than FIELD_MAX.
 */
bool field_put(struct buf *out, struct slice name, struct slice value);

#endif
