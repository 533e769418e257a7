/*
 * Memory that lives as long as a script: see arena.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/arena.h"

#include <stdalign.h>

/*
 * Room for some thirty nodes: small scripts take one block. Each is as large as all before it,
 * up to a size that the system gives out zeroed.
 */
enum { BLOCK_MIN = 8192, BLOCK_MAX = 512 << 10 };

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) char bytes[];
};

void *arena_get(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	void *got;

	if (!block || block->size - block->used < rounded) {
		size_t usual = arena->size < BLOCK_MIN ? BLOCK_MIN : arena->size;
		size_t room;

		usual = usual < BLOCK_MAX ? usual : BLOCK_MAX;
		room = rounded > usual ? rounded : usual;

		block = mem_zero(1, sizeof(*block) + room);
		block->size = room;
		block->next = arena->blocks;
		arena->blocks = block;
		arena->size += room;
	}
	got = block->bytes + block->used;
	block->used += rounded;
	return got;
}

void *arena_copy(struct arena *arena, const void *from, size_t count, size_t size)
{
	void *to = arena_get(arena, count * size);

	if (count > 0)
		memcpy(to, from, count * size);
	return to;
}

struct slice arena_slice(struct arena *arena, struct slice from)
{
	return slice_of(arena_copy(arena, from.ptr, from.len, 1), from.len);
}

void arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	arena->size = 0;
}
