/*
 * The key list of a test: made ready when the script is checked, tried on values when it
 * runs.
 *
 *	AUTO_KEYS keys = { 0 };
 *	if (keys_start(&keys, run, node, &node->strings[1]) < 0) return -1;
 *	for each value: if ((got = keys_try(&keys, value)) != 0) return got;
 *	return keys_finish(&keys);
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_KEYS_H
#define FILTER_KEYS_H

#include "filter/language/complaint.h"
#include "filter/evaluate.h"
#include "filter/regex.h"

/* When checked: comparator fits match type, constant keys folded and compiled. */
int keys_prepare(struct checker *checker, struct node *node, struct template_list *keys);

/* Keys and values are folded before they are compared, in one of these two ways. */
bool keys_fold(const struct node *node);

/* Adds a value as it is compared; `glob`: a key of :matches. */
void keys_fold_text(const struct node *node, struct slice text, bool glob, struct buf *out);

/* The name of a list is one: 0, -1 and a problem; not looked at when it has variables. */
int keys_check_list(struct checker *checker, const struct template *name);

/* The list of that name, or the run fails. */
int keys_find_list(struct run *run, struct slice name, const struct list **out);

struct keys {
	struct run *run;
	const struct node *node;
	size_t count;
	struct slice *at;      /* as compared: folded where the comparator folds */
	struct buf *rooms;     /* of the keys with variables */
	struct regex **regexes; /* of :regex; those of constant keys belong to the script */
	const struct template_list *templates;
	struct buf folded;     /* the value */
	uint64_t values;       /* of :count */
};

#define AUTO_KEYS __attribute__((cleanup(keys_free))) struct keys
void keys_free(struct keys *keys);

int keys_start(struct keys *keys, struct run *run, const struct node *node,
	const struct template_list *templates);

/* 1: a key matched this value; 0: none; -1 run-time error. :count only counts it. */
int keys_try(struct keys *keys, struct slice value);

/* The answer when no value matched: 0, for :count the comparison. */
int keys_finish(struct keys *keys);

#endif
