/*
 * One message as rules see it: see message.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/message.h"

#include "common/mail/word.h"
#include "filter/spool.h"

struct parsed_addresses {
	struct address_list list;
	size_t bad;
};

/* Offsets, not slices: a header of 1 MiB may have 350,000 fields. */
struct message_field {
	uint32_t name_at;
	uint32_t name_len;
	uint32_t body_at;
	uint32_t body_len;
	uint32_t raw_len;
	uint32_t next; /* of the same hash: index + 1, 0 ends */
	uint32_t value_len;
	char *value; /* owned; NULL until asked for */
	struct parsed_addresses *addresses;
};

enum { BUCKET_COUNT = 1024 };

static uint32_t hash_name(struct slice name)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < name.len; i++) {
		uint32_t c = (unsigned char)name.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		hash = (hash ^ c) * 16777619U;
	}
	return hash % BUCKET_COUNT;
}

static struct slice field_name(const struct message *m, const struct message_field *f)
{
	return slice_of(m->header.ptr + f->name_at, f->name_len);
}

/* Chains are linked from the last field to the first, so that each runs downwards. */
static void link_buckets(struct message *m)
{
	m->buckets = mem_zero(BUCKET_COUNT, sizeof(*m->buckets));
	for (size_t i = m->field_count; i > 0; i--) {
		struct message_field *f = &m->fields[i - 1];
		uint32_t hash = hash_name(field_name(m, f));

		f->next = m->buckets[hash];
		m->buckets[hash] = (uint32_t)i;
	}
}

static void parse(struct message *m)
{
	struct slice rest = m->header;
	struct field one;
	size_t room = 0;

	m->parsed = true;
	while (header_next(&rest, &one) == 1) {
		if (m->field_count == room) {
			room = room ? room * 2 : 32;
			m->fields = mem_grow(m->fields, room, sizeof(*m->fields));
		}
		m->fields[m->field_count++] = (struct message_field){
			.name_at = (uint32_t)(one.name.ptr - m->header.ptr),
			.name_len = (uint32_t)one.name.len,
			.body_at = (uint32_t)(one.body.ptr - m->header.ptr),
			.body_len = (uint32_t)one.body.len,
			.raw_len = (uint32_t)one.raw.len,
		};
	}
	link_buckets(m);
}

void message_close(struct message *m)
{
	for (size_t i = 0; i < m->field_count; i++) {
		free(m->fields[i].value);
		if (m->fields[i].addresses)
			address_list_free(&m->fields[i].addresses->list);
		free(m->fields[i].addresses);
	}
	while (m->extras) {
		struct message_extra *next = m->extras->next;

		free(m->extras);
		m->extras = next;
	}
	free(m->fields);
	free(m->buckets);
	if (m->parts)
		m->parts_free(m->parts);
	*m = (struct message){ 0 };
}

void message_keep(struct message *m, struct message_extra *extra)
{
	extra->next = m->extras;
	m->extras = extra;
}

struct message_extra *message_kept(const struct message *m, const void *owner)
{
	struct message_extra *at = m->extras;

	while (at && at->owner != owner)
		at = at->next;
	return at;
}

static size_t follow(const struct message *m, uint32_t at, struct slice name)
{
	while (at > 0 && !slice_equal_case(field_name(m, &m->fields[at - 1]), name))
		at = m->fields[at - 1].next;
	return at > 0 ? at - 1 : MESSAGE_NONE;
}

size_t message_find(struct message *m, struct slice name)
{
	if (!m->parsed)
		parse(m);
	return follow(m, m->buckets[hash_name(name)], name);
}

size_t message_find_next(struct message *m, size_t after)
{
	return follow(m, m->fields[after].next, field_name(m, &m->fields[after]));
}

struct slice message_name(const struct message *m, size_t field)
{
	return field_name(m, &m->fields[field]);
}

void message_raw_value(struct message *m, size_t field, struct buf *out)
{
	const struct message_field *f = &m->fields[field];

	header_unfold(slice_of(m->header.ptr + f->body_at, f->body_len), out);
}

struct slice message_value(struct message *m, size_t field)
{
	struct message_field *f = &m->fields[field];

	if (!f->value) {
		AUTO_BUF raw = { 0 };
		AUTO_BUF decoded = { 0 };
		struct slice trimmed;

		message_raw_value(m, field, &raw);
		word_decode(buf_slice(&raw), &decoded);
		trimmed = slice_trim(buf_slice(&decoded));
		f->value_len = (uint32_t)trimmed.len;
		f->value = slice_copy(trimmed);
	}
	return slice_of(f->value, f->value_len);
}

const struct address_list *message_addresses(struct message *m, size_t field, size_t *bad)
{
	struct message_field *f = &m->fields[field];

	if (!f->addresses) {
		AUTO_BUF raw = { 0 };

		message_raw_value(m, field, &raw);
		f->addresses = mem_zero(1, sizeof(*f->addresses));
		address_read_list(buf_slice(&raw), &f->addresses->list, &f->addresses->bad);
	}
	*bad = f->addresses->bad;
	return &f->addresses->list;
}

struct slice message_field_bytes(const struct message *m, size_t field)
{
	return slice_of(m->header.ptr + m->fields[field].name_at, m->fields[field].raw_len);
}

int message_read(const struct message *m, uint64_t from, char *ptr, size_t len, size_t *got,
	struct fault *why)
{
	struct slice rest;

	if (from >= m->header_size)
		return spool_read(m->spool, m->body_at + (from - m->header_size), ptr, len, got,
			why);
	rest = slice_first(slice_from(m->header, (size_t)from), len);
	memcpy(ptr, rest.ptr, rest.len);
	*got = rest.len;
	return 0;
}
