/*
 * The trace of a wire: see wire_trace.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/wire_trace.h"

#include <stdatomic.h>
#include <strings.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/mail/date.h"

/* LIMIT: bytes of a line that are shown, and held. */
enum { LINE_SHOWN = 1000 };

/* One direction: the line that is coming, as far as it is shown. */
struct direction {
	struct buf line;
	uint64_t size;    /* of the line, so far */
	uint64_t literal; /* bytes of a body that still come (RFC 3501 section 4.3) */
	bool cr;          /* the last byte was one */
};

struct wire_trace {
	char *name;
	unsigned number;
	bool hidden;
	unsigned bodies;     /* POP3: RETR and TOP that are not answered yet */
	uint64_t body_lines; /* of the one that is coming */
	struct direction sent, heard;
};

static int sink = -1;
static atomic_uint wires;

void wire_trace_to(int fd)
{
	sink = fd;
}

struct wire_trace *wire_trace_new(const char *name)
{
	struct wire_trace *t;

	if (sink < 0)
		return NULL;
	t = mem_zero(1, sizeof(*t));
	t->name = mem_text(name);
	t->number = atomic_fetch_add(&wires, 1) + 1;
	return t;
}

void wire_trace_free(struct wire_trace *t)
{
	if (!t)
		return;
	buf_free(&t->sent.line);
	buf_free(&t->heard.line);
	free(t->name);
	free(t);
}

void wire_trace_hide(struct wire_trace *t, bool hide)
{
	if (t)
		t->hidden = hide;
}

static void put(const struct wire_trace *t, const char *who, struct slice text)
{
	AUTO_BUF out = { 0 };
	struct fault ignored;

	date_put_stamp(&out, clock_wall());
	buf_addf(&out, " %u %s %s ", t->number, t->name, who);
	say_visible(&out, text);
	buf_add_byte(&out, '\n');
	(void)io_write_all(sink, out.ptr, out.len, "trace", &ignored);
}

/* What a hidden line may tell: that the server agreed or not, in words that hold no secret. */
static void put_hidden(const struct wire_trace *t, const char *who, const struct direction *d)
{
	static const char *const words[] = { "OK", "NO", "BAD", "+OK", "-ERR", "235", "334",
		"535" };
	struct slice rest = buf_slice(&d->line);
	AUTO_BUF text = { 0 };
	struct slice word;

	for (int i = 0; i < 2 && slice_cut(&rest, ' ', &word); i++) {
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			if (who[0] == 'S' && slice_is_case(word, words[k]))
				buf_addf(&text, "%s ", words[k]);
		}
	}
	buf_addf(&text, "(login, %llu bytes not shown)", (unsigned long long)d->size);
	put(t, who, buf_slice(&text));
}

/* "{123}" or "{123+}" at the end of a line: so many bytes that are no lines follow. */
static uint64_t announced(struct slice line)
{
	uint64_t size = 0;
	size_t at = line.len;

	if (line.len < 3 || line.ptr[line.len - 1] != '}')
		return 0;
	while (at > 0 && line.ptr[at - 1] != '{')
		at--;
	line = slice_of(line.ptr + at, line.len - at - 1);
	if (line.len > 0 && line.ptr[line.len - 1] == '+')
		line.len--;
	return at > 0 && slice_number(line, &size) ? size : 0;
}

/* A line of a message that POP3 gives: counted, and told at its end. */
static bool is_body(struct wire_trace *t, struct slice line)
{
	AUTO_BUF text = { 0 };

	if (t->bodies == 0 || slice_starts_case(line, "+OK") || slice_starts_case(line, "-ERR")) {
		t->bodies -= t->bodies > 0 && slice_starts_case(line, "-ERR");
		return false;
	}
	t->body_lines++;
	if (!slice_is(line, "."))
		return true;
	buf_addf(&text, "(%llu lines of a message)", (unsigned long long)t->body_lines - 1);
	put(t, "S:", buf_slice(&text));
	t->body_lines = 0;
	t->bodies--;
	return true;
}

static void line_ends(struct wire_trace *t, struct direction *d, const char *who)
{
	struct slice line = buf_slice(&d->line);
	AUTO_BUF text = { 0 };

	if (line.len > 0 && d->cr && line.ptr[line.len - 1] == '\r')
		line.len--;
	d->literal = announced(line);
	if (t->hidden) {
		put_hidden(t, who, d);
	} else if (who[0] == 'C' || !is_body(t, line)) {
		put(t, who, line);
		t->bodies += who[0] == 'C' && (slice_starts_case(line, "RETR ") ||
			slice_starts_case(line, "TOP "));
	}
	if (d->literal > 0) {
		buf_addf(&text, "(%llu bytes)", (unsigned long long)d->literal);
		put(t, who, buf_slice(&text));
	}
	buf_clear(&d->line);
	d->size = 0;
}

static void take(struct wire_trace *t, struct direction *d, const char *who, struct slice bytes)
{
	while (bytes.len > 0) {
		ptrdiff_t end;
		size_t len;

		if (d->literal > 0) {
			len = d->literal < bytes.len ? (size_t)d->literal : bytes.len;
			d->literal -= len;
			slice_skip(&bytes, len);
			continue;
		}
		end = slice_find_byte(bytes, '\n');
		len = end < 0 ? bytes.len : (size_t)end;
		d->size += len;
		if (d->line.len < LINE_SHOWN)
			buf_add_slice(&d->line, slice_first(bytes, LINE_SHOWN - d->line.len < len ?
				LINE_SHOWN - d->line.len : len));
		if (len > 0)
			d->cr = bytes.ptr[len - 1] == '\r';
		if (end >= 0)
			line_ends(t, d, who);
		slice_skip(&bytes, end < 0 ? len : len + 1);
	}
}

void wire_trace_sent(struct wire_trace *t, struct slice bytes)
{
	if (t)
		take(t, &t->sent, "C:", bytes);
}

void wire_trace_heard(struct wire_trace *t, struct slice bytes)
{
	if (t)
		take(t, &t->heard, "S:", bytes);
}
