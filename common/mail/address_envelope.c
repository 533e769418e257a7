/*
 * RFC 5321 section 4.1.2: addresses as an envelope has them. See address.h.
 *
 *	mailbox    = local [ "@" domain ]
 *	local      = atom *( "." atom ) / DQUOTE *( qtext / "\" %d32-126 ) DQUOTE
 *	domain     = label *( "." label ) / "[" 1*dcontent "]"
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/address.h"

/*
 * LIMIT: RFC 5321 section 4.5.3.1.3, 256 with the angles. The 64 bytes that 4.5.3.1.1 has for
 * a local part are often passed by senders that hold another address; section 4.5.3.1 asks
 * for no limit of ours where one can be done without.
 */
enum { PATH_BYTES_MAX = 254 };

/* RFC 5322 section 3.2.3, and RFC 6531 section 3.3: bytes of UTF-8. */
static bool is_atext(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c >= 128 || (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_dot_string(struct slice s)
{
	if (s.len == 0 || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' ? s.ptr[i - 1] == '.' : !is_atext((unsigned char)s.ptr[i]))
			return false;
	}
	return true;
}

void address_put(struct buf *out, const struct address *a)
{
	struct slice local = slice_text(a->local);

	if (!a->local || (local.len == 0 && !a->domain))
		return;
	if (is_dot_string(local)) {
		buf_add_slice(out, local);
	} else {
		buf_add_byte(out, '"');
		for (size_t i = 0; i < local.len; i++) {
			if (local.ptr[i] == '"' || local.ptr[i] == '\\')
				buf_add_byte(out, '\\');
			buf_add_byte(out, local.ptr[i]);
		}
		buf_add_byte(out, '"');
	}
	if (a->domain) {
		buf_add_byte(out, '@');
		buf_add_text(out, a->domain);
	}
}

/* Takes the local part off *rest; false when it is none. */
static bool local_part(struct slice *rest)
{
	struct slice local = *rest;
	size_t len = 0;

	if (rest->len == 0 || rest->ptr[0] != '"') {
		ptrdiff_t at = slice_find_byte(*rest, '@');

		if (at >= 0)
			local.len = (size_t)at;
		slice_skip(rest, local.len);
		return is_dot_string(local);
	}
	for (len = 1; len < rest->len && rest->ptr[len] != '"'; len++) {
		if (rest->ptr[len] == '\\')
			len++;
	}
	if (len >= rest->len)
		return false;
	slice_skip(rest, len + 1);
	return true;
}

static bool is_domain(struct slice s)
{
	bool literal = s.len > 2 && s.ptr[0] == '[' && s.ptr[s.len - 1] == ']';
	char before = '.';

	if (literal)
		s = slice_of(s.ptr + 1, s.len - 2);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-' || c == '_' || c >= 128;

		if (!word && !(literal && c == ':') && (c != '.' || before == '.'))
			return false;
		before = (char)c;
	}
	return before != '.';
}

/* The address for a sentence: printable, and not too long. */
static int bad(struct slice text, const char *what, struct fault *why)
{
	AUTO_BUF shown = { 0 };

	for (size_t i = 0; i < text.len && i < 100; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		buf_add_byte(&shown, c < 32 || c == 127 ? '?' : (char)c);
	}
	return fault_set(why, FAULT_DATA, "the address <%s> %s", buf_text(&shown), what);
}

int address_check_envelope(struct slice text, struct fault *why)
{
	struct slice rest = text;

	if (text.len == 0)
		return fault_set(why, FAULT_DATA, "the address is empty");
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 32 || text.ptr[i] == 127)
			return bad(text, "holds a control character", why);
	}
	if (text.len > PATH_BYTES_MAX)
		return bad(text, "is longer than 254 bytes", why);
	if (!local_part(&rest))
		return bad(text, "has a local part that needs quotes, or none", why);
	if (rest.len == 0)
		return 0;
	if (rest.ptr[0] != '@')
		return bad(text, "goes on behind the quoted local part", why);
	if (!is_domain(slice_from(rest, 1)))
		return bad(text, "has no valid domain", why);
	return 0;
}
