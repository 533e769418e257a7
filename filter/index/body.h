/*
 * Tests of bodies answered together: one scan of a body for the keys of all that look at the
 * same values. A hundred cost what two do.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_INDEX_BODY_H
#define FILTER_INDEX_BODY_H

#include "filter/parts/bodies.h"
#include "filter/language/script.h"

/* One test, noted when its script is checked; in the script's arena. */
struct body_test {
	struct body_test *next;
	const struct node *node;
	enum body_form form;
	const struct template_list *types; /* of BODY_CONTENT, else NULL */
	const struct template_list *keys;
	struct body_group *group; /* NULL: answered by itself */
	uint32_t *numbers;        /* of its keys in the group */
};

/* Tests with :contains or :is, and with constant keys, are noted: node->own. */
void body_index_note(struct script *script, struct node *node, enum body_form form,
	const struct template_list *types);

/* Ties those that have company. When the script is compiled. */
void body_index_tie(struct script *script);
void body_index_free(struct script *script);

/*
 * The answer of a test that was noted: 1, 0, or -1: not here, it must be found out by itself
 * (no company; or the body could not be read or looked into as a whole).
 */
int body_index_ask(const struct body_test *test, struct message *m);

#endif
