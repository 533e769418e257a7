/*
 * What a program is asked: see question.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/programs/question.h"

#include "common/base/sha256.h"
#include "common/mail/token.h"

enum { PIECE = 64 << 10 };

void program_answer_clear(struct program_answer *a)
{
	spool_free(&a->output);
	buf_free(&a->said);
	*a = (struct program_answer)PROGRAM_ANSWER_NONE;
}

int program_question_read(const struct program_question *q, uint64_t at, char *ptr, size_t len,
	size_t *got, struct fault *why)
{
	uint64_t left;

	*got = 0;
	if (!q->has_input)
		return 0;
	if (q->message) {
		left = q->to > q->from + at ? q->to - q->from - at : 0;
		return left == 0 ? 0 : message_read(q->message, q->from + at, ptr,
			left < len ? (size_t)left : len, got, why);
	}
	left = at < q->text.len ? q->text.len - at : 0;
	*got = left < len ? (size_t)left : len;
	memcpy(ptr, q->text.ptr + (left ? at : 0), *got);
	return 0;
}

void program_question_name(const struct program_question *q, struct buf *out)
{
	buf_add_text(out, "program ");
	token_put_string(out, slice_text(q->name));
	buf_add_text(out, " [");
	for (size_t i = 0; i < q->arguments->count; i++) {
		if (i > 0)
			buf_add_text(out, ", ");
		token_put_string(out, slice_text(q->arguments->at[i]));
	}
	buf_add_byte(out, ']');
}

/* One piece filled as far as the input goes, so that pieces do not depend on who reads. */
static int read_piece(const struct program_question *q, uint64_t at, char *room, size_t *len,
	struct fault *why)
{
	size_t got = 1;

	*len = 0;
	while (*len < PIECE && got > 0) {
		if (program_question_read(q, at + *len, room + *len, PIECE - *len, &got, why) < 0)
			return -1;
		*len += got;
	}
	return 0;
}

static int put_digest(const struct program_question *q, struct buf *out, struct fault *why)
{
	AUTO_FREE char *room = mem_get(PIECE);
	AUTO_BUF digest = { 0 };
	uint64_t at = 0;
	size_t len;

	do {
		AUTO_BUF next = { 0 };

		if (read_piece(q, at, room, &len, why) < 0)
			return -1;
		buf_add(&digest, room, len);
		sha256_put_hex(&next, buf_slice(&digest));
		buf_swap(&digest, &next);
		at += len;
	} while (len == PIECE);
	buf_add_slice(out, buf_slice(&digest));
	return 0;
}

int program_question_put(const struct program_question *q, struct buf *out, struct fault *why)
{
	program_question_name(q, out);
	buf_add_byte(out, ' ');
	if (q->has_input)
		return put_digest(q, out, why);
	buf_add_byte(out, '-');
	return 0;
}
