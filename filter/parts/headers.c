/*
 * The header of a part as rules see it: see headers.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/parts/headers.h"

/* LIMIT: what is held of the headers of parts, with what each costs beside its bytes. */
enum { HELD_MAX = 1 << 20, HELD_EACH = 8 << 10 };

static void forget_all(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct part *p = &parts->at[i];

		if (!p->header)
			continue;
		message_close(p->header);
		free(p->header);
		p->header = NULL;
		buf_free(&p->header_bytes);
	}
	parts->headers_held = 0;
}

static int load(const struct message *message, struct part *p, struct fault *why)
{
	uint64_t len = p->body_at - p->header_at;
	struct buf *to = &p->header_bytes;

	if (len > MESSAGE_HEADER_MAX)
		len = MESSAGE_HEADER_MAX;
	buf_reserve(to, (size_t)len);
	while (to->len < len) {
		size_t got;

		if (message_read(message, p->header_at + to->len, to->ptr + to->len,
			    (size_t)len - to->len, &got, why) < 0)
			return -1;
		if (got == 0)
			break;
		to->len += got;
	}
	to->ptr[to->len] = '\0';
	return 0;
}

struct message *headers_of(struct message *message, size_t part, struct fault *why)
{
	struct parts *parts = part == 0 ? NULL : parts_of(message, why);
	struct part *p;

	if (!parts)
		return part == 0 ? message : NULL;
	p = &parts->at[part];
	if (p->header)
		return p->header;
	if (parts->headers_held > HELD_MAX)
		forget_all(parts);
	if (load(message, p, why) < 0) {
		buf_free(&p->header_bytes);
		return NULL;
	}
	parts->headers_held += p->header_bytes.len + HELD_EACH;
	p->header = mem_zero(1, sizeof(*p->header));
	p->header->frame = message->frame;
	p->header->header = buf_slice(&p->header_bytes);
	return p->header;
}
