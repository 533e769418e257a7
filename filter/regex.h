/*
 * Regular expressions by PCRE2, with limits (draft-murchison-sieve-regex-07).
 *
 * A pattern that is UTF-8 is matched as UTF-8, whatever stands in the text; another one as
 * bytes. "^" and "$" also match at line ends, "." matches no LF, as the draft has it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REGEX_H
#define FILTER_REGEX_H

#include "common/base/fault.h"
#include "filter/match.h"

struct regex;

/* LIMIT: bytes that a regular expression is matched against: of a value, of a body. */
enum { REGEX_TEXT_MAX = 64 << 10, REGEX_BODY_MAX = 1 << 20 };

/*
 * NULL and FAULT_DATA with the place in the pattern when it is none. One that is certainly
 * sound is compiled when it is first needed.
 */
struct regex *regex_compile(struct slice pattern, bool caseless, struct fault *why);
void regex_free(struct regex *regex);

/*
 * 1 and *out (may be NULL), 0, or -1: FAULT_RUNTIME when a limit of steps or time (a
 * second) was hit, which is no answer. In a text that lacks what every match contains
 * (index/literals.h) the expression is not tried, so it hits no limit there. Machine code is
 * made when it was tried some times.
 */
int regex_match(struct regex *regex, struct slice text, struct captures *out,
	struct fault *why);

#endif
