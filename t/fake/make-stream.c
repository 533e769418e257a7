/*
 * Writes a mailrail-stream(5) on stdout, right or wrong on purpose. See README.md.
 *
 *	make-stream [OPTION...] ( NAME=VALUE | FILE | --flush )...
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "common/mail/outlet.h"

struct maker {
	struct outlet out;
	struct frame frame;    /* what the fields said so far */
	const char *prefix;    /* of ids */
	bool own_id;           /* id=... was given for the next message */
	uint64_t chunk;
	uint64_t cut_at;       /* bytes of the stream after which nothing is written */
	uint64_t written;
	uint64_t messages;
};

/* Writes out, but never more than cut_at bytes in all. */
static int spill(struct maker *m, struct fault *why)
{
	uint64_t left = m->cut_at - m->written;

	if (m->out.pending.len > left)
		buf_cut(&m->out.pending, (size_t)left);
	m->written += m->out.pending.len;
	return outlet_flush(&m->out, why);
}

static void begin(struct maker *m)
{
	struct frame *f = &m->frame;

	if (f->variant <= 1)
		m->messages++;
	if (!m->own_id && m->prefix[0] != '\0') {
		buf_clear(&f->id);
		buf_addf(&f->id, "%s%llu", m->prefix, (unsigned long long)m->messages);
	}
	m->own_id = f->variant > 0 && f->variant < f->variants;
	stream_put_frame(&m->out.pending, f);
}

static int put_file(struct maker *m, const char *path, struct fault *why)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	AUTO_FREE char *block = mem_get((size_t)m->chunk);
	uint64_t size = 0;
	ssize_t n;

	if (fd < 0)
		return fault_set(why, FAULT_USAGE, "open %s: %s", path, strerror(errno));
	begin(m);
	while ((n = io_read(fd, block, (size_t)m->chunk)) > 0) {
		stream_put_bytes(&m->out.pending, slice_of(block, (size_t)n));
		size += (uint64_t)n;
		if (spill(m, why) < 0)
			return -1;
	}
	if (n < 0)
		return fault_set(why, FAULT_USAGE, "read %s: %s", path, strerror(errno));
	stream_put_end(&m->out.pending, size);
	return spill(m, why);
}

static int put_many(struct maker *m, uint64_t count, struct fault *why)
{
	for (uint64_t i = 1; i <= count; i++) {
		AUTO_BUF text = { 0 };

		buf_addf(&text, "Subject: tiny %llu\n\n%llu\n", (unsigned long long)i,
			(unsigned long long)i);
		begin(m);
		stream_put_bytes(&m->out.pending, buf_slice(&text));
		stream_put_end(&m->out.pending, text.len);
		if (m->out.pending.len >= OUTLET_ROOM && spill(m, why) < 0)
			return -1;
	}
	return spill(m, why);
}

static void set_action(struct frame *f, struct slice value)
{
	struct slice rest = value;
	struct slice rule;

	for (size_t i = 0; value.len == 0 && i < f->action_count; i++) {
		free(f->actions[i].rule);
		free(f->actions[i].command);
	}
	if (value.len == 0) {
		free(f->actions);
		f->actions = NULL;
		f->action_count = 0;
	}
	f->decided = value.len > 0;
	if (value.len > 0 && slice_cut(&rest, ' ', &rule))
		frame_add_action(f, rule, rest);
}

static void set_list(struct strings *list, struct slice value)
{
	if (value.len == 0)
		strings_clear(list);
	else
		strings_add(list, value);
}

/* A field for the messages that follow. */
static void set_field(struct maker *m, struct slice name, struct slice value)
{
	struct frame *f = &m->frame;
	const struct {
		const char *name;
		struct buf *text;
	} texts[] = {
		{ "id", &f->id },
		{ "account", &f->account },
		{ "folder", &f->folder },
		{ "received", &f->received },
		{ "flags", &f->flags },
		{ "mail-from", &f->mail_from },
		{ "after", &f->after },
	};
	AUTO_BUF line = { 0 };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!slice_is(name, texts[i].name))
			continue;
		buf_set(texts[i].text, value);
		m->own_id = m->own_id || i == 0;
		f->mail_from_known = f->mail_from_known || slice_is(name, "mail-from");
		return;
	}
	if (slice_is(name, "rcpt-to")) {
		set_list(&f->rcpt_to, value);
	} else if (slice_is(name, "action")) {
		set_action(f, value);
	} else if (slice_is(name, "variant")) {
		f->variant = (unsigned)strtoul(value.ptr, NULL, 10);
		f->variants = (unsigned)strtoul(value.ptr + 1 + slice_find_byte(value, '/'), NULL, 10);
	} else {
		buf_add_slice(&line, name);
		buf_add_text(&line, ": ");
		stream_encode(&line, value, false);
		strings_add(&f->others, buf_slice(&line));
	}
}

static int argument(struct maker *m, const char *text, struct fault *why)
{
	struct slice rest = slice_text(text);
	struct slice name;

	if (strcmp(text, "--flush") == 0) {
		stream_put_flush(&m->out.pending);
		return spill(m, why);
	}
	if (slice_find_byte(rest, '=') < 0 || text[0] == '/' || text[0] == '.')
		return put_file(m, text, why);
	slice_cut(&rest, '=', &name);
	set_field(m, name, rest);
	return 0;
}

static void put_preamble(struct maker *m, const char *receipts)
{
	buf_add_text(&m->out.pending, STREAM_MAGIC "program: make-stream\n");
	if (strcmp(receipts, "none") != 0)
		buf_addf(&m->out.pending, "receipts: %s\n", receipts);
	buf_add_byte(&m->out.pending, '\n');
}

static void put_last(struct maker *m, const char *end)
{
	if (strcmp(end, "done") == 0)
		stream_put_done(&m->out.pending, m->messages);
	else if (strcmp(end, "none") != 0)
		buf_addf(&m->out.pending, "%s\n", end);
}

int main(int argc, char **argv)
{
	const char *receipts = "none", *many = "0", *cut_at = NULL, *chunk = "65536", *end = "done";
	struct maker m = { .out = { .fd = STDOUT_FILENO, .name = "standard output" },
		.prefix = "test:", .cut_at = UINT64_MAX };
	const struct option_row rows[] = {
		{ .name = "receipts", .argument = "WAY", .value = &receipts,
			.help = "none, stdout, \"unix PATH NONCE\"" },
		{ .name = "prefix", .argument = "TEXT", .value = &m.prefix,
			.help = "ids are TEXT1, TEXT2...; empty: no ids" },
		{ .name = "many", .argument = "N", .value = &many,
			.help = "N tiny messages behind the files" },
		{ .name = "chunk", .argument = "N", .value = &chunk, .help = "bytes of a chunk" },
		{ .name = "cut-at", .argument = "N", .value = &cut_at,
			.help = "writes N bytes of the stream and no more" },
		{ .name = "end", .argument = "LINE", .value = &end,
			.help = "done (counted), none, or this line" },
		OPTION_END,
	};
	struct fault why = { 0 };
	uint64_t count = 0;
	int result;

	io_start();
	say_start("make-stream");
	result = options_take(rows, &argc, &argv, &why);
	m.chunk = strtoul(chunk, NULL, 10);
	if (cut_at)
		m.cut_at = strtoull(cut_at, NULL, 10);
	if (result == 0 && (!slice_number(slice_text(many), &count) || m.chunk == 0))
		result = fault_set(&why, FAULT_USAGE, "that is no number");
	put_preamble(&m, receipts);
	for (int i = 0; i < argc && result == 0; i++)
		result = argument(&m, argv[i], &why);
	if (result == 0)
		result = put_many(&m, count, &why);
	put_last(&m, end);
	if (result == 0)
		result = spill(&m, &why);
	frame_clear(&m.frame);
	outlet_drop(&m.out);
	return result < 0 ? say_fault(&why) : 0;
}
