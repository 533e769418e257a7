/*
 * Fields of a message that is put together here: see compose.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/compose.h"

#include "common/base/utf8.h"
#include "common/mail/date.h"
#include "common/mail/word.h"
#include "filter/reply/digest.h"

/* RFC 5322 section 2.1.1: what a line should not exceed. */
enum { LINE_MAX_WANTED = 78 };

void compose_clean(struct slice text, size_t most, struct buf *out)
{
	AUTO_BUF utf8 = { 0 };
	struct slice rest;
	size_t count = 0;

	charset_to_utf8(SLICE("utf-8"), text, &utf8);
	for (size_t i = 0; i < utf8.len; i++) {
		if ((unsigned char)utf8.ptr[i] < ' ' || utf8.ptr[i] == 0x7f)
			utf8.ptr[i] = ' ';
	}
	rest = slice_trim(buf_slice(&utf8));
	while (rest.len > 0 && count < most) {
		int length = utf8_length(rest);

		buf_add_slice(out, slice_first(rest, length > 0 ? (size_t)length : 1));
		slice_skip(&rest, length > 0 ? (size_t)length : 1);
		count++;
	}
	if (rest.len > 0)
		buf_add_text(out, "...");
}

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] > 126)
			return false;
	}
	return true;
}

/* Folds at blanks. A run of blanks is never cut: a line of blanks alone would be none. */
static void put_folded(struct buf *out, size_t column, struct slice text)
{
	while (text.len > 0) {
		size_t len = 0;

		while (len < text.len && text.ptr[len] == ' ')
			len++;
		while (len < text.len && text.ptr[len] != ' ')
			len++;
		if (column + len > LINE_MAX_WANTED && text.ptr[0] == ' ') {
			buf_add_byte(out, '\n');
			column = 0;
		}
		buf_add_slice(out, slice_first(text, len));
		column += len;
		slice_skip(&text, len);
	}
}

void compose_text(struct buf *out, const char *name, struct slice text)
{
	AUTO_BUF clean = { 0 };

	compose_clean(text, COMPOSE_TEXT_MAX, &clean);
	buf_addf(out, "%s: ", name);
	if (is_ascii(buf_slice(&clean))) {
		put_folded(out, strlen(name) + 2, buf_slice(&clean));
	} else {
		/* RFC 2047 section 2: at most 76 in a line; a word has up to 64. */
		if (strlen(name) > 10)
			buf_add_text(out, "\n ");
		word_encode(buf_slice(&clean), out);
	}
	buf_add_byte(out, '\n');
}

void compose_addresses(struct buf *out, const char *name, const struct strings *addresses)
{
	buf_addf(out, "%s: ", name);
	for (size_t i = 0; i < addresses->count; i++) {
		if (i > 0)
			buf_add_text(out, ",\n ");
		buf_add_text(out, addresses->at[i]);
	}
	buf_add_byte(out, '\n');
}

void compose_date(struct buf *out, int64_t now)
{
	buf_add_text(out, "Date: ");
	date_put_header(out, now);
	buf_add_byte(out, '\n');
}

bool compose_find_id(struct slice text, struct slice *id)
{
	ptrdiff_t start;

	while ((start = slice_find_byte(text, '<')) >= 0) {
		size_t len = 1;

		text = slice_from(text, (size_t)start);
		while (len < text.len && text.ptr[len] > ' ' && text.ptr[len] <= '~' &&
			text.ptr[len] != '<' && text.ptr[len] != '>')
			len++;
		/* Beyond a line's length nobody could write it down again. */
		if (len > 2 && len < 900 && len < text.len && text.ptr[len] == '>') {
			*id = slice_first(text, len + 1);
			return true;
		}
		slice_skip(&text, len);
	}
	return false;
}

static void find_ids(struct message *m, const char *field, struct strings *out)
{
	size_t at = message_find(m, slice_text(field));
	AUTO_BUF value = { 0 };
	struct slice rest;
	struct slice id;

	if (at == MESSAGE_NONE)
		return;
	message_raw_value(m, at, &value);
	rest = buf_slice(&value);
	while (compose_find_id(rest, &id)) {
		strings_add(out, id);
		rest = slice_of(id.ptr + id.len, (size_t)(rest.ptr + rest.len - id.ptr) - id.len);
	}
}

void compose_thread(struct buf *out, struct message *m)
{
	AUTO_STRINGS own = { 0 };
	AUTO_STRINGS before = { 0 };
	size_t first;

	find_ids(m, "message-id", &own);
	if (own.count == 0)
		return;
	find_ids(m, "references", &before);
	if (before.count == 0) {
		find_ids(m, "in-reply-to", &before);
		if (before.count > 1)
			strings_clear(&before);
	}
	buf_addf(out, "In-Reply-To: %s\nReferences: ", own.at[0]);
	first = before.count < COMPOSE_REFERENCES_MAX
		? 0 : before.count - COMPOSE_REFERENCES_MAX + 2;
	if (first > 0)
		buf_addf(out, "%s\n ", before.at[0]);
	for (size_t i = first; i < before.count; i++)
		buf_addf(out, "%s\n ", before.at[i]);
	buf_addf(out, "%s\n", own.at[0]);
}

static struct slice domain_of(struct slice address)
{
	size_t at = address.len;

	while (at > 0 && address.ptr[at - 1] != '@')
		at--;
	return at > 0 ? slice_from(address, at) : SLICE("localhost");
}

void compose_message_id(struct buf *out, const struct message *m, const char *rule,
	struct slice recipient, struct slice from)
{
	AUTO_BUF row = { 0 };

	digest_add_text(&row, m->frame ? buf_slice(&m->frame->id) : SLICE(""));
	digest_add_text(&row, m->header);
	digest_add_text(&row, slice_text(rule));
	digest_add_text(&row, recipient);
	buf_add_text(out, "Message-ID: <");
	digest_put_row(&row, out);
	buf_addf(out, ".mailrail@%.*s>\n", SLICE_ARG(domain_of(from)));
}
