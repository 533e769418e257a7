/*
 * Names and values in URLs and forms: application/x-www-form-urlencoded.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_FORM_H
#define COMMON_NET_OAUTH_FORM_H

#include "common/base/buf.h"

/* Adds "name=value", after "&" unless it begins the text or stands behind "?" or "&". All but
 * the unreserved characters of RFC 3986 section 2.3 as %XX. */
void form_add(struct buf *out, const char *name, struct slice value);

/*
 * The value of `name` in "a=1&b=2", decoded ("+" is a blank), replaces *out. 1 found; 0 not
 * there; -1 malformed: a bad %XX, a control character in the value, or the name twice (RFC
 * 6749 section 3.1 forbids it).
 */
int form_find(struct slice query, const char *name, struct buf *out);

#endif
