/*
 * Asking the rules before a message is fetched: see prefilter.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/prefilter.h"

#include <errno.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/line.h"
#include "common/base/say.h"
#include "common/mail/stream.h"
#include "fetch/source.h"

/* LIMIT: questions without an answer, and bytes of them that the child has not taken. */
enum { ASKED_MAX = 500, BYTES_MAX = 512 << 10 };
/* LIMIT: an answer is a word, and the name of a file with a line. */
enum { ANSWER_MAX = 8192 };
/* LIMIT: how long the child may think, and take to end when all is said. */
enum { ANSWER_MS = 60000, END_MS = 5000 };

struct asked {
	struct source *source; /* NULL: it is gone */
	uint64_t key;
};

struct prefilter {
	char *config;
	struct child child;
	bool broken; /* for the rest of the run: all is fetched */
	struct buf bytes;
	size_t written;
	uint64_t told; /* questions, to this child */
	struct line_reader answers;
	struct asked ring[ASKED_MAX];
	size_t first, count;
	int64_t deadline;
};

struct prefilter *prefilter_new(const char *config)
{
	struct prefilter *p = mem_zero(1, sizeof(*p));

	p->config = config ? mem_text(config) : NULL;
	p->child = (struct child)CHILD_NONE;
	p->answers = (struct line_reader){ .fd = -1, .name = "mr-filter decide",
		.limit = ANSWER_MAX };
	p->deadline = CLOCK_NEVER;
	return p;
}

static void end_child(struct prefilter *p, int64_t deadline)
{
	struct fault ignored;
	int status;

	if (p->child.pid)
		(void)child_wait(&p->child, deadline, &status, &ignored);
	p->child = (struct child)CHILD_NONE;
	line_reader_free(&p->answers);
	p->answers = (struct line_reader){ .fd = -1, .name = "mr-filter decide",
		.limit = ANSWER_MAX };
	buf_clear(&p->bytes);
	p->written = 0;
	p->told = 0;
}

/* The stream has its end when everything in it was taken: else the child would complain. */
static void end_well(struct prefilter *p)
{
	if (!p->child.pid)
		return;
	if (p->count == 0 && p->written == p->bytes.len) {
		buf_clear(&p->bytes);
		stream_put_done(&p->bytes, p->told);
		(void)!write(p->child.in, p->bytes.ptr, p->bytes.len);
	}
	end_child(p, clock_deadline(p->count ? 0 : END_MS));
}

void prefilter_free(struct prefilter *p)
{
	if (!p)
		return;
	end_well(p);
	buf_free(&p->bytes);
	free(p->config);
	free(p);
}

bool prefilter_asks(const struct prefilter *p)
{
	return p->count > 0;
}

bool prefilter_room(const struct prefilter *p)
{
	return p->count < ASKED_MAX && p->bytes.len - p->written < BYTES_MAX;
}

/* Doubt means that all of it is fetched; said once. */
static void give_up(struct prefilter *p, const char *what)
{
	if (!p->broken)
		say("prefilter: %s: all messages are fetched", what);
	p->broken = true;
	end_child(p, clock_deadline(0));
}

static int start(struct prefilter *p, struct fault *why)
{
	AUTO_FREE char *program = child_sibling("mr-filter");
	char *const with_config[] = { program, "-c", p->config, "decide", NULL };
	char *const plain[] = { program, "decide", NULL };
	const struct child_plan plan = { .argv = p->config ? with_config : plain,
		.in = CHILD_PIPE, .out = CHILD_PIPE, .err = CHILD_INHERIT, .own_group = true };
	struct preamble preamble = { .way = RECEIPTS_NONE };

	if (child_start(&plan, &p->child, why) < 0)
		return -1;
	if (io_set_nonblocking(p->child.in, true) < 0 || io_set_nonblocking(p->child.out, true) < 0)
		return fault_set(why, FAULT_TEMP, "its pipes: %s", strerror(errno));
	p->answers.fd = p->child.out;
	buf_add_text(&preamble.program, "mr-fetch " MAILRAIL_VERSION);
	stream_put_preamble(&p->bytes, &preamble);
	preamble_clear(&preamble);
	return 0;
}

static void put_question(struct prefilter *p, const struct frame *frame, struct slice header,
	uint64_t size)
{
	AUTO_FRAME told = { 0 };
	AUTO_BUF line = { 0 };

	frame_copy(&told, frame);
	if (size > 0) {
		buf_addf(&line, "size: %llu", (unsigned long long)size);
		strings_add(&told.others, buf_slice(&line));
	}
	stream_put_frame(&p->bytes, &told);
	stream_put_bytes(&p->bytes, header);
	stream_put_end(&p->bytes, header.len);
	p->told++;
}

void prefilter_ask(struct prefilter *p, struct source *s, const struct frame *frame,
	struct slice header, uint64_t size, uint64_t key)
{
	struct fault why;

	if (!p->broken && !p->child.pid && start(p, &why) < 0)
		give_up(p, why.text);
	if (!p->broken)
		put_question(p, frame, header, size);
	if (p->count == 0)
		p->deadline = clock_deadline(ANSWER_MS);
	p->ring[(p->first + p->count++) % ASKED_MAX] = (struct asked){ s, key };
}

void prefilter_forget(struct prefilter *p, const struct source *s)
{
	for (size_t i = 0; p && i < p->count; i++) {
		struct asked *a = &p->ring[(p->first + i) % ASKED_MAX];

		if (a->source == s)
			a->source = NULL;
	}
}

void prefilter_rest(struct prefilter *p)
{
	if (p->count > 0)
		return;
	end_well(p);
	p->broken = false;
}

/* `rule` NULL: fetch it. */
static void answer(struct prefilter *p, const char *rule)
{
	struct asked a = p->ring[p->first];

	p->first = (p->first + 1) % ASKED_MAX;
	p->count--;
	p->deadline = p->count > 0 ? clock_deadline(ANSWER_MS) : CLOCK_NEVER;
	if (a.source)
		a.source->ops->decided(a.source, a.key, rule);
}

static bool take_answer(struct prefilter *p, struct slice line)
{
	AUTO_FREE char *rule = NULL;

	if (p->count == 0)
		return false;
	if (slice_is(line, "fetch")) {
		answer(p, NULL);
		return true;
	}
	if (!slice_starts(line, "discard ") || line.len == 8)
		return false;
	rule = slice_copy(slice_from(line, 8));
	answer(p, rule);
	return true;
}

static bool write_some(struct prefilter *p)
{
	bool moved = false;

	while (p->child.pid && p->written < p->bytes.len) {
		ssize_t n = write(p->child.in, p->bytes.ptr + p->written,
			p->bytes.len - p->written);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			give_up(p, "mr-filter does not listen");
		if (n < 0)
			break;
		p->written += (size_t)n;
		moved = true;
	}
	if (p->written > 0 && (p->written == p->bytes.len || p->written >= BYTES_MAX)) {
		buf_drop(&p->bytes, p->written);
		p->written = 0;
	}
	return moved;
}

static bool read_answers(struct prefilter *p)
{
	bool moved = false;
	struct slice line;
	struct fault why;

	while (p->child.pid) {
		int got = line_read(&p->answers, &line, &why);

		if (got == 2)
			break;
		moved = true;
		if (got == 1 && take_answer(p, line))
			continue;
		give_up(p, got == 0 ? "mr-filter ended" :
			got < 0 ? why.text : "mr-filter gives no answer");
	}
	return moved;
}

bool prefilter_step(struct prefilter *p)
{
	bool moved = write_some(p);

	moved |= read_answers(p);
	if (p->count > 0 && p->deadline <= clock_tick())
		give_up(p, "mr-filter does not answer");
	while (p->broken && p->count > 0) {
		answer(p, NULL);
		moved = true;
	}
	return moved;
}

size_t prefilter_poll(const struct prefilter *p, struct pollfd *set)
{
	size_t count = 0;

	if (!p->child.pid || p->count == 0)
		return 0;
	if (p->written < p->bytes.len)
		set[count++] = (struct pollfd){ .fd = p->child.in, .events = POLLOUT };
	set[count++] = (struct pollfd){ .fd = p->answers.fd, .events = POLLIN };
	return count;
}

int64_t prefilter_deadline(const struct prefilter *p)
{
	return p->deadline;
}
