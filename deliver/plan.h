/*
 * From the actions of a frame to the parts of a unit: which mailbox each goes to, and what
 * an earlier run has done of it already.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_PLAN_H
#define DELIVER_PLAN_H

#include "deliver/arrival.h"

/* Adds the parts of this variant. -1: it cannot be carried out, and is to be deferred. */
int plan_parts(struct run *r, struct arrival *a, const struct frame *f, struct fault *why);

/*
 * Another part of its variant goes, or went earlier, to the same mailbox: one copy is
 * enough (RFC 5228 section 2.10.3).
 */
bool plan_has_box(const struct unit *u, const struct part *p);

/*
 * The same for a message that is kept in place of something else: it only must not be lost,
 * and another variant of it in that mailbox will do.
 */
bool plan_is_kept(const struct unit *u, const struct part *p);

/* Where a fileinto goes: to its target, or where the settings say for its special use. */
const char *plan_folder(const struct run *r, const struct action *a);

/* The mailbox of a folder (NULL: the inbox), which is the inbox when it has no place. */
int plan_find_box(struct run *r, const struct unit *u, struct part *p, const char *folder,
	struct fault *why);

#endif
