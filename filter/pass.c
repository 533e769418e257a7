/*
 * The main job: see pass.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/pass.h"

#include <inttypes.h>
#include <signal.h>

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/mail/outlet.h"
#include "filter/edit/variants.h"
#include "filter/gather.h"

struct pass_state {
	const struct ruleset *rules;
	struct questions *questions;
	const struct filter_settings *settings;
	struct outlet out;
	struct gather_state gather;
	struct frame *frame; /* of the open message; NULL between messages */
	struct message message;
	struct verdict verdict;
	unsigned *variants;  /* owned; NULL: not decided */
	size_t variant_count;
	uint64_t size;       /* of its bytes, or those of the variant, as they go out */
	bool sent;           /* its frame is out: bytes go straight on */
	bool as_it_is;       /* a variant that a filter before us decided */
	uint64_t number;     /* of the message, from 1 */
	bool preamble;
	bool broken_told;
};

/* How a line on stderr names the message. */
static void name_message(const struct pass_state *p, struct buf *out)
{
	if (p->frame && p->frame->id.len > 0)
		buf_addf(out, "message %.100s", buf_text(&p->frame->id));
	else
		buf_addf(out, "message %" PRIu64, p->number);
}

static void tell_rules_broken(struct pass_state *p)
{
	const struct script *broken = ruleset_broken(p->rules);
	const struct problem *first;

	if (!broken || p->broken_told)
		return;
	p->broken_told = true;
	first = &broken->problems.at[0];
	say("%s:%u:%u: %s (mail that comes to this file is kept)", broken->path, first->line,
		first->column, first->text);
}

/* A plain message has no preamble: we are the first of the pipe. */
static int start_output(struct pass_state *p, struct fault *why)
{
	struct preamble own = { 0 };
	int result;

	if (p->preamble)
		return 0;
	p->preamble = true;
	buf_addf(&own.program, "%s %s", say_program(), MAILRAIL_VERSION);
	stream_put_preamble(&p->out.pending, &own);
	result = outlet_flush(&p->out, why);
	preamble_clear(&own);
	return result;
}

static void forget(struct pass_state *p)
{
	verdict_clear(&p->verdict);
	message_close(&p->message);
	free(p->variants);
	p->variants = NULL;
	p->variant_count = 0;
	p->size = 0;
}

static void decide(struct pass_state *p)
{
	AUTO_BUF name = { 0 };
	struct world world = { .message = &p->message, .questions = p->questions,
		.settings = p->settings, .now = clock_wall() };

	name_message(p, &name);
	gather_message(&p->gather, p->frame, &p->message);
	if (p->gather.cut)
		say("%s: the header is longer than 1 MiB; rules saw its first 1 MiB", name.ptr);
	questions_forget(p->questions);
	ruleset_decide(p->rules, &world, &p->verdict);
	if (p->verdict.error.kind == FAULT_RUNTIME)
		say("%s (%s is kept)", p->verdict.error.text, name.ptr);
	p->variant_count = variants_list(&p->verdict, &p->variants);
}

/* The frame of the k-th variant, with its actions. */
static void put_frame(struct pass_state *p, size_t k)
{
	struct frame *frame = p->frame;

	for (size_t i = 0; i < frame->action_count; i++) {
		free(frame->actions[i].rule);
		free(frame->actions[i].command);
	}
	frame->action_count = 0;
	frame->decided = true;
	if (p->verdict.after.len > 0)
		buf_set(&frame->after, buf_slice(&p->verdict.after));
	for (size_t i = 0; i < p->verdict.count; i++) {
		const struct action *action = &p->verdict.actions[i];
		AUTO_BUF command = { 0 };

		if (!variants_has(action, p->variants[k], k))
			continue;
		action_put(&command, action);
		frame_add_action(frame, slice_text(action->rule), buf_slice(&command));
	}
	if (p->variant_count > 1) {
		frame->variant = (unsigned)k + 1;
		frame->variants = (unsigned)p->variant_count;
	}
	stream_put_frame(&p->out.pending, frame);
	p->sent = true;
	p->size = 0;
}

static int put_bytes(struct pass_state *p, struct slice bytes, struct fault *why)
{
	stream_put_bytes(&p->out.pending, bytes);
	p->size += bytes.len;
	return outlet_spill(&p->out, why);
}

static int put_spool(struct pass_state *p, const struct spool *spool, uint64_t at,
	struct fault *why)
{
	AUTO_BUF chunk = { 0 };
	size_t got;

	buf_reserve(&chunk, OUTLET_ROOM);
	do {
		if (spool_read(spool, at, chunk.ptr, OUTLET_ROOM, &got, why) < 0 ||
			put_bytes(p, slice_of(chunk.ptr, got), why) < 0)
			return -1;
		at += got;
	} while (got > 0);
	return 0;
}

/* The k-th variant as far as it has come: header, then body. */
static int send_variant(struct pass_state *p, size_t k, struct fault *why)
{
	const struct versions *versions = &p->verdict.versions;
	const struct message *m = versions_message(versions, p->variants[k]);
	const struct spool *body = versions_body(versions, p->variants[k]);

	put_frame(p, k);
	if (put_bytes(p, m->header, why) < 0)
		return -1;
	if (!body && !p->gather.whole)
		return put_bytes(p,
			slice_from(buf_slice(&p->gather.head), (size_t)m->body_at), why);
	return put_spool(p, body ? body : &p->gather.spool, m->body_at, why);
}

/* All of them but the end of the last one. */
static int send_variants(struct pass_state *p, struct fault *why)
{
	for (size_t k = 0; k < p->variant_count; k++) {
		if (k > 0)
			stream_put_end(&p->out.pending, p->size);
		if (send_variant(p, k, why) < 0)
			return -1;
	}
	return 0;
}

/* The header has come, and is all that rules need. */
static int decide_early(struct pass_state *p, struct fault *why)
{
	decide(p);
	if (p->variant_count == 1)
		return send_variants(p, why);
	/* Each variant has the body, and only the first could have it while it comes. */
	return gather_hold(&p->gather, why);
}

static int on_frame(struct pass_state *p, struct frame *frame)
{
	p->frame = frame;
	p->number++;
	p->as_it_is = frame->variants > 0;
	p->sent = p->as_it_is;
	forget(p);
	gather_clear(&p->gather);
	p->gather.whole = p->rules->needs != 0;
	tell_rules_broken(p);
	if (p->as_it_is)
		stream_put_frame(&p->out.pending, frame);
	return 0;
}

static int on_bytes(struct pass_state *p, struct slice bytes, struct fault *why)
{
	if (p->sent)
		return put_bytes(p, bytes, why);
	if (gather_add(&p->gather, bytes, why) < 0)
		return -1;
	return p->gather.complete && !p->gather.whole ? decide_early(p, why) : 0;
}

static int on_end(struct pass_state *p, struct fault *why)
{
	if (!p->sent && !p->variants) {
		gather_end(&p->gather);
		decide(p);
	}
	if (!p->sent && send_variants(p, why) < 0)
		return -1;
	stream_put_end(&p->out.pending, p->size);
	p->frame = NULL;
	return outlet_spill(&p->out, why);
}

/* A cut message is announced all the same: the count at the end stays right. */
static void put_cut(struct pass_state *p, const char *reason)
{
	if (!p->sent)
		stream_put_frame(&p->out.pending, p->frame);
	stream_put_cut(&p->out.pending, reason);
	p->frame = NULL;
}

static int on_event(struct pass_state *p, const struct stream_event *event, struct fault *why)
{
	AUTO_FREE char *reason = NULL;

	if (event->kind != STREAM_PREAMBLE && start_output(p, why) < 0)
		return -1;
	switch (event->kind) {
	case STREAM_FRAME:
		return on_frame(p, event->frame);
	case STREAM_BYTES:
		return on_bytes(p, event->bytes, why);
	case STREAM_END:
		return on_end(p, why);
	case STREAM_CUT:
		reason = slice_copy(event->reason);
		put_cut(p, reason);
		return outlet_flush(&p->out, why);
	case STREAM_PREAMBLE:
		/* An interrupt is for the first program of the pipe, which ends the stream. */
		(void)signal(SIGINT, SIG_IGN);
		p->preamble = true;
		break;
	case STREAM_ABORT:
		if (outlet_pass(&p->out, event, why) < 0)
			return -1;
		reason = slice_copy(event->reason);
		return fault_set(why, FAULT_TEMP, "the input broke off: %s", reason);
	default:
		break;
	}
	return outlet_pass(&p->out, event, why);
}

/* The input or we ourselves failed: what is open is cut, and the stream says why it ends. */
static void put_abort(struct pass_state *p, const struct fault *why)
{
	struct fault ignored;

	if (start_output(p, &ignored) < 0)
		return;
	if (p->frame)
		put_cut(p, why->text);
	stream_put_abort(&p->out.pending, why->text);
	outlet_flush(&p->out, &ignored);
}

static int run(struct pass_state *p, struct intake *in, struct fault *why)
{
	bool aborted = false;
	int got = 1;

	while (got == 1) {
		struct stream_event event;

		/*
		 * The next program may wait for what is held here: it goes out before we
		 * wait. What lies in the intake's buffer may be no whole event.
		 */
		got = intake_next(in, p->out.pending.len > 0 ? 0 : CLOCK_NEVER, &event, why);
		if (got == 2) {
			if (outlet_flush(&p->out, why) < 0)
				return -1;
			got = 1;
			continue;
		}
		if (got != 1)
			break;
		aborted = event.kind == STREAM_ABORT;
		if (on_event(p, &event, why) < 0) {
			if (!aborted)
				put_abort(p, why);
			return -1;
		}
	}
	if (got < 0)
		put_abort(p, why);
	return got < 0 ? -1 : outlet_flush(&p->out, why);
}

int pass(struct intake *in, int out, const struct ruleset *rules, struct questions *questions,
	const struct filter_settings *settings, struct fault *why)
{
	struct pass_state p = {
		.rules = rules,
		.questions = questions,
		.settings = settings,
		.out = { .fd = out, .name = "standard output" },
		.gather = GATHER_NONE,
	};
	int result = run(&p, in, why);

	forget(&p);
	gather_free(&p.gather);
	outlet_drop(&p.out);
	return result;
}
