/*
 * common/mail/address: what is read can be written, and is then read as the same address.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/mail/address.h"

static void must(bool right)
{
	if (!right)
		abort();
}

static bool is_clean(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 32 || *text == 127)
			return false;
	}
	return true;
}

static void check(const struct address *a)
{
	AUTO_ADDRESSES again = { 0 };
	AUTO_BUF text = { 0 };
	size_t bad;

	must(!a->name || is_clean(a->name));
	must(!a->group || is_clean(a->group));
	if (!a->local) {
		must(a->group && !a->domain);
		return;
	}
	must(is_clean(a->local) && (!a->domain || (is_clean(a->domain) && *a->domain)));
	buf_add_byte(&text, '<');
	address_put(&text, a);
	buf_add_byte(&text, '>');
	address_read_list(buf_slice(&text), &again, &bad);
	must(bad == 0 && again.count == 1);
	must(strcmp(again.at[0].local, a->local) == 0);
	must(!again.at[0].domain == !a->domain);
	must(!a->domain || strcmp(again.at[0].domain, a->domain) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ADDRESSES list = { 0 };
	struct fault why;
	size_t bad;

	address_read_list(slice_of(data, size), &list, &bad);
	must(list.count <= ADDRESS_MAX && list.count + bad <= size + 1);
	for (size_t i = 0; i < list.count; i++)
		check(&list.at[i]);
	if (address_check_envelope(slice_of(data, size), &why) < 0) {
		must(why.kind == FAULT_DATA && is_clean(why.text));
		return 0;
	}
	/* What may stand between < and > is one address, and stays as it is. */
	must(size > 0 && size <= 254 && !memchr(data, '\n', size) && !memchr(data, 0, size));
	return 0;
}
