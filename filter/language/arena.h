/*
 * Memory that lives as long as a script: taken piece by piece, freed at once.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_ARENA_H
#define FILTER_LANGUAGE_ARENA_H

#include "common/base/buf.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t size; /* of all blocks */
};

/* Zeroed, aligned for any object. Never NULL. */
void *arena_get(struct arena *arena, size_t size);

/* A copy of `count` objects of `size` bytes. */
void *arena_copy(struct arena *arena, const void *from, size_t count, size_t size);

struct slice arena_slice(struct arena *arena, struct slice from);

void arena_free(struct arena *arena);

#endif
