/*
 * relay/envelope and relay/dsn: what reads is written again and reads to the same; events
 * with any text keep it readable; a bounce of it is text with one frame.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "relay/dsn.h"

static void must(bool right)
{
	if (!right)
		abort();
}

static void check_counts(const struct envelope *e)
{
	size_t sum = 0;

	for (int state = RECIPIENT_WAITING; state <= RECIPIENT_BOUNCED; state++)
		sum += envelope_count(e, (enum recipient_state)state);
	must(sum == e->count && e->count > 0);
	must((envelope_next(e) == INT64_MAX) == (envelope_count(e, RECIPIENT_WAITING) == 0));
}

/* The head alone, written by us, is the same envelope without its events. */
static void write_again(const struct envelope *e)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF more = { 0 };
	AUTO_ENVELOPE back = { 0 };

	envelope_put_head(&text, e);
	must(envelope_read(buf_slice(&text), &back, NULL) == 0);
	must(back.count == e->count && back.created == e->created && back.size == e->size);
	must(back.whole == text.len && strcmp(back.sender, e->sender) == 0);
	envelope_put_head(&more, &back);
	must(slice_equal(buf_slice(&text), buf_slice(&more)));
}

static void add_events(struct envelope *e, struct slice text)
{
	AUTO_BUF lines = { 0 };
	struct fault why;

	for (int kind = EVENT_OPEN; kind <= EVENT_NOW; kind++) {
		const struct envelope_event event = { .kind = (enum envelope_event_kind)kind,
			.index = e->count - 1, .when = 5, .next = 9, .text = text };

		envelope_put_event(&lines, &event);
	}
	must(envelope_apply(e, buf_slice(&lines), &why) == 0);
	check_counts(e);
}

static void bounce(struct envelope *e, struct slice header)
{
	AUTO_BUF out = { 0 };
	const struct dsn d = { .hostname = "h", .remote = "r", .id = "b", .original = "m",
		.now = 1, .envelope = e, .header = header };

	e->at[0].state = RECIPIENT_FAILED;
	dsn_put(&d, &out);
	must(slice_find_byte(buf_slice(&out), '\0') < 0);
	must(slice_ends_case(buf_slice(&out), "\n--b/h--\n"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ENVELOPE e = { 0 };
	struct fault why;

	if (envelope_read(slice_of(data, size), &e, &why) < 0) {
		must(why.kind == FAULT_DATA);
		return 0;
	}
	must(e.whole <= size);
	check_counts(&e);
	write_again(&e);
	add_events(&e, slice_of(data, size));
	bounce(&e, slice_of(data, size));
	return 0;
}
