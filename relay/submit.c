/*
 * From standard input into the queue: see submit.h.
 *
 * The bytes walk read -> CRLF to LF -> lone dot -> compose (header) -> content file.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/submit.h"

#include <errno.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/mail/date.h"
#include "common/mail/lineend.h"
#include "relay/compose.h"
#include "relay/enqueue.h"
#include "relay/identity.h"
#include "relay/recipients.h"

/* LIMIT: one read. */
enum { READ_SIZE = 65536 };

/* The line of one dot that ends the input, wherever the reads cut it. */
struct dot_end {
	bool middle; /* not at the start of a line */
	bool dot;    /* a dot at the start of a line is held back */
	bool ended;
};

static void dot_push(struct dot_end *state, struct slice in, struct buf *out)
{
	for (size_t i = 0; i < in.len && !state->ended; i++) {
		char byte = in.ptr[i];

		if (state->dot && byte == '\n') {
			state->ended = true;
			return;
		}
		if (state->dot)
			buf_add_byte(out, '.');
		state->dot = !state->middle && !state->dot && byte == '.';
		state->middle = byte != '\n';
		if (!state->dot)
			buf_add_byte(out, byte);
	}
}

struct submission {
	const struct sendmail_options *options;
	struct draft *draft;
	struct compose *compose;
	struct lineend lineend;
	struct dot_end dots;
	bool any; /* at least one byte of a message came */
	struct buf lines;
	struct buf kept;
	struct buf out;
};

static void submission_free(struct submission *s)
{
	buf_free(&s->lines);
	buf_free(&s->kept);
	buf_free(&s->out);
}

/* What came out of the line ends goes through the dot rule and the header to the file. */
static int pass_on(struct submission *s, struct fault *why)
{
	struct buf *text = &s->lines;

	if (!s->options->ignore_dots) {
		buf_clear(&s->kept);
		dot_push(&s->dots, buf_slice(&s->lines), &s->kept);
		text = &s->kept;
	}
	s->any = s->any || text->len > 0;
	buf_clear(&s->out);
	if (compose_push(s->compose, buf_slice(text), &s->out, why) < 0)
		return -1;
	buf_clear(&s->lines);
	return draft_write(s->draft, buf_slice(&s->out), why);
}

static int finish(struct submission *s, struct fault *why)
{
	lineend_finish(&s->lineend, &s->lines);
	if (!s->dots.ended && s->lines.len > 0 && pass_on(s, why) < 0)
		return -1;
	if (!s->any)
		return fault_set(why, FAULT_TEMP, "the message on standard input is empty");
	buf_clear(&s->out);
	if (compose_finish(s->compose, &s->out, why) < 0)
		return -1;
	return draft_write(s->draft, buf_slice(&s->out), why);
}

static int read_message(struct submission *s, int fd, struct fault *why)
{
	AUTO_FREE char *bytes = mem_get(READ_SIZE);

	while (!s->dots.ended) {
		ssize_t n = io_read(fd, bytes, READ_SIZE);

		if (n == 0)
			break;
		if (n < 0)
			return fault_set(why, FAULT_TEMP, "read standard input: %s",
				strerror(errno));
		lineend_to_lf(&s->lineend, slice_of(bytes, (size_t)n), &s->lines);
		if (pass_on(s, why) < 0)
			return -1;
	}
	return finish(s, why);
}

/* The sender given, else the configured one, else the user. */
static int find_sender(const struct relay_settings *settings, const char *given, char **out,
	struct fault *why)
{
	AUTO_BUF login = { 0 };

	if (given)
		return sender_read(given, settings->hostname, out, why);
	if (settings->sender) {
		if (sender_read(settings->sender, settings->hostname, out, why) == 0)
			return 0;
		why->kind = FAULT_CONFIG;
		return fault_prefix(why, "relay.sender");
	}
	identity_login(&login);
	return sender_read(buf_text(&login), settings->hostname, out, why);
}

/* The From to supply: it names the user also where the envelope has the null sender. */
static int make_from(const struct relay_settings *settings,
	const struct sendmail_options *options, const char *sender, struct buf *out,
	struct fault *why)
{
	AUTO_FREE char *user = NULL;
	AUTO_BUF name = { 0 };

	if (options->name && recipients_has_control(slice_text(options->name)))
		return fault_set(why, FAULT_DATA, "-F: a name has no control characters");
	if (sender[0] == '\0' && find_sender(settings, NULL, &user, why) < 0)
		return -1;
	if (options->name)
		buf_add_text(&name, options->name);
	else
		identity_full_name(&name);
	identity_put_from(buf_slice(&name), slice_text(user ? user : sender), out);
	return 0;
}

static int collect_arguments(const struct relay_settings *settings,
	const struct sendmail_options *options, struct strings *out, struct fault *why)
{
	for (int i = 0; i < options->count; i++) {
		if (recipients_read_argument(options->recipients[i], settings->hostname, out,
			    why) < 0)
			return -1;
	}
	if (out->count == 0 && !options->from_header)
		return fault_set(why, FAULT_USAGE, "no recipients: give them as arguments, or "
			"-t to take them from the header");
	return 0;
}

static int take_message(struct draft *draft, const struct compose_plan *plan,
	const struct sendmail_options *options, struct strings *recipients, int fd,
	struct fault *why)
{
	AUTO_COMPOSE *compose = compose_new(plan);
	struct submission s = { .options = options, .draft = draft, .compose = compose };
	int result = read_message(&s, fd, why);

	submission_free(&s);
	if (result < 0)
		return -1;
	for (size_t i = 0; i < compose_recipients(compose)->count; i++)
		strings_add(recipients, slice_text(compose_recipients(compose)->at[i]));
	if (recipients->count == 0)
		return fault_set(why, FAULT_DATA, "the header names no recipients");
	return recipients_add_once(recipients, &draft->envelope, why);
}

int submit(const struct relay_settings *settings, const struct sendmail_options *options,
	int fd, char **id, struct fault *why)
{
	AUTO_STRINGS recipients = { 0 };
	AUTO_BUF from = { 0 };
	AUTO_BUF date = { 0 };
	AUTO_BUF message_id = { 0 };
	AUTO_FREE char *sender = NULL;
	AUTO_QUEUE queue = QUEUE_NONE;
	AUTO_DRAFT draft = DRAFT_NONE;
	struct compose_plan plan = { .hostname = settings->hostname,
		.take_recipients = options->from_header };

	if (collect_arguments(settings, options, &recipients, why) < 0 ||
		find_sender(settings, options->sender, &sender, why) < 0 ||
		make_from(settings, options, sender, &from, why) < 0 ||
		queue_open(settings->queue, &queue, why) < 0 ||
		draft_open(&queue, &draft, why) < 0)
		return -1;
	date_put_header(&date, clock_wall());
	buf_addf(&message_id, "<%s@%s>", draft.id, settings->hostname);
	plan.from = buf_text(&from);
	plan.date = buf_text(&date);
	plan.message_id = buf_text(&message_id);
	if (take_message(&draft, &plan, options, &recipients, fd, why) < 0)
		return -1;
	draft.envelope.sender = mem_text(sender);
	if (queue_commit(&queue, &draft, 1, why) < 0)
		return -1;
	*id = mem_text(draft.id);
	return 0;
}
