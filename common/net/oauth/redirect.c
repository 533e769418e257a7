/*
 * Redirects: see redirect.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/redirect.h"

#include "common/base/say.h"
#include "common/net/oauth/form.h"

bool redirect_parse(const char *url, struct redirect *out)
{
	static const char *const here[] = { "http://127.0.0.1", "http://localhost" };
	struct slice rest = slice_text(url);
	uint64_t port = 0;
	size_t digits = 0;

	*out = (struct redirect){ .url = url };
	for (size_t i = 0; i < 2 && out->host.len == 0; i++) {
		if (slice_starts(rest, here[i]))
			out->host = slice_first(rest, strlen(here[i]));
	}
	if (out->host.len == 0)
		return false;
	slice_skip(&rest, out->host.len);
	if (rest.len > 0 && rest.ptr[0] == ':') {
		slice_skip(&rest, 1);
		while (digits < rest.len && rest.ptr[digits] != '/')
			digits++;
		if (!slice_number(slice_first(rest, digits), &port) || port < 1 || port > 65535)
			return false;
		slice_skip(&rest, digits);
	}
	out->port = (long)port;
	out->path = rest;
	return rest.len == 0 || rest.ptr[0] == '/';
}

/* RFC 9112 section 3: "GET" SP request-target SP "HTTP/1." DIGIT, up to an empty line. */
int redirect_request(struct slice head, struct slice *target)
{
	struct slice rest = head;
	struct slice line, method;

	*target = (struct slice){ "", 0 };
	if (slice_find(head, SLICE("\r\n\r\n")) < 0 && slice_find(head, SLICE("\n\n")) < 0)
		return head.len >= REDIRECT_MAX;
	slice_line(&rest, &line);
	if (slice_cut(&line, ' ', &method) && slice_is(method, "GET") &&
		slice_cut(&line, ' ', target) && slice_starts(line, "HTTP/1."))
		return 1;
	*target = (struct slice){ "", 0 };
	return 1;
}

bool redirect_is_ours(const struct redirect *r, struct slice target)
{
	ptrdiff_t mark = slice_find_byte(target, '?');
	struct slice path = slice_first(target, mark < 0 ? target.len : (size_t)mark);

	return slice_equal(path, r->path) || (r->path.len == 0 && slice_is(path, "/"));
}

/* Same length and bytes, in a time that tells nothing of where they differ. */
static bool same(const struct buf *a, const char *b)
{
	unsigned differ = 0;

	if (a->len != strlen(b))
		return false;
	for (size_t i = 0; i < a->len; i++)
		differ |= (unsigned char)(a->ptr[i] ^ b[i]);
	return differ == 0;
}

static int says_no(struct slice query, const struct buf *error, struct fault *why)
{
	AUTO_BUF about = { 0 };
	AUTO_BUF shown = { 0 };

	say_visible(&shown, slice_first(buf_slice(error), 60));
	if (form_find(query, "error_description", &about) > 0 && about.len > 0) {
		buf_add_text(&shown, ": ");
		say_visible(&shown, slice_first(buf_slice(&about), 300));
	}
	return fault_set(why, FAULT_LOGIN, "the login was refused: %s", buf_text(&shown));
}

int redirect_answer(struct slice target, const char *state, struct buf *code,
	struct fault *why)
{
	ptrdiff_t mark = slice_find_byte(target, '?');
	struct slice query = slice_from(target, mark < 0 ? target.len : (size_t)mark + 1);
	ptrdiff_t hash = slice_find_byte(query, '#');
	AUTO_BUF value = { 0 };
	int found;

	buf_clear(code);
	query = slice_first(query, hash < 0 ? query.len : (size_t)hash);
	if (form_find(query, "state", &value) <= 0 || !same(&value, state))
		return 0;
	found = form_find(query, "error", &value);
	if (found > 0 && value.len > 0)
		return says_no(query, &value, why);
	if (found < 0 || form_find(query, "code", code) <= 0 || code->len == 0)
		return fault_set(why, FAULT_LOGIN, "the provider sent no code back");
	return 1;
}
