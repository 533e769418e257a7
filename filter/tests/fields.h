/*
 * The fields that a test looks at: by name, by :index and :last (RFC 5260 section 6), and in
 * which parts of the message (:mime, RFC 5703 section 4).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_FIELDS_H
#define FILTER_TESTS_FIELDS_H

#include "filter/evaluate.h"

/* One field of that message, or of a part of it; what is not 0 ends the walk. */
typedef int fields_visit(struct message *message, size_t field, void *context);

/*
 * Visits the fields of each name, in the order of the parts, of the names, then of the
 * header: all, or the one that :index says, counted in each part for itself. Returns what the
 * last visit did, or -1: a name did not expand, or not all parts could be looked at.
 */
int fields_each(struct run *run, const struct node *node, const struct template_list *names,
	fields_visit *visit, void *context);

/* The same for one name that is expanded already. */
int fields_each_named(struct run *run, const struct node *node, struct slice name,
	fields_visit *visit, void *context);

#endif
