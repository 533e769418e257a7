/*
 * Growing bytes and texts: see buf.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/buf.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/base/fault.h"

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "mailrail: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored;
	_exit(FAULT_TEMP);
}

void *mem_get(size_t size)
{
	void *got = malloc(size > 0 ? size : 1);

	if (!got)
		out_of_memory();
	return got;
}

void *mem_zero(size_t count, size_t size)
{
	void *got = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (!got)
		out_of_memory();
	return got;
}

void *mem_grow(void *old, size_t count, size_t size)
{
	size_t bytes;
	void *got;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	got = realloc(old, bytes > 0 ? bytes : 1);
	if (!got)
		out_of_memory();
	return got;
}

char *mem_text(const char *text)
{
	return text ? slice_copy(slice_text(text)) : NULL;
}

void mem_free_at(void *pointer_to_pointer)
{
	void **at = pointer_to_pointer;

	free(*at);
	*at = NULL;
}

void buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){ 0 };
}

void buf_cut(struct buf *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->ptr[len] = '\0';
}

void buf_clear(struct buf *b)
{
	buf_cut(b, 0);
}

void buf_reserve(struct buf *b, size_t more)
{
	size_t need;
	size_t room = b->room < 64 ? 64 : b->room;

	if (__builtin_add_overflow(b->len, more, &need) || need == SIZE_MAX)
		out_of_memory();
	need++;
	if (need <= b->room)
		return;
	while (room < need) {
		if (__builtin_mul_overflow(room, 2U, &room))
			room = need;
	}
	b->ptr = mem_grow(b->ptr, room, 1);
	b->room = room;
	b->ptr[b->len] = '\0';
}

void buf_add(struct buf *b, const void *ptr, size_t len)
{
	buf_reserve(b, len);
	if (len > 0)
		memcpy(b->ptr + b->len, ptr, len);
	b->len += len;
	b->ptr[b->len] = '\0';
}

void buf_add_byte(struct buf *b, char byte)
{
	buf_add(b, &byte, 1);
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.ptr, s.len);
}

void buf_addv(struct buf *b, const char *format, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	if (len > 0) {
		buf_reserve(b, (size_t)len);
		vsnprintf(b->ptr + b->len, (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_addv(b, format, args);
	va_end(args);
}

void buf_set(struct buf *b, struct slice s)
{
	struct buf fresh = { 0 };

	buf_add_slice(&fresh, s);
	buf_free(b);
	*b = fresh;
}

void buf_drop(struct buf *b, size_t len)
{
	if (len == 0 || b->len == 0)
		return;
	if (len >= b->len) {
		buf_clear(b);
		return;
	}
	memmove(b->ptr, b->ptr + len, b->len - len);
	buf_cut(b, b->len - len);
}

void buf_swap(struct buf *a, struct buf *b)
{
	struct buf swap = *a;

	*a = *b;
	*b = swap;
}

char *buf_give(struct buf *b)
{
	char *given;

	buf_reserve(b, 0);
	given = b->ptr;
	*b = (struct buf){ 0 };
	return given;
}

void strings_give(struct strings *list, char *owned)
{
	if (list->count + 2 > list->room) {
		list->room = list->room ? list->room * 2 : 8;
		list->at = mem_grow(list->at, list->room, sizeof(*list->at));
	}
	list->at[list->count++] = owned;
	list->at[list->count] = NULL;
}

void strings_add(struct strings *list, struct slice s)
{
	strings_give(list, slice_copy(s));
}

void strings_clear(struct strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	list->count = 0;
	if (list->at)
		list->at[0] = NULL;
}

void strings_free(struct strings *list)
{
	strings_clear(list);
	free(list->at);
	*list = (struct strings){ 0 };
}

bool strings_has(const struct strings *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->at[i], text) == 0)
			return true;
	}
	return false;
}
