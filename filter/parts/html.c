/*
 * HTML to text: see html.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/parts/html.h"

#include "filter/parts/html_reference.h"

enum {
	STATE_TEXT,
	STATE_REFERENCE, /* behind "&" */
	STATE_OPEN,      /* behind "<" */
	STATE_END_OPEN,  /* behind "</" */
	STATE_NAME,
	STATE_TAG,       /* where the name of an attribute may begin */
	STATE_ATTRIBUTE, /* in it or behind it */
	STATE_EQUALS,    /* behind "=" */
	STATE_VALUE,     /* of no quotes */
	STATE_QUOTED,
	STATE_MARK,      /* behind "<!" */
	STATE_COMMENT,
	STATE_DECLARATION, /* and all else that ends with ">" */
};

/* Tags that stand within a line. */
static const char *const inline_tags[] = { "a", "abbr", "acronym", "b", "bdi", "bdo", "big",
	"cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark",
	"nobr", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
	"time", "tt", "u", "var", "wbr", NULL };

/* What stands in them is no text. */
static const char *const skipped_tags[] = { "script", "style", "noembed", "noframes", "iframe",
	"template", NULL };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_listed(const char *const *list, const char *name)
{
	for (; *list; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

static void pay_gap(struct html *h, struct buf *out)
{
	if (h->gap && h->begun)
		buf_add_byte(out, (char)h->gap);
	h->gap = 0;
	h->begun = true;
}

static void put(struct html *h, struct slice text, struct buf *out)
{
	if (h->skipped[0])
		return;
	pay_gap(h, out);
	buf_add_slice(out, text);
}

static void owe(struct html *h, int gap)
{
	if (!h->skipped[0] && h->gap != '\n')
		h->gap = gap;
}

static void begin_name(struct html *h, int state)
{
	h->state = state;
	h->len = 0;
	h->name[0] = '\0';
}

/* Too long a name keeps its length: it is none that is known. */
static void add_name(struct html *h, char c)
{
	if (h->len < HTML_NAME_MAX)
		h->name[h->len] = c >= 'A' && c <= 'Z' && h->state == STATE_NAME
			? (char)(c + ('a' - 'A'))
			: c;
	if (h->len <= HTML_NAME_MAX)
		h->len++;
	h->name[h->len < HTML_NAME_MAX ? h->len : HTML_NAME_MAX] = '\0';
}

static void end_tag(struct html *h)
{
	bool known = h->len <= HTML_NAME_MAX;

	h->state = STATE_TEXT;
	if (h->skipped[0]) {
		h->skipped[0] = '\0';
		owe(h, '\n');
		return;
	}
	if (known && is_listed(inline_tags, h->name))
		return;
	owe(h, '\n');
	if (known && !h->closing && is_listed(skipped_tags, h->name))
		memcpy(h->skipped, h->name, sizeof(h->skipped));
}

/* True when it is one: then a ";" behind it belongs to it. */
static bool end_reference(struct html *h, struct buf *out)
{
	AUTO_BUF text = { 0 };

	h->state = STATE_TEXT;
	if (!html_reference(slice_of(h->name, h->len), &text)) {
		put(h, SLICE("&"), out);
		if (h->len > 0)
			put(h, slice_of(h->name, h->len), out);
		return false;
	}
	if (text.len == 1 && text.ptr[0] == ' ')
		owe(h, ' ');
	else if (text.len > 0)
		put(h, buf_slice(&text), out);
	return true;
}

/* Within a tag: quotes are such only behind an attribute's "=". */
static void in_tag(struct html *h, char c)
{
	if (c == '>') {
		end_tag(h);
	} else if (h->state == STATE_EQUALS && (c == '"' || c == '\'')) {
		h->quote = c;
		h->state = STATE_QUOTED;
	} else if (h->state == STATE_EQUALS) {
		h->state = is_blank(c) ? STATE_EQUALS : STATE_VALUE;
	} else if (h->state == STATE_VALUE) {
		h->state = is_blank(c) ? STATE_TAG : STATE_VALUE;
	} else if (h->state == STATE_ATTRIBUTE && c == '=') {
		h->state = STATE_EQUALS;
	} else if (c == '/') {
		h->state = STATE_TAG;
	} else if (!is_blank(c)) {
		h->state = STATE_ATTRIBUTE;
	}
}

/* "<!--" was read as a mark of two dashes; "<!-->" and "-->" end it. */
static void in_comment(struct html *h, char c)
{
	if (c == '>' && h->dashes >= 2)
		h->state = STATE_TEXT;
	else if (c == '-')
		h->dashes = h->dashes < 2 ? h->dashes + 1 : 2;
	else if (c != '!' || h->dashes < 2)
		h->dashes = 0;
}

/* Behind "<": 1 when the byte is used up, 0 when it is to be looked at again as text. */
static int open_tag(struct html *h, char c, struct buf *out)
{
	bool end = h->state == STATE_END_OPEN;

	if (is_letter(c) && (end || !h->skipped[0])) {
		h->closing = end;
		begin_name(h, STATE_NAME);
		add_name(h, c);
	} else if (!end && c == '/') {
		h->state = STATE_END_OPEN;
	} else if (!end && c == '!' && !h->skipped[0]) {
		h->dashes = 0;
		h->state = STATE_MARK;
	} else if (((!end && c == '?') || end) && !h->skipped[0]) {
		h->state = c == '>' ? STATE_TEXT : STATE_DECLARATION;
	} else {
		h->state = STATE_TEXT;
		put(h, SLICE("<"), out);
		return 0;
	}
	return 1;
}

static int reference(struct html *h, char c, struct buf *out)
{
	bool more = is_letter(c) || (c >= '0' && c <= '9') || (c == '#' && h->len == 0);

	if (more && h->len < HTML_NAME_MAX) {
		add_name(h, c);
		return 1;
	}
	return end_reference(h, out) && c == ';' ? 1 : 0;
}

/* Takes one byte in a state that is not text; 0: look at it again. */
static int step(struct html *h, char c, struct buf *out)
{
	switch (h->state) {
	case STATE_REFERENCE:
		return reference(h, c, out);
	case STATE_OPEN:
	case STATE_END_OPEN:
		return open_tag(h, c, out);
	case STATE_NAME:
		if (c != '>' && c != '/' && !is_blank(c)) {
			add_name(h, c);
			break;
		}
		if (h->skipped[0] && strcmp(h->name, h->skipped) != 0) {
			h->state = STATE_TEXT;
			return 0;
		}
		h->state = STATE_TAG;
		in_tag(h, c);
		break;
	case STATE_QUOTED:
		if (c == h->quote)
			h->state = STATE_TAG;
		break;
	case STATE_MARK:
		h->dashes += c == '-';
		if (h->dashes == 2)
			h->state = STATE_COMMENT;
		else if (c != '-')
			h->state = c == '>' ? STATE_TEXT : STATE_DECLARATION;
		break;
	case STATE_COMMENT:
		in_comment(h, c);
		break;
	case STATE_DECLARATION:
		h->state = c == '>' ? STATE_TEXT : STATE_DECLARATION;
		break;
	default:
		in_tag(h, c);
		break;
	}
	return 1;
}

/* Text up to the next byte that is more than a character. */
static size_t take_text(struct html *h, struct slice bytes, struct buf *out)
{
	size_t len = 0;

	while (len < bytes.len && bytes.ptr[len] != '<' && bytes.ptr[len] != '&' &&
		!is_blank(bytes.ptr[len]))
		len++;
	if (len > 0) {
		put(h, slice_first(bytes, len), out);
		return len;
	}
	if (bytes.ptr[0] == '<')
		h->state = STATE_OPEN;
	else if (bytes.ptr[0] != '&')
		owe(h, ' ');
	else if (!h->skipped[0])
		begin_name(h, STATE_REFERENCE);
	return 1;
}

void html_feed(struct html *h, struct slice bytes, struct buf *out)
{
	while (bytes.len > 0) {
		if (h->state == STATE_TEXT)
			slice_skip(&bytes, take_text(h, bytes, out));
		else if (step(h, bytes.ptr[0], out))
			slice_skip(&bytes, 1);
	}
}

void html_finish(struct html *h, struct buf *out)
{
	if (h->state == STATE_REFERENCE)
		end_reference(h, out);
	if (h->state == STATE_OPEN || h->state == STATE_END_OPEN)
		put(h, h->state == STATE_OPEN ? SLICE("<") : SLICE("</"), out);
	h->state = STATE_TEXT;
}
