/*
 * Bytes that grow, and the one place where memory can run out.
 *
 * A buf is owned, always NUL-ended behind its length, and may hold NULs. An all-zero
 * buf is empty and valid. Running out of memory ends the process with 75: nothing was
 * promised yet to anybody, so the mail is still where it was.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_BUF_H
#define COMMON_BASE_BUF_H

#include <stdarg.h>

#include "common/base/slice.h"

struct buf {
	char *ptr; /* NULL or NUL-ended */
	size_t len;
	size_t room;
};

#define AUTO_BUF __attribute__((cleanup(buf_free))) struct buf
#define AUTO_FREE __attribute__((cleanup(mem_free_at)))

/* Never NULL; zeroed by mem_zero only. Size 0 gives a pointer that may be freed. */
void *mem_get(size_t size);
void *mem_zero(size_t count, size_t size);
void *mem_grow(void *old, size_t count, size_t size);
char *mem_text(const char *text);       /* a copy; NULL stays NULL */
void mem_free_at(void *pointer_to_pointer); /* for AUTO_FREE */

void buf_free(struct buf *b);           /* and empties it */
void buf_clear(struct buf *b);          /* keeps the room */
void buf_reserve(struct buf *b, size_t more); /* room for `more` bytes beyond len */

void buf_add(struct buf *b, const void *ptr, size_t len);
void buf_add_byte(struct buf *b, char byte);
void buf_add_text(struct buf *b, const char *text);
void buf_add_slice(struct buf *b, struct slice s);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *b, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

void buf_set(struct buf *b, struct slice s); /* replaces the content; s may lie in b */
void buf_cut(struct buf *b, size_t len);     /* shortens to len */
void buf_drop(struct buf *b, size_t len);    /* takes len bytes off the front */
void buf_swap(struct buf *a, struct buf *b);

static inline struct slice buf_slice(const struct buf *b)
{
	return (struct slice){ b->ptr ? b->ptr : "", b->len };
}

/* The content as text (never NULL). */
static inline const char *buf_text(const struct buf *b)
{
	return b->ptr ? b->ptr : "";
}

/* Gives the malloc'd, NUL-ended content away and leaves the buf empty. Never NULL. */
char *buf_give(struct buf *b);

/* A growing list of owned texts, ended by NULL: fit for argv. All zero is empty. */
struct strings {
	char **at; /* NULL when count is 0 and nothing was ever added */
	size_t count;
	size_t room;
};

#define AUTO_STRINGS __attribute__((cleanup(strings_free))) struct strings

void strings_add(struct strings *list, struct slice s);
void strings_give(struct strings *list, char *owned);
void strings_clear(struct strings *list);
void strings_free(struct strings *list);
bool strings_has(const struct strings *list, const char *text);

#endif
