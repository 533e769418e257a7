/*
 * The open parts of a message, for mime.c alone: takes what is content, line splitting and
 * boundaries done, through headers into bodies, and calls back.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_MIME_TREE_H
#define COMMON_MAIL_MIME_TREE_H

#include "common/mail/mime.h"

struct mime_node;

struct mime_tree {
	const struct mime_events *events;
	void *context;
	bool to_utf8;
	bool limited;
	struct mime_node *open[MIME_DEPTH_MAX + 1]; /* [0] the message, each in the one before */
	size_t count;
	size_t parts;
	uint64_t at; /* where in the message the next content is */
	size_t longest; /* of the boundaries that are open; 0: there are none */
	struct buf bytes; /* decoded, before they are given out */
	struct buf text;
};

/* Begins the message itself. */
void mime_tree_begin(struct mime_tree *t);

/* More content of the innermost part: what stands at t->at, which moves on. */
void mime_tree_content(struct mime_tree *t, struct slice bytes);

/* The innermost part's header is over. */
bool mime_tree_in_body(const struct mime_tree *t);

/* It is not, and a line end now would make an empty line, which ends it. */
bool mime_tree_in_empty_line(const struct mime_tree *t);

/*
 * The line (without its end) is a boundary of an open multipart: true, the multipart, and
 * whether this ends it.
 */
bool mime_tree_boundary(const struct mime_tree *t, struct slice line, size_t *which, bool *close);

/*
 * A boundary came: ends the parts in the multipart `which`, then it or begins the next. The
 * caller moves t->at behind the boundary.
 */
void mime_tree_cross(struct mime_tree *t, size_t which, bool close);

/* Ends all parts. */
void mime_tree_end(struct mime_tree *t);
void mime_tree_free(struct mime_tree *t);

#endif
