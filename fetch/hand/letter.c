/*
 * Messages on their way into the stream: see letter.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/letter.h"

#include "fetch/source.h"

void letter_begin(struct source *s, const struct frame *frame, uint64_t key)
{
	letter_free(&s->letter);
	s->letter.open = true;
	s->letter.key = key;
	feed_begin(s->feed, s, frame, key);
}

void letter_bytes(struct source *s, struct slice bytes)
{
	s->letter.size += bytes.len;
	digest_bytes(&s->letter.coming, bytes);
	feed_bytes(s->feed, bytes);
}

bool letter_end(struct source *s)
{
	feed_end(s->feed);
	s->letter.digest = digest_end(&s->letter.coming);
	s->letter.open = false;
	return true;
}

void letter_free(struct letter *l)
{
	digest_free(&l->coming);
	*l = (struct letter){ 0 };
}
