/*
 * filter/reply/mailto: whatever a URI holds, its recipients are addresses, no control byte
 * gets out of it into a field, and the notification that is made of it has one empty line
 * behind fields that are ours or the URI's.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "common/mail/address.h"
#include "filter/reply/compose.h"
#include "filter/reply/notification.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_clean(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

static void check_addresses(const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++) {
		assert(address_check_envelope(slice_text(list->at[i]), NULL) == 0);
		assert(strchr(list->at[i], '@'));
	}
}

static void check_message(struct slice message, const struct mailto *uri)
{
	struct field field;
	size_t count = 0;

	while (header_next(&message, &field) == 1) {
		assert(!slice_is_case(field.name, "bcc"));
		count++;
	}
	/* Auto-Submitted, From, Subject, Date, Message-ID, MIME-Version and two of content */
	assert(count == 8U + (uri->to.count > 0) + (uri->cc.count > 0) + uri->names.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message message = { .header = SLICE("Subject: x\n\n") };
	AUTO_MAILTO uri = { 0 };
	struct notification n = { .message = &message, .uri = &uri, .own = SLICE("me@x.org"),
		.rule = "r.sieve:1" };
	AUTO_BUF text = { 0 };
	AUTO_BUF author = { 0 };
	AUTO_BUF out = { 0 };
	struct fault why;

	buf_add_text(&text, "mailto:");
	buf_add(&text, data, size);
	if (mailto_read(buf_slice(&text), &uri, &why) < 0) {
		assert(uri.to.count == 0 && !uri.body);
		return 0;
	}
	check_addresses(&uri.to);
	check_addresses(&uri.cc);
	assert(!uri.subject || is_clean(uri.subject));
	for (size_t i = 0; i < uri.values.count; i++)
		assert(is_clean(uri.names.at[i]) && is_clean(uri.values.at[i]));
	if (uri.to.count + uri.cc.count > 0 && notification_put(&n, &out, &author, &why) == 0)
		check_message(buf_slice(&out), &uri);
	message_close(&message);
	return 0;
}
