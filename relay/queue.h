/*
 * The queue: a spool directory of files (DESIGN section 10).
 *
 *	content/ID   the message with LF line ends, written once, never moved
 *	queue/ID     its envelope; that it stands here is what makes the message queued
 *	staging/     envelopes being written
 *	failed/ID    envelopes that could neither be delivered nor returned
 *	corrupt/     what is no envelope of ours
 *	hosts/       what is known of each smart host: see pause.h
 *
 * Who works on a message holds flock on its envelope, so that two runners never send one
 * message. How a message enters is in enqueue.h.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_QUEUE_H
#define RELAY_QUEUE_H

#include "relay/envelope.h"

enum { QUEUE_ID_LENGTH = 16 };

struct queue {
	char *path;
	int root; /* this and the next six are descriptors, owned */
	int content;
	int entries; /* queue/ */
	int staging;
	int failed;
	int corrupt;
	int hosts;
};

#define QUEUE_NONE                                                                     \
	{ .root = -1, .content = -1, .entries = -1, .staging = -1, .failed = -1,       \
	  .corrupt = -1, .hosts = -1 }
#define AUTO_QUEUE __attribute__((cleanup(queue_close))) struct queue

/* Opens it and makes what is missing (0700). FAULT_CREATE; FAULT_TEMP when the disk is full. */
int queue_open(const char *path, struct queue *out, struct fault *why);
void queue_close(struct queue *q);

/* 16 characters of 0-9a-z: nothing else is ever looked up or created. */
bool queue_is_id(const char *text);

/*
 * Adds the ids that are queued, oldest first. `strangers`, if not NULL, gets the names of
 * files in queue/ that are no ids. FAULT_TEMP.
 */
int queue_list(const struct queue *q, struct strings *ids, struct strings *strangers,
	struct fault *why);

/* One message in our hands. */
struct entry {
	char *id;
	int fd; /* the envelope, locked when claimed; -1 */
	struct envelope envelope;
};

#define ENTRY_NONE { .fd = -1 }
#define AUTO_ENTRY __attribute__((cleanup(entry_close))) struct entry

void entry_close(struct entry *e);

/*
 * Locks and reads: 1 ours; 0 another process has it, or it is gone; -1 FAULT_DATA for a
 * file that is no envelope, FAULT_TEMP else.
 */
int queue_claim(const struct queue *q, const char *id, struct entry *out, struct fault *why);

/* Reads without the lock: 1, 0 gone, -1 as above. */
int queue_look(const struct queue *q, const char *id, struct entry *out, struct fault *why);

/*
 * Appends whole lines to a claimed envelope and takes them into e->envelope; `sync`: they
 * are on stable storage when this returns 0. FAULT_TEMP.
 */
int queue_append(struct entry *e, struct slice lines, bool sync, struct fault *why);

/*
 * Makes sure that so many bytes can be appended, whatever else fills the disk. FAULT_TEMP;
 * 0 where the filesystem cannot promise it.
 */
int queue_reserve(struct entry *e, size_t bytes, struct fault *why);

/* Opens the content for reading: the descriptor, or -1 (FAULT_DATA when it is missing). */
int queue_content(const struct queue *q, const char *id, struct fault *why);

/* Takes a message out of the queue for good: envelope first, then content. FAULT_TEMP. */
int queue_remove(const struct queue *q, const char *id, struct fault *why);

/* Moves queue/NAME to failed/ or corrupt/ (a descriptor of *q), durably. FAULT_TEMP. */
int queue_set_aside(const struct queue *q, const char *name, int where, struct fault *why);

#endif
