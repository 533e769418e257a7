/*
 * Targets: see target.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/target.h"

/* LIMIT: mailboxes kept open between batches; each may hold four descriptors. */
enum { KEEP_OPEN = 60 };

/* One row per kind of mailbox. */
static const struct mailbox_ops *const kinds[] = {
	&mailbox_maildir,
	&mailbox_mbox,
};

const struct mailbox_ops *target_kind(struct slice scheme)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (slice_is(scheme, kinds[i]->scheme))
			return kinds[i];
	}
	return NULL;
}

int target_find(struct targets *t, const char *folder, struct mailbox **out, struct fault *why)
{
	AUTO_BUF path = { 0 };
	enum store_kind kind = t->stores->inbox.kind;
	bool inbox = true;
	const struct mailbox_ops *ops;

	if (folder) {
		if (folder_place(t->stores, slice_text(folder), &kind, &path, &inbox, why) < 0)
			return -1;
	} else {
		buf_add_text(&path, t->stores->inbox.path);
	}
	for (size_t i = 0; i < t->count; i++) {
		*out = t->at[i];
		if (strcmp((*out)->path, buf_text(&path)) == 0)
			return 0;
	}
	ops = target_kind(slice_text(store_scheme(kind)));
	if (ops->open(buf_text(&path), inbox, t->around, out, why) < 0)
		return -1;
	t->at = mem_grow(t->at, t->count + 1, sizeof(*t->at));
	t->at[t->count++] = *out;
	return 0;
}

static void close_all(struct targets *t)
{
	for (size_t i = 0; i < t->count; i++)
		t->at[i]->ops->close(t->at[i]);
	t->count = 0;
}

void targets_release(struct targets *t, bool may_close)
{
	for (size_t i = 0; i < t->count; i++) {
		struct mailbox *box = t->at[i];

		if (!box->in_use)
			continue;
		box->ops->release(box);
		box->in_use = false;
		box->failed = false;
	}
	if (may_close && t->count > KEEP_OPEN)
		close_all(t);
}

void targets_close(struct targets *t)
{
	close_all(t);
	free(t->at);
	t->at = NULL;
}
