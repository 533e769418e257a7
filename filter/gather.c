/*
 * The bytes of one message as they come: see gather.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/gather.h"

static void complete(struct gather_state *g, size_t len, bool cut)
{
	g->complete = true;
	g->cut = cut || len > MESSAGE_HEADER_MAX;
	g->header_len = g->cut ? MESSAGE_HEADER_MAX : len;
}

/*
 * An empty line is what ends most headers: the whole is looked at only when one came, or
 * when it has doubled, so that a header in tiny pieces costs no more than twice.
 */
static bool worth_a_look(const struct gather_state *g)
{
	size_t from = g->looked > 3 ? g->looked - 3 : 0;
	struct slice fresh = slice_from(buf_slice(&g->head), from);

	return g->looked == 0 || g->head.len >= 2 * g->looked ||
		slice_find(fresh, SLICE("\n\n")) >= 0 || slice_find(fresh, SLICE("\n\r\n")) >= 0;
}

static void look(struct gather_state *g, bool ended)
{
	ptrdiff_t len = header_length(buf_slice(&g->head), ended);

	g->looked = g->head.len;
	if (len >= 0)
		complete(g, (size_t)len, false);
	else if (g->head.len > MESSAGE_HEADER_MAX)
		complete(g, MESSAGE_HEADER_MAX, true);
}

int gather_add(struct gather_state *g, struct slice bytes, struct fault *why)
{
	if (!g->complete) {
		buf_add_slice(&g->head, bytes);
		if (worth_a_look(g) || g->head.len > MESSAGE_HEADER_MAX)
			look(g, false);
	}
	return g->whole ? spool_add(&g->spool, bytes, why) : 0;
}

int gather_hold(struct gather_state *g, struct fault *why)
{
	g->whole = true;
	return spool_add(&g->spool, buf_slice(&g->head), why);
}

void gather_end(struct gather_state *g)
{
	if (!g->complete)
		look(g, true);
}

void gather_message(struct gather_state *g, const struct frame *frame, struct message *out)
{
	*out = (struct message){
		.frame = frame,
		.header = slice_first(buf_slice(&g->head), g->header_len),
		.size = g->spool.size,
		.spool = g->whole ? &g->spool : NULL,
		.header_size = g->header_len,
		.body_at = g->header_len,
		.cut = g->cut,
	};
}

void gather_clear(struct gather_state *g)
{
	buf_clear(&g->head);
	spool_clear(&g->spool);
	g->complete = false;
	g->cut = false;
	g->looked = 0;
	g->header_len = 0;
}

void gather_free(struct gather_state *g)
{
	buf_free(&g->head);
	spool_free(&g->spool);
}
