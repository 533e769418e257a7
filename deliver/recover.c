/*
 * Recovery: see recover.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/recover.h"

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"

struct decision {
	const struct intent *intent;
	enum finding finding;
};

/* What is done at most once, or was done when its intent was committed. */
static bool is_over(const struct intent *i)
{
	const struct slice kind = buf_slice(&i->kind);

	return slice_is(kind, action_name(ACTION_VACATION)) ||
		slice_is(kind, action_name(ACTION_NOTIFY)) ||
		slice_is(kind, action_name(ACTION_MARK));
}

/* A redirect of which nobody knows whether it is in the queue is sent again. */
static enum finding find(struct run *r, const struct intent *i, struct fault *why)
{
	const struct mailbox_ops *kind = target_kind(buf_slice(&i->scheme));

	if (is_over(i))
		return FINDING_STORED;
	if (!kind)
		return FINDING_ABSENT;
	return kind->recover(i, &r->around, clock_wall(), why);
}

/* A mailbox that another program keeps locked is waited for once, not for each message. */
static bool is_locked(const struct decision *before, const struct intent *i)
{
	const struct mailbox_ops *kind = target_kind(buf_slice(&i->scheme));

	return kind && kind->lock && before->finding == FINDING_DOUBT &&
		slice_equal(buf_slice(&before->intent->path), buf_slice(&i->path));
}

/* Once per mailbox: what was found there is durable, or nothing is said of it. */
static void sync_places(struct decision *list, size_t count, struct fault *why)
{
	for (size_t i = 0; i < count; i++) {
		const struct intent *at = list[i].intent;
		bool synced;
		const struct mailbox_ops *kind = target_kind(buf_slice(&at->scheme));

		if (!kind || (i > 0 && slice_equal(buf_slice(&at->path),
					       buf_slice(&list[i - 1].intent->path))))
			continue;
		synced = kind->recover_sync(buf_text(&at->path), why) == 0;
		for (size_t j = i; j < count && !synced &&
			slice_equal(buf_slice(&list[j].intent->path), buf_slice(&at->path)); j++) {
			if (list[j].finding == FINDING_STORED)
				list[j].finding = FINDING_DOUBT;
		}
	}
}

static int put_decision(struct ledger *l, const struct decision *d, struct fault *why)
{
	const struct intent *i = d->intent;

	if (d->finding == FINDING_DOUBT)
		return 0;
	if (d->finding == FINDING_ABSENT)
		return ledger_set_state(l, i, INTENT_OPEN, "", why);
	if (ledger_set_state(l, i, INTENT_DONE, "recovered", why) < 0)
		return -1;
	return ledger_finish_if_complete(l, buf_slice(&i->id), why);
}

static int put_decisions(struct run *r, const struct decision *list, size_t count,
	struct fault *why)
{
	if (ledger_begin(r->ledger, why) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (put_decision(r->ledger, &list[i], why) < 0) {
			ledger_rollback(r->ledger);
			return -1;
		}
	}
	return ledger_commit(r->ledger, why);
}

/* All that is pending at us; `doubt` gets the last reason why something is left. */
static int resolve(struct run *r, struct fault *doubt, struct fault *why)
{
	struct intent_list list;
	AUTO_FREE struct decision *decisions = NULL;
	int result;

	if (ledger_pending(r->ledger, r->owner.number, &list, why) < 0)
		return -1;
	decisions = mem_zero(list.count + 1, sizeof(*decisions));
	for (size_t i = 0; i < list.count; i++) {
		decisions[i].intent = &list.at[i];
		decisions[i].finding = i > 0 && is_locked(&decisions[i - 1], &list.at[i]) ?
			FINDING_DOUBT : find(r, &list.at[i], doubt);
	}
	sync_places(decisions, list.count, doubt);
	result = list.count > 0 ? put_decisions(r, decisions, list.count, why) : 0;
	intent_list_clear(&list);
	return result;
}

/* Every Maildir that the owner noted; those that cannot be read keep their note. */
static int sweep(struct run *r, struct owner *dead, bool *left)
{
	AUTO_STRINGS places = { 0 };
	struct fault why = { 0 };

	if (owner_read_notes(dead, &places, &why) < 0) {
		*left = true;
		return 0;
	}
	for (size_t i = 0; i < places.count; i++) {
		if (mailbox_maildir.sweep(places.at[i], dead, &r->host, r->ledger, &why) < 0) {
			say_detail("%s", why.text);
			*left = true;
		}
	}
	return 0;
}

int recover_owner(struct run *r, long number, struct fault *why)
{
	struct owner dead = OWNER_NONE;
	struct fault doubt = { 0 };
	bool left = false;
	int got = owner_take_number(r->state, number, &dead, why);

	if (got != 1)
		return got;
	if (marks_write(&r->marks, r->ledger, why) < 0 || ledger_begin(r->ledger, why) < 0)
		goto failed;
	if (ledger_take_over(r->ledger, number, r->owner.number, why) < 0) {
		ledger_rollback(r->ledger);
		goto failed;
	}
	if (ledger_commit(r->ledger, why) < 0 || resolve(r, &doubt, why) < 0)
		goto failed;
	sweep(r, &dead, &left);
	owner_leave(&dead, !left);
	if (doubt.kind != FAULT_NONE)
		*why = doubt;
	return 1;
failed:
	owner_leave(&dead, false);
	return -1;
}

int recover_self(struct run *r, struct fault *why)
{
	struct fault doubt = { 0 };

	if (marks_write(&r->marks, r->ledger, why) < 0 || resolve(r, &doubt, why) < 0)
		return -1;
	if (doubt.kind != FAULT_NONE)
		*why = doubt;
	return 0;
}

static int recover_list(struct run *r, const long *owners, size_t count, struct fault *why)
{
	for (size_t i = 0; i < count; i++) {
		struct fault reason = { 0 };

		if (owners[i] == r->owner.number)
			continue;
		if (recover_owner(r, owners[i], &reason) < 0) {
			*why = reason;
			return -1;
		}
	}
	return 0;
}

int recover_path(struct run *r, const char *path, struct fault *why)
{
	AUTO_FREE long *owners = NULL;
	size_t count;

	if (ledger_owners_of_path(r->ledger, r->owner.number, path, &owners, &count, why) < 0)
		return -1;
	return recover_list(r, owners, count, why);
}

int recover_all(struct run *r, struct fault *why)
{
	AUTO_FREE long *pending = NULL;
	AUTO_FREE long *noted = NULL;
	struct fault doubt = { 0 };
	bool left = false;
	size_t count;

	if (resolve(r, &doubt, why) < 0)
		return -1;
	sweep(r, &r->owner, &left);
	if (!left && ftruncate(r->owner.fd, 0) < 0)
		left = true;
	if (!left)
		strings_clear(&r->owner.noted);
	r->unclean = left;
	if (ledger_owners(r->ledger, r->owner.number, &pending, &count, why) < 0 ||
		recover_list(r, pending, count, why) < 0)
		return -1;
	if (owner_list(r->state, &noted, &count, why) < 0)
		return -1;
	return recover_list(r, noted, count, why);
}
