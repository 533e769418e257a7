/*
 * RFC 8259: writing JSON. Braces, names and numbers are the caller's; texts are hard enough.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_JSON_H
#define COMMON_BASE_JSON_H

#include "common/base/buf.h"

/* Adds a string, quoted (section 7). Bytes that are no UTF-8 become U+FFFD. */
void json_put_text(struct buf *out, struct slice text);

#endif
