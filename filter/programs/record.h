/*
 * Answers of programs as lines, so that a decision can be replayed without running them.
 *
 *	program "NAME" ["ARGUMENT", ...] DIGEST: exit STATUS BASE64
 *
 * DIGEST is that of the input (question.h), BASE64 all that was printed, and missing when
 * that is nothing. Strings are as in a rule file; line ends in them cannot occur.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PROGRAMS_RECORD_H
#define FILTER_PROGRAMS_RECORD_H

#include "filter/programs/question.h"

/* Adds the line without line end. FAULT_TEMP when input or output cannot be read. */
int program_record_put(const struct program_question *q, const struct program_answer *a,
	struct buf *out, struct fault *why);

/*
 * Looks for the answer among the lines of a record, of which those of other kinds are passed
 * over: 1 and *a, 0: not there, -1: FAULT_DATA, the line is damaged; FAULT_TEMP. Of several
 * lines about the same question the last one counts.
 */
int program_record_find(const struct strings *lines, const struct program_question *q,
	struct program_answer *a, struct fault *why);

#endif
