/*
 * mailrail-stream(5): the fields of a preamble and of a message.
 *
 *	field = name ": " value
 *	name  = LOWER *( LOWER / DIGIT / "-" )
 *
 * A field that is no row here is kept as it stands, once its name and encoding are right.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/stream_block.h"

#include <stddef.h>

void preamble_clear(struct preamble *p)
{
	buf_free(&p->program);
	buf_free(&p->path);
	buf_free(&p->nonce);
	strings_free(&p->others);
	*p = (struct preamble){ 0 };
}

struct target {
	struct stream_block *block;
	struct frame *frame;
	struct preamble *preamble;
	struct slice value; /* still encoded */
};

struct row {
	const char *name;
	/* Returns NULL, or what is wrong. */
	const char *(*take)(struct target *t);
	size_t text; /* offset of the buf in struct frame, for take_text */
	bool list;   /* may stand more than once */
};

static const char bad_encoding[] = "is not encoded as a value must be";

static const char *take_text(struct target *t, size_t offset)
{
	struct buf *text = (struct buf *)((char *)t->frame + offset);

	if (t->value.len == 0)
		return "is empty";
	return stream_decode(text, t->value) ? NULL : bad_encoding;
}

static const char *take_id(struct target *t)
{
	const char *bad = take_text(t, offsetof(struct frame, id));

	if (!bad && t->frame->id.len > STREAM_ID_MAX)
		return "is too long";
	return bad;
}

static const char *take_after(struct target *t)
{
	const char *bad = take_text(t, offsetof(struct frame, after));

	if (!bad && t->frame->after.len > STREAM_ID_MAX)
		return "is too long";
	return bad;
}

static const char *take_mail_from(struct target *t)
{
	t->frame->mail_from_known = true;
	return stream_decode(&t->frame->mail_from, t->value) ? NULL : bad_encoding;
}

static const char *take_rcpt_to(struct target *t)
{
	AUTO_BUF text = { 0 };

	if (t->value.len == 0)
		return "is empty";
	if (!stream_decode(&text, t->value))
		return bad_encoding;
	strings_give(&t->frame->rcpt_to, buf_give(&text));
	return NULL;
}

static const char *take_variant(struct target *t)
{
	struct slice rest = t->value;
	struct slice number;
	uint64_t k, n;

	if (!slice_cut(&rest, '/', &number) || !slice_number(number, &k) ||
		!slice_number(rest, &n))
		return "is not K/N";
	if (n < 2 || n > STREAM_VARIANTS_MAX || k < 1 || k > n)
		return "is out of range";
	t->frame->variant = (unsigned)k;
	t->frame->variants = (unsigned)n;
	return NULL;
}

static const char *take_actions(struct target *t)
{
	if (!slice_number(t->value, &t->block->actions))
		return "is no number";
	if (t->block->actions == 0)
		return "is 0: an empty list of actions means nothing";
	t->frame->decided = true;
	return NULL;
}

static const char *take_action(struct target *t)
{
	AUTO_BUF rule = { 0 };
	AUTO_BUF command = { 0 };
	struct slice rest = t->value;
	struct slice word;

	if (!t->frame->decided)
		return "stands before the number of actions";
	if (t->frame->action_count == t->block->actions)
		return "is one more than was announced";
	if (!slice_cut(&rest, ' ', &word) || word.len == 0 || rest.len == 0)
		return "is not RULE COMMAND";
	if (!stream_decode(&rule, word) || !stream_decode(&command, rest))
		return bad_encoding;
	frame_add_action(t->frame, buf_slice(&rule), buf_slice(&command));
	return NULL;
}

static const struct row frame_rows[] = {
	{ .name = "id", .take = take_id },
	{ .name = "account", .text = offsetof(struct frame, account) },
	{ .name = "folder", .text = offsetof(struct frame, folder) },
	{ .name = "received", .text = offsetof(struct frame, received) },
	{ .name = "flags", .text = offsetof(struct frame, flags) },
	{ .name = "mail-from", .take = take_mail_from },
	{ .name = "rcpt-to", .take = take_rcpt_to, .list = true },
	{ .name = "variant", .take = take_variant },
	{ .name = "after", .take = take_after },
	{ .name = "actions", .take = take_actions },
	{ .name = "action", .take = take_action, .list = true },
	{ .name = NULL },
};

static const char *take_program(struct target *t)
{
	return stream_decode(&t->preamble->program, t->value) ? NULL : bad_encoding;
}

/* Letters and digits only: whatever serves the socket, no line but a nonce is sent to it. */
static bool nonce_right(struct slice nonce)
{
	if (nonce.len < STREAM_NONCE_MIN || nonce.len > STREAM_NONCE_MAX)
		return false;
	for (size_t i = 0; i < nonce.len; i++) {
		char c = nonce.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return false;
	}
	return true;
}

static const char *take_receipts(struct target *t)
{
	struct preamble *p = t->preamble;
	struct slice rest = t->value;
	struct slice word;

	if (slice_is(t->value, "stdout")) {
		p->way = RECEIPTS_STDOUT;
		return NULL;
	}
	if (!slice_cut(&rest, ' ', &word) || !slice_is(word, "unix"))
		return "names no way that is known";
	if (!slice_cut(&rest, ' ', &word) || !stream_decode(&p->path, word) ||
		p->path.len == 0 || p->path.ptr[0] != '/')
		return "names no absolute path";
	if (!nonce_right(rest))
		return "has no right nonce";
	buf_add_slice(&p->nonce, rest);
	p->way = RECEIPTS_UNIX;
	return NULL;
}

static const struct row preamble_rows[] = {
	{ .name = "program", .take = take_program },
	{ .name = "receipts", .take = take_receipts },
	{ .name = NULL },
};

static bool name_right(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!(c >= 'a' && c <= 'z') && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
			return false;
	}
	return name.len > 0;
}

static const char *take_other(struct strings *others, struct slice line, struct slice value)
{
	AUTO_BUF decoded = { 0 };

	if (!stream_decode(&decoded, value))
		return bad_encoding;
	strings_add(others, line);
	return NULL;
}

static const char *take_line(const struct row *rows, struct target *t, struct slice line,
	struct strings *others)
{
	ptrdiff_t colon = slice_find_byte(line, ':');
	struct slice name;

	t->block->bytes += line.len + 1;
	if (t->block->bytes > STREAM_BLOCK_MAX)
		return "is longer, with the lines before it, than a block may be";
	if (colon < 0 || (size_t)colon + 1 >= line.len || line.ptr[colon + 1] != ' ')
		return "is not NAME: VALUE";
	name = slice_first(line, (size_t)colon);
	if (!name_right(name))
		return "has no right name";
	t->value = slice_from(line, (size_t)colon + 2);
	for (size_t i = 0; rows[i].name; i++) {
		if (!slice_is(name, rows[i].name))
			continue;
		if (!rows[i].list && (t->block->seen & (1u << i)))
			return "stands there twice";
		t->block->seen |= 1u << i;
		return rows[i].take ? rows[i].take(t) : take_text(t, rows[i].text);
	}
	return take_other(others, line, t->value);
}

int stream_block_frame(struct stream_block *b, struct frame *f, struct slice line,
	const char **bad)
{
	struct target t = { .block = b, .frame = f };

	*bad = take_line(frame_rows, &t, line, &f->others);
	return *bad ? -1 : 0;
}

int stream_block_preamble(struct stream_block *b, struct preamble *p, struct slice line,
	const char **bad)
{
	struct target t = { .block = b, .preamble = p };

	*bad = take_line(preamble_rows, &t, line, &p->others);
	return *bad ? -1 : 0;
}

int stream_block_frame_end(const struct stream_block *b, const struct frame *f,
	const char **bad)
{
	if (f->action_count == b->actions)
		return 0;
	*bad = "has fewer actions than announced";
	return -1;
}
