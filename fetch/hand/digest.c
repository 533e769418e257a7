/*
 * The digest of a message: see digest.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/digest.h"

/* FNV-1a, as Fowler, Noll and Vo published it. */
#define FNV_START 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

static uint64_t add(uint64_t hash, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] != '\r')
			hash = (hash ^ (unsigned char)bytes.ptr[i]) * FNV_PRIME;
	}
	return hash;
}

/* 0 means "not known" in the ledger. */
static uint64_t known(uint64_t hash)
{
	return hash ? hash : 1;
}

bool digest_of_id(struct slice header, uint64_t *out)
{
	struct slice rest = slice_first(header, DIGEST_HEADER_MAX);
	AUTO_BUF id = { 0 };
	struct field field;

	while (header_next(&rest, &field) == 1) {
		if (!slice_is_case(field.name, "Message-ID"))
			continue;
		buf_clear(&id);
		header_unfold(field.body, &id);
		if (id.len == 0)
			continue;
		*out = known(add(FNV_START, buf_slice(&id)));
		return true;
	}
	return false;
}

/* The header without its line ends at the end: with and without empty line it is one. */
static struct slice fields_of(struct slice head, size_t length)
{
	head = slice_first(head, length);
	while (head.len && (head.ptr[head.len - 1] == '\n' || head.ptr[head.len - 1] == '\r'))
		head.len--;
	return head;
}

static uint64_t of_head(struct slice head, size_t length)
{
	struct slice fields = fields_of(head, length);
	uint64_t value;

	if (digest_of_id(fields, &value))
		return value;
	return known(add(FNV_START, fields.len ? fields : head));
}

uint64_t digest_of_header(struct slice header)
{
	struct slice head = slice_first(header, DIGEST_HEADER_MAX);

	return of_head(head, (size_t)header_length(head, true));
}

void digest_bytes(struct digest *d, struct slice bytes)
{
	struct slice more = slice_first(bytes, DIGEST_HEADER_MAX - d->head.len);

	if (d->value || more.len == 0)
		return;
	buf_add_slice(&d->head, more);
	if (!d->scanned) {
		d->length = header_scan(&d->scan, buf_slice(&d->head), false);
		d->scanned = d->length >= 0;
	}
	if (d->scanned && fields_of(buf_slice(&d->head), (size_t)d->length).len)
		d->value = of_head(buf_slice(&d->head), (size_t)d->length);
}

uint64_t digest_end(struct digest *d)
{
	if (!d->scanned) {
		d->length = header_scan(&d->scan, buf_slice(&d->head), true);
		d->scanned = true;
	}
	if (!d->value)
		d->value = of_head(buf_slice(&d->head), (size_t)d->length);
	return d->value;
}

void digest_free(struct digest *d)
{
	buf_free(&d->head);
	*d = (struct digest){ 0 };
}
