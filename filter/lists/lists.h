/*
 * The lists that rules asked for: each file is read when it is first needed, and kept.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LISTS_LISTS_H
#define FILTER_LISTS_LISTS_H

#include "common/base/fault.h"
#include "filter/lists/list.h"

/* All zero is none. */
struct lists {
	struct lists_file *files; /* owned */
	size_t count;
};

void lists_free(struct lists *lists);

/*
 * The list of that name (list_name.h) in the folder, valid until lists_free. FAULT_RUNTIME,
 * a sentence that names the list: no such name or file, a link, unreadable, too large. The
 * default address book without a file is an empty list (section 2.5).
 */
int lists_open(struct lists *lists, const char *folder, struct slice name,
	const struct list **out, struct fault *why);

#endif
