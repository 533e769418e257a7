/*
 * One message as rules see it: header fields found by name, values decoded once.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_MESSAGE_H
#define FILTER_MESSAGE_H

#include "common/base/fault.h"
#include "common/mail/address.h"
#include "common/mail/frame.h"
#include "common/mail/header.h"

struct spool;

/* LIMIT: bytes of a header that rules see (DESIGN section 3). */
enum { MESSAGE_HEADER_MAX = 1 << 20 };

struct message_field;
struct parts;

/* What others keep with a message until it is closed: at the front of a block of theirs. */
struct message_extra {
	struct message_extra *next;
	const void *owner; /* by which it is found again */
};

struct message {
	const struct frame *frame; /* envelope; borrowed */
	struct slice header;       /* borrowed; at most MESSAGE_HEADER_MAX */
	uint64_t size;             /* of all of it, where a rule needs it */
	struct spool *spool;       /* header and body, where a rule needs it; else NULL */
	unsigned lacks;            /* NEEDS_SIZE, NEEDS_BODY: nobody knows it yet */
	uint64_t header_size;      /* where the body begins in the message */
	uint64_t body_at;          /* and where it begins in the spool */
	bool cut;                  /* the header goes on beyond what is seen */

	struct message_field *fields; /* in the order of the header */
	size_t field_count;
	bool parsed;
	uint32_t *buckets; /* first field of each hash; see message.c */
	struct message_extra *extras;

	struct parts *parts; /* owned; NULL until asked for: see filter/parts/parts.h */
	void (*parts_free)(struct parts *parts);
};

#define MESSAGE_NONE SIZE_MAX

/* The members above that are not ours are set by the caller; then: */
void message_close(struct message *m);

/* Keeps a malloc'd block, or finds it: NULL when that owner kept none. */
void message_keep(struct message *m, struct message_extra *extra);
struct message_extra *message_kept(const struct message *m, const void *owner);

/* First field of that name, or the next one behind `after`; MESSAGE_NONE. */
size_t message_find(struct message *m, struct slice name);
size_t message_find_next(struct message *m, size_t after);

struct slice message_name(const struct message *m, size_t field);

/* The value unfolded, RFC 2047 decoded, trimmed; valid until message_close. */
struct slice message_value(struct message *m, size_t field);

/*
 * The addresses in it, read from the undecoded value; valid until message_close. *bad
 * tells how many pieces were no address.
 */
const struct address_list *message_addresses(struct message *m, size_t field, size_t *bad);

/* The value unfolded but not decoded, added to *out. */
void message_raw_value(struct message *m, size_t field, struct buf *out);

/* All of the field as it stands in m->header, its last line end included. */
struct slice message_field_bytes(const struct message *m, size_t field);

/*
 * Reads at most `len` bytes of the message from an offset, header first; where there is a
 * spool. *got is 0 only at the end. FAULT_TEMP. Rules may have changed the message: this
 * alone, not the spool, gives it as it is now.
 */
int message_read(const struct message *m, uint64_t from, char *ptr, size_t len, size_t *got,
	struct fault *why);

#endif
