/*
 * Character references of HTML: "amp", "#8364", "#x20ac".
 *
 * The names are those of HTML 4 (and "apos"), which is what mail programs write.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PARTS_HTML_REFERENCE_H
#define FILTER_PARTS_HTML_REFERENCE_H

#include "common/base/buf.h"

/*
 * Adds the character, by what stands between "&" and ";"; false when it is none. A blank of
 * any kind is a blank; what has no width (soft hyphen, joiners, marks of direction) adds
 * nothing, so that it cannot split a word; no NUL comes out, nor what is no character.
 */
bool html_reference(struct slice name, struct buf *out);

#endif
