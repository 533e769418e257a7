/*
 * filter/programs/record: a line about the answer of a program, from any file. What is read
 * is written, and read again as the same.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/programs/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRINGS arguments = { 0 };
	struct program_question q = { .name = "p", .arguments = &arguments };
	AUTO_PROGRAM_ANSWER first = PROGRAM_ANSWER_NONE;
	AUTO_PROGRAM_ANSWER again = PROGRAM_ANSWER_NONE;
	AUTO_STRINGS lines = { 0 };
	AUTO_BUF line = { 0 };
	struct fault why = { 0 };
	int got;

	assert(program_question_put(&q, &line, &why) == 0);
	buf_add_text(&line, ": ");
	buf_add(&line, data, size);
	strings_add(&lines, buf_slice(&line));
	got = program_record_find(&lines, &q, &first, &why);
	assert(got == 1 || (got == -1 && why.kind == FAULT_DATA));
	if (got < 0)
		return 0;
	assert(first.status >= 0 && first.status <= 255);
	buf_clear(&line);
	assert(program_record_put(&q, &first, &line, &why) == 0);
	strings_add(&lines, buf_slice(&line));
	assert(program_record_find(&lines, &q, &again, &why) == 1);
	assert(again.status == first.status && again.output.size == first.output.size);
	assert(slice_equal(buf_slice(&again.output.memory), buf_slice(&first.output.memory)));
	return 0;
}
