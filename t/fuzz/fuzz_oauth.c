/*
 * common/net/oauth: answers of a provider, what comes back through the browser, the store.
 * The first byte says which; what is accepted keeps the promises of the headers.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/net/https.h"
#include "common/net/oauth/answer.h"
#include "common/net/oauth/form.h"
#include "common/net/oauth/redirect.h"
#include "common/net/oauth/store.h"

static void must(bool right)
{
	if (!right)
		abort();
}

static void must_be_printable(const char *text, bool blanks)
{
	for (; text && *text; text++)
		must(*text > ' ' - blanks && *text < 127);
}

static void must_be_visible(const struct buf *text)
{
	for (size_t i = 0; i < text->len; i++)
		must((unsigned char)text->ptr[i] >= ' ' && text->ptr[i] != 127);
}

static void read_answer(struct slice in)
{
	AUTO_OAUTH_ANSWER a = { 0 };
	struct fault why = { 0 };

	if (oauth_answer_read(in, &a, &why) < 0) {
		must(why.kind == FAULT_PROTOCOL && why.text[0] && !a.access && !a.error);
		return;
	}
	must((a.access != NULL) != (a.error != NULL));
	must(a.error || (a.life >= OAUTH_LIFE_MIN && a.life <= OAUTH_LIFE_MAX));
	must(!a.access || (a.access[0] && strlen(a.access) <= OAUTH_TOKEN_MAX));
	must_be_printable(a.access, false);
	must_be_printable(a.refresh, false);
	must_be_printable(a.scope, true);
	must_be_visible(&a.detail);
	if (a.error)
		must(oauth_error_kind(a.error) != FAULT_NONE && a.detail.len > 0);
}

static void read_device(struct slice in)
{
	AUTO_OAUTH_DEVICE d = { 0 };
	struct fault why = { 0 };

	if (oauth_device_read(in, &d, &why) < 0) {
		must(why.kind == FAULT_PROTOCOL && !d.code);
		return;
	}
	must((d.code != NULL) != (d.error != NULL));
	must(d.error || (d.user_code && d.url && d.life > 0 && d.interval > 0));
	must_be_printable(d.user_code, true);
	must_be_printable(d.url, false);
	if (d.url)
		(void)https_url_is_safe(d.url);
}

static void read_redirect(struct slice in)
{
	AUTO_BUF code = { 0 };
	AUTO_BUF form = { 0 };
	AUTO_BUF again = { 0 };
	struct slice target;
	struct redirect r;
	struct fault why = { 0 };
	int found;

	must(redirect_parse("http://127.0.0.1", &r));
	if (redirect_request(in, &target) > 0)
		(void)redirect_is_ours(&r, target);
	found = redirect_answer(in, "s", &code, &why);
	must(found < 1 || (code.len > 0 && slice_find(in, SLICE("state=")) >= 0));
	must(found >= 0 || why.kind == FAULT_LOGIN);
	must_be_visible(&code);
	/* What is written is read to the same. */
	form_add(&form, "code", buf_slice(&code));
	must(form_find(buf_slice(&form), "code", &again) == 1);
	must(slice_equal(buf_slice(&again), buf_slice(&code)));
}

static void read_store(struct slice in)
{
	AUTO_OAUTH_STORE first = { 0 };
	AUTO_OAUTH_STORE second = { 0 };
	AUTO_BUF once = { 0 };
	AUTO_BUF twice = { 0 };

	if (oauth_store_parse(in, &first) < 0) {
		must(!first.access && !first.refresh);
		return;
	}
	oauth_store_put(&first, &once);
	must(oauth_store_parse(buf_slice(&once), &second) == 0);
	oauth_store_put(&second, &twice);
	must(slice_equal(buf_slice(&once), buf_slice(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const read[])(struct slice in) = { read_answer, read_device, read_redirect,
		read_store };

	if (size > 0)
		read[data[0] % 4](slice_of(data + 1, size - 1));
	return 0;
}
