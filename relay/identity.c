/*
 * The submitting user: see identity.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/identity.h"

#include <pwd.h>
#include <unistd.h>

#include "common/mail/word.h"

void identity_login(struct buf *out)
{
	const struct passwd *entry = getpwuid(getuid());

	if (entry && entry->pw_name[0] != '\0')
		buf_add_text(out, entry->pw_name);
	else
		buf_addf(out, "uid-%u", (unsigned)getuid());
}

/* In gecos a "&" stands for the login name with a capital letter. */
static void add_login_capital(const char *login, struct buf *out)
{
	size_t at = out->len;

	buf_add_text(out, login);
	if (login[0] >= 'a' && login[0] <= 'z')
		out->ptr[at] = (char)(out->ptr[at] - 'a' + 'A');
}

void identity_full_name(struct buf *out)
{
	const struct passwd *entry = getpwuid(getuid());

	for (const char *at = entry && entry->pw_gecos ? entry->pw_gecos : ""; *at && *at != ',';
	     at++) {
		if (*at == '&')
			add_login_capital(entry->pw_name, out);
		else
			buf_add_byte(out, *at);
	}
}

/* RFC 5322 3.2.3: words of a phrase that need no quotes. */
static bool is_atom_or_blank(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr(" !#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static void clean_name(struct slice name, struct buf *out)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];

		buf_add_byte(out, c < ' ' || c == 0x7f ? ' ' : (char)c);
	}
}

/*
 * RFC 2047 5 (3): in a phrase an encoded word holds letters, digits and "!*+-/=_" only,
 * which base64 keeps. LIMIT: 45 bytes of text make a word of 72 of the 75 allowed.
 */
static void put_encoded(struct slice text, struct buf *out)
{
	const unsigned char *at;

	while (text.len > 0) {
		size_t part = text.len < 45 ? text.len : 45;

		/* A character is never cut (RFC 2047 5). */
		at = (const unsigned char *)text.ptr;
		while (part < text.len && part > 1 && (at[part] & 0xc0) == 0x80)
			part--;
		buf_add_text(out, "=?utf-8?B?");
		word_base64_encode(slice_first(text, part), out);
		buf_add_text(out, "?=");
		slice_skip(&text, part);
		if (text.len > 0)
			buf_add_text(out, "\n ");
	}
}

/* LIMIT: RFC 5322 section 2.1.1: with its address a line of at most 998 bytes. */
enum { NAME_PLAIN_MAX = 350 };

static void put_name(struct slice name, struct buf *out)
{
	bool plain = true;
	bool ascii = true;
	AUTO_BUF utf8 = { 0 };

	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];

		plain = plain && is_atom_or_blank(c);
		ascii = ascii && c < 0x80;
	}
	if (plain && name.len < NAME_PLAIN_MAX) {
		buf_add_slice(out, name);
	} else if (ascii && name.len < NAME_PLAIN_MAX) {
		buf_add_byte(out, '"');
		for (size_t i = 0; i < name.len; i++) {
			if (name.ptr[i] == '"' || name.ptr[i] == '\\')
				buf_add_byte(out, '\\');
			buf_add_byte(out, name.ptr[i]);
		}
		buf_add_byte(out, '"');
	} else {
		word_decode(name, &utf8); /* makes any bytes valid UTF-8 */
		put_encoded(buf_slice(&utf8), out);
	}
}

void identity_put_from(struct slice name, struct slice address, struct buf *out)
{
	AUTO_BUF clean = { 0 };
	struct slice shown;

	clean_name(name, &clean);
	shown = slice_trim(buf_slice(&clean));
	if (shown.len == 0) {
		buf_add_slice(out, address);
		return;
	}
	put_name(shown, out);
	buf_add_text(out, " <");
	buf_add_slice(out, address);
	buf_add_byte(out, '>');
}
