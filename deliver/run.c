/*
 * A run: see run.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/run.h"

#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/mail/receipt.h"
#include "deliver/recover.h"

int run_open(struct run *r, const struct deliver_settings *settings, const struct stores *stores,
	struct fault *why)
{
	*r = (struct run){ .settings = settings, .stores = stores, .owner = OWNER_NONE,
		.spool = SPOOL_NONE };
	r->receipts.fd = -1;
	outgoing_start(&r->outgoing, settings->relay_program);
	host_read(&r->host);
	r->around = (struct surroundings){ .owner = &r->owner, .host = &r->host,
		.spool = &r->spool, .lock_timeout = settings->lock_timeout,
		.file_mode = settings->group_readable ? 0640 : 0600,
		.directory_mode = settings->group_readable ? 0750 : 0700 };
	r->targets = (struct targets){ .stores = stores, .around = &r->around };
	r->state = paths_state(why);
	if (!r->state)
		return -1;
	if (owner_take(r->state, &r->owner, why) < 0)
		return -1;
	/* A run that ends before its recovery must not forget what a dead one left. */
	r->unclean = owner_read_notes(&r->owner, &r->owner.noted, NULL) < 0 ||
		r->owner.noted.count > 0;
	return 0;
}

int run_open_ledger(struct run *r, struct fault *why)
{
	if (ledger_open(r->state, LEDGER_WRITE, &r->ledger, why) < 0)
		return -1;
	return recover_all(r, why);
}

struct part *run_next_stored(const struct run *r, size_t *unit, size_t *part)
{
	for (; *unit < r->count; ++*unit, *part = 0) {
		struct unit *u = r->units[*unit];

		if (u->verdict != VERDICT_WANTED)
			continue;
		while (*part < u->count) {
			struct part *p = &u->parts[(*part)++];

			if (p->state == PART_WANTED && p->entry.box)
				return p;
		}
	}
	return NULL;
}

static void say_again(struct run *r)
{
	if (r->again > 0)
		say("the last line holds for %llu more", (unsigned long long)r->again);
	r->again = 0;
}

void run_say(struct run *r, const struct unit *u, const char *text)
{
	if (slice_is(buf_slice(&r->reason), text)) {
		r->again++;
		return;
	}
	say_again(r);
	if (u && u->account.len > 0)
		say("account %s: %s", buf_text(&u->account), text);
	else
		say("%s", text);
	buf_set(&r->reason, slice_text(text));
}

void run_answer(struct run *r, struct unit *u)
{
	const bool stored = u->verdict == VERDICT_STORED;
	AUTO_BUF text = { 0 };

	if (u->copy) {
		buf_addf(&text, "the copy of what was sent is not filed: %s", u->why.text);
		if (!stored)
			run_say(r, u, buf_text(&text));
	} else if (stored) {
		r->stored++;
		if (u->refusal)
			say("refused: %s", u->refusal);
		r->status = status_worse(r->status, u->refusal ? FAULT_REFUSED : FAULT_NONE);
	} else {
		r->deferred++;
		r->status = status_worse(r->status, FAULT_TEMP);
		buf_addf(&text, "a message was not stored and stays where it is: %s", u->why.text);
		run_say(r, u, buf_text(&text));
	}
	if (u->id.len > 0 && r->receipts.fd >= 0)
		receipt_put(&r->receipts.pending, stored ? RECEIPT_STORED : RECEIPT_DEFERRED,
			buf_slice(&u->id), stored ? NULL : u->why.text);
	unit_free(u);
}

void run_close(struct run *r)
{
	struct fault why = { 0 };
	int receipts = r->receipts.fd;

	for (size_t i = 0; i < r->count; i++)
		unit_free(r->units[i]);
	free(r->units);
	for (size_t i = 0; i < r->copy_count; i++)
		unit_free(r->copies[i]);
	free(r->copies);
	if (r->ledger && marks_write(&r->marks, r->ledger, &why) < 0) {
		say_fault(&why);
		r->unclean = true;
	}
	say_again(r);
	if (outgoing_end(&r->outgoing, &why) < 0)
		r->status = status_worse(r->status, say_fault(&why));
	marks_clear(&r->marks);
	targets_close(&r->targets);
	spool_close(&r->spool);
	ledger_close(r->ledger);
	owner_leave(&r->owner, !r->unclean);
	outlet_drop(&r->receipts);
	io_close_at(&receipts);
	host_clear(&r->host);
	buf_free(&r->reason);
	free(r->state);
}
