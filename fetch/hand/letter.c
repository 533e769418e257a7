/*
 * Messages on their way into the stream: see letter.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/letter.h"

#include "fetch/source.h"

void letter_begin(struct source *s, const struct frame *frame, uint64_t key)
{
	s->letter = (struct letter){ .open = true, .key = key };
	feed_begin(s->feed, s, frame, key);
}

void letter_bytes(struct source *s, struct slice bytes)
{
	s->letter.size += bytes.len;
	feed_bytes(s->feed, bytes);
}

bool letter_end(struct source *s)
{
	feed_end(s->feed);
	s->letter.open = false;
	return true;
}

void letter_free(struct letter *l)
{
	*l = (struct letter){ 0 };
}
