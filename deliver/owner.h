/*
 * Who we are among the mr-deliver of this user: a lock with a number, held to the end.
 *
 * Intents in the ledger and names in tmp/ carry the number. While the lock of a number is
 * held its owner lives; when it is free the owner is dead, and who takes the lock may act
 * on what it left (recover.h). The lock file also lists the directories in which the owner
 * makes temporary files, so that they are found without a ledger; an empty file means that
 * nothing was left. Lock files are never unlinked.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_OWNER_H
#define DELIVER_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* The kernel's boot id, and the host's name made fit for a file name. */
struct host {
	char *name;
	char *boot; /* random when the kernel does not tell: then no two boots are the same */
};

void host_read(struct host *out);
void host_clear(struct host *h);

struct owner {
	int dir;        /* STATE/run */
	int fd;         /* the lock file */
	long number;    /* from 1 */
	uint64_t inode; /* of the lock file: tells owners of two state directories apart */
	struct strings noted;
};

#define OWNER_NONE { .dir = -1, .fd = -1 }

/* The lowest number that is free. FAULT_TEMP. */
int owner_take(const char *state, struct owner *out, struct fault *why);

/* The lock of this number: 1 taken, 0 its owner lives, -1. */
int owner_take_number(const char *state, long number, struct owner *out, struct fault *why);

/* Numbers of lock files that are not empty, in *numbers (free it). */
int owner_list(const char *state, long **numbers, size_t *count, struct fault *why);

/* Notes a directory before the first temporary file is made in it. Once is enough. */
int owner_note(struct owner *o, const char *directory, struct fault *why);

/* What is noted in the file. */
int owner_read_notes(struct owner *o, struct strings *out, struct fault *why);

/* Adds a new name for tmp/: "mr.NUMBER.INODE.BOOT.RANDOM.HOST". */
void owner_put_tmp_name(const struct owner *o, const struct host *h, struct buf *out);

/* Was this name made by this owner, on this host, under any boot? */
bool owner_made(const struct owner *o, const struct host *h, const char *name);

/* Lets go of the lock; `clean`: nothing of ours is left, the notes may go. */
void owner_leave(struct owner *o, bool clean);

#endif
