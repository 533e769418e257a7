/*
 * A copy of what was sent, to be filed (RFC 8580): a message without an identity, that
 * mr-deliver itself brings.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_COPY_H
#define DELIVER_COPY_H

#include "deliver/run.h"

/* Adds the copy of the part's text to r->copies. What fails is said. */
void copy_add(struct run *r, const struct unit *u, const struct part *p);

#endif
