/*
 * A look at bytes that somebody else owns.
 *
 * A slice never ends with a NUL of its own and may hold NULs: mail is bytes. It is a
 * plain value; copying it copies the look, not the bytes.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_SLICE_H
#define COMMON_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *ptr;
	size_t len;
};

/* A slice of a literal, for initialisers and calls. */
#define SLICE(literal) ((struct slice){ "" literal, sizeof(literal) - 1 })

/* For printf's "%.*s". Only for text that is known to hold no NUL. */
#define SLICE_ARG(s) (int)(s).len, (s).ptr

static inline struct slice slice_of(const void *ptr, size_t len)
{
	return (struct slice){ ptr, len };
}

/* The NUL-ended text; NULL gives the empty slice. */
static inline struct slice slice_text(const char *text)
{
	return (struct slice){ text ? text : "", text ? strlen(text) : 0 };
}

/* The part from `from` (at most the length) to the end. */
static inline struct slice slice_from(struct slice s, size_t from)
{
	return (struct slice){ s.ptr + from, s.len - from };
}

static inline struct slice slice_first(struct slice s, size_t len)
{
	return (struct slice){ s.ptr, len < s.len ? len : s.len };
}

static inline void slice_skip(struct slice *s, size_t len)
{
	s->ptr += len;
	s->len -= len;
}

bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *text);

/* ASCII letters only; other bytes compare as they are (i;ascii-casemap). */
bool slice_equal_case(struct slice a, struct slice b);
bool slice_is_case(struct slice a, const char *text);
bool slice_starts(struct slice s, const char *text);
bool slice_starts_case(struct slice s, const char *text);
bool slice_ends_case(struct slice s, const char *text);

/* Index of the byte or text, or -1. */
ptrdiff_t slice_find_byte(struct slice s, char byte);
ptrdiff_t slice_find(struct slice s, struct slice what);

/* Without leading and trailing space, tab, CR and LF. */
struct slice slice_trim(struct slice s);

/*
 * Takes what stands before the first `byte` off the front of *rest, and the byte too.
 * True while there was anything left to take; the last piece has no byte behind it.
 */
bool slice_cut(struct slice *rest, char byte, struct slice *piece);

/* Takes one line without its LF or CRLF off *rest; false at the end. */
bool slice_line(struct slice *rest, struct slice *line);

/* The whole slice is a decimal number that fits: 1*DIGIT, no sign, no blanks. */
bool slice_number(struct slice s, uint64_t *out);

/* Value of a hex digit of either case; -1 for another byte. */
int slice_hex_digit(char c);

/* An owned, NUL-ended copy (malloc; free it). Ends the process with 75 without memory. */
char *slice_copy(struct slice s);

#endif
