/*
 * The end of a message that goes to no mailbox: what only all of its header tells.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_DIVERT_H
#define DELIVER_DIVERT_H

#include "deliver/arrival.h"

/* A wanted part without a mailbox; it may get one here, and all the bytes. */
int divert_end(struct run *r, struct arrival *a, struct part *p, struct slice header,
	struct fault *why);

#endif
