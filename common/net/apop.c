/*
 * APOP: see apop.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/apop.h"

#include <openssl/evp.h>

/* LIMIT: RFC 5322 section 2.1.1, a line. */
enum { CHALLENGE_MAX = 998 };

static bool is_atext(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* dot-atom-text = 1*atext *("." 1*atext) */
static bool is_dot_atom(struct slice text)
{
	bool atom = false;

	for (size_t i = 0; i < text.len; i++) {
		bool dot = text.ptr[i] == '.';

		if (dot ? !atom : !is_atext(text.ptr[i]))
			return false;
		atom = !dot;
	}
	return atom;
}

/* "[" *dtext "]": printable, without "[", "\" and "]" */
static bool is_literal(struct slice text)
{
	if (text.len < 2 || text.ptr[0] != '[' || text.ptr[text.len - 1] != ']')
		return false;
	for (size_t i = 1; i + 1 < text.len; i++) {
		if (text.ptr[i] < '!' || text.ptr[i] > '~' || strchr("[\\]", text.ptr[i]))
			return false;
	}
	return true;
}

bool apop_challenge(struct slice greeting, struct slice *challenge)
{
	struct slice left, right;
	ptrdiff_t start, at;

	greeting = slice_trim(greeting);
	start = slice_find_byte(greeting, '<');
	if (start < 0 || greeting.ptr[greeting.len - 1] != '>')
		return false;
	*challenge = slice_from(greeting, (size_t)start);
	right = slice_first(slice_from(*challenge, 1), challenge->len - 2);
	at = slice_find_byte(right, '@');
	if (at < 0 || challenge->len > CHALLENGE_MAX)
		return false;
	left = slice_first(right, (size_t)at);
	right = slice_from(right, (size_t)at + 1);
	return is_dot_atom(left) && (is_dot_atom(right) || is_literal(right));
}

int apop_digest(struct slice challenge, const char *secret, struct buf *out,
	struct fault *why)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestInit_ex(context, EVP_md5(), NULL) == 1 &&
		EVP_DigestUpdate(context, challenge.ptr, challenge.len) == 1 &&
		EVP_DigestUpdate(context, secret, strlen(secret)) == 1 &&
		EVP_DigestFinal_ex(context, digest, &len) == 1;

	EVP_MD_CTX_free(context);
	if (!good)
		return fault_set(why, FAULT_CONFIG, "APOP needs MD5, which is forbidden here");
	for (unsigned int i = 0; i < len; i++)
		buf_addf(out, "%02x", digest[i]);
	return 0;
}
