/*
 * The modifiers of set: see modifiers.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/commands/modifiers.h"

static void change_case(struct buf *text, size_t len, bool upper)
{
	char from = upper ? 'a' : 'A';
	char to = upper ? 'A' : 'a';

	for (size_t i = 0; i < len && i < text->len; i++) {
		if (text->ptr[i] >= from && text->ptr[i] <= from + 25)
			text->ptr[i] = (char)(text->ptr[i] - from + to);
	}
}

/* Section 4.1.2: a backslash before each byte that means something to :matches or :regex. */
static void quote(struct buf *text, struct slice special)
{
	AUTO_BUF quoted = { 0 };

	for (size_t i = 0; i < text->len; i++) {
		if (slice_find_byte(special, text->ptr[i]) >= 0)
			buf_add_byte(&quoted, '\\');
		buf_add_byte(&quoted, text->ptr[i]);
	}
	buf_swap(text, &quoted);
}

/* RFC 3986 section 2.3: all but the unreserved ones. */
static void encode_url(struct buf *text)
{
	AUTO_BUF encoded = { 0 };

	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->ptr[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '.' || c == '_' || c == '~')
			buf_add_byte(&encoded, (char)c);
		else
			buf_addf(&encoded, "%%%02X", (unsigned)c);
	}
	buf_swap(text, &encoded);
}

/* Section 4.1.1: characters, not bytes. */
static void measure(struct buf *text)
{
	AUTO_BUF length = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < text->len; i++)
		count += ((unsigned char)text->ptr[i] & 0xc0) != 0x80;
	buf_addf(&length, "%zu", count);
	buf_swap(text, &length);
}

/* Section 6: too long a value is cut, and that is no error; never inside a character. */
static void shorten(struct buf *text)
{
	size_t len = VALUE_MAX;

	if (text->len <= VALUE_MAX)
		return;
	while (len > 0 && ((unsigned char)text->ptr[len] & 0xc0) == 0x80)
		len--;
	buf_cut(text, len);
}

void modifiers_apply(struct buf *text, unsigned given)
{
	if (given & 1U << MODIFIER_LOWER)
		change_case(text, text->len, false);
	if (given & 1U << MODIFIER_UPPER)
		change_case(text, text->len, true);
	if (given & 1U << MODIFIER_LOWERFIRST)
		change_case(text, 1, false);
	if (given & 1U << MODIFIER_UPPERFIRST)
		change_case(text, 1, true);
	if (given & 1U << MODIFIER_QUOTEWILDCARD)
		quote(text, SLICE("*?\\"));
	if (given & 1U << MODIFIER_QUOTEREGEX)
		quote(text, SLICE("\\^$.[]|()?*+{}"));
	if (given & 1U << MODIFIER_ENCODEURL)
		encode_url(text);
	if (given & 1U << MODIFIER_LENGTH)
		measure(text);
	shorten(text);
}
