/*
 * extracttext (RFC 5703 section 7): the text of the part that foreverypart is at, into a
 * variable. What has no text of its own, or in an unknown encoding or charset, gives "".
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/utf8.h"
#include "common/mail/charset.h"
#include "common/mail/lineend.h"
#include "filter/commands/command.h"
#include "filter/commands/modifiers.h"
#include "filter/language/complaint.h"
#include "filter/parts/loop.h"
#include "filter/parts/text.h"
#include "filter/language/template.h"

enum { TAG_FIRST = MODIFIER_COUNT };

static const struct tag tags[] = {
	MODIFIER_ROWS,
	[TAG_FIRST] = { "first", 0, 0, VALUE_NUMBER },
	{ NULL, 0, 0, VALUE_NONE },
};

static int check_extract(struct checker *checker, struct node *node)
{
	const struct template *name = node->strings[0].at;
	const char *wrong;

	if (!(checker->script->capabilities & CAPABILITY_VARIABLES))
		return checker_complain(checker, node,
			"\"extracttext\" expected require \"variables\" at the top");
	if (checker->loop_count == 0)
		return checker_complain(checker, node,
			"\"extracttext\" expected a \"foreverypart\" around it");
	wrong = template_assign(checker->script, name->text, &node->variable);
	if (wrong)
		return checker_complain_at(checker, name, "\"%.*s\" %s",
			SLICE_ARG(slice_first(name->text, 40)), wrong);
	return 0;
}

/* Containers have no text; what cannot be read for sure is none (section 7). */
static bool has_text(const struct part *p)
{
	struct charset *charset;

	if (p->is_multipart || p->is_message || p->encoding_unknown)
		return false;
	if (strcmp(p->type, "text") != 0 || p->charset[0] == '\0')
		return true;
	charset = charset_open(slice_text(p->charset));
	charset_close(charset);
	return charset;
}

/* Its first bytes, at least `wanted` of them if there are so many; line ends as LF. */
static int read_start(const struct text *text, size_t wanted, struct buf *out, struct fault *why)
{
	enum { PIECE = 65536 };
	struct lineend ends = { 0 };
	AUTO_BUF room = { 0 };
	uint64_t at = 0;
	size_t got;

	buf_reserve(&room, PIECE);
	do {
		if (text_read(text, at, room.ptr, PIECE, &got, why) < 0)
			return -1;
		lineend_to_lf(&ends, slice_of(room.ptr, got), out);
		at += got;
	} while (got > 0 && out->len < wanted);
	lineend_finish(&ends, out);
	return 0;
}

/* Adds whole characters, so many and no more bytes than a variable holds. No NUL comes out. */
static void take_characters(struct slice from, uint64_t count, struct buf *out)
{
	for (; from.len > 0 && count > 0 && out->len + 4 <= VALUE_MAX; count--) {
		int length = utf8_length(from);

		if (length <= 0 || from.ptr[0] == '\0') {
			buf_add_text(out, UTF8_REPLACEMENT);
			length = 1;
		} else {
			buf_add(out, from.ptr, (size_t)length);
		}
		slice_skip(&from, (size_t)length);
	}
}

static int extract(struct run *run, uint64_t count, struct buf *out)
{
	struct message *m = run->message;
	const struct parts *parts = loop_parts(run);
	size_t number = loop_part(run);
	AUTO_BUF start = { 0 };
	struct fault why;
	struct text text;

	if (!parts)
		return -1;
	if (number >= parts->count || !has_text(&parts->at[number]))
		return 0;
	if (text_of_part(m, number, TEXT_PLAIN, &text, &why) < 0 ||
		read_start(&text, VALUE_MAX, &start, &why) < 0)
		return run_fail(run, "%s", why.text);
	take_characters(buf_slice(&start), count, out);
	return 0;
}

static int run_extract(struct run *run, const struct node *node)
{
	bool limited = node->tags & 1U << TAG_FIRST;
	AUTO_BUF text = { 0 };

	if (extract(run, limited ? node->tag_values[TAG_FIRST].number : UINT64_MAX, &text) < 0)
		return -1;
	modifiers_apply(&text, node->tags);
	buf_swap(&run->variables[node->variable], &text);
	return 0;
}

const struct word command_extracttext = {
	.name = "extracttext",
	.capability = CAPABILITY_EXTRACTTEXT,
	.needs = NEEDS_BODY,
	.tags = tags,
	.positions = "c",
	.check = check_extract,
	.run = run_extract,
};
