/*
 * Answers of programs as lines: see record.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/programs/record.h"

#include "common/mail/word.h"


int program_record_put(const struct program_question *q, const struct program_answer *a,
	struct buf *out, struct fault *why)
{
	AUTO_BUF whole = { 0 };
	char room[4096];
	size_t got;

	if (program_question_put(q, out, why) < 0)
		return -1;
	buf_addf(out, ": exit %d", a->status);
	for (uint64_t at = 0; at < a->output.size; at += got) {
		if (spool_read(&a->output, at, room, sizeof(room), &got, why) < 0)
			return -1;
		buf_add(&whole, room, got);
	}
	if (whole.len == 0)
		return 0;
	buf_add_byte(out, ' ');
	word_base64_encode(buf_slice(&whole), out);
	return 0;
}

/* answer = "exit " 1*DIGIT [ " " base64 ] */
static int read_answer(struct slice text, struct program_answer *a, struct fault *why)
{
	AUTO_BUF output = { 0 };
	struct slice status;
	uint64_t number = 0;

	if (!slice_starts(text, "exit "))
		return fault_set(why, FAULT_DATA, "the record of a program has no \"exit\"");
	slice_skip(&text, 5);
	slice_cut(&text, ' ', &status);
	if (!slice_number(status, &number) || number > 255)
		return fault_set(why, FAULT_DATA, "the record of a program has no exit status");
	if (text.len > 0 && !word_base64_decode(text, &output))
		return fault_set(why, FAULT_DATA, "the record of a program has no base64");
	a->status = (int)number;
	return spool_add(&a->output, buf_slice(&output), why);
}

int program_record_find(const struct strings *lines, const struct program_question *q,
	struct program_answer *a, struct fault *why)
{
	AUTO_BUF key = { 0 };

	if (program_question_put(q, &key, why) < 0)
		return -1;
	buf_add_text(&key, ": ");
	for (size_t i = lines->count; i > 0; i--) {
		struct slice line = slice_text(lines->at[i - 1]);

		if (line.len >= key.len && slice_equal(slice_first(line, key.len), buf_slice(&key)))
			return read_answer(slice_from(line, key.len), a, why) < 0 ? -1 : 1;
	}
	return 0;
}
