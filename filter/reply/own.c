/*
 * Whose mail it is: see own.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/own.h"

static const char *const recipient_fields[] = { "to", "cc", "bcc", "resent-to", "resent-cc",
	"resent-bcc" };
enum { FIELD_COUNT = sizeof(recipient_fields) / sizeof(recipient_fields[0]) };

void own_add(struct strings *own, struct slice text)
{
	AUTO_ADDRESSES list = { 0 };
	AUTO_BUF address = { 0 };

	address_read_list(text, &list, NULL);
	if (list.count != 1 || !list.at[0].local || !list.at[0].domain)
		return;
	address_put(&address, &list.at[0]);
	if (address_check_envelope(buf_slice(&address), NULL) == 0)
		strings_add(own, buf_slice(&address));
}

void own_addresses(const struct message *m, const struct filter_settings *settings,
	struct strings *out)
{
	const struct frame *frame = m->frame;

	for (size_t i = 0; frame && i < frame->rcpt_to.count; i++)
		own_add(out, slice_text(frame->rcpt_to.at[i]));
	for (size_t i = 0; frame && i < frame->others.count; i++) {
		struct slice line = slice_text(frame->others.at[i]);

		if (slice_starts(line, "orig-to: "))
			own_add(out, slice_from(line, 9));
	}
	for (size_t i = 0; i < settings->addresses.count; i++)
		own_add(out, slice_text(settings->addresses.at[i]));
}

bool own_has(const struct strings *own, struct slice address)
{
	for (size_t i = 0; i < own->count; i++) {
		if (slice_equal_case(slice_text(own->at[i]), address))
			return true;
	}
	return false;
}

static bool find_in(const struct address_list *list, const struct strings *own, struct buf *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!list->at[i].local || !list->at[i].domain)
			continue;
		buf_clear(out);
		address_put(out, &list->at[i]);
		if (own_has(own, buf_slice(out)))
			return true;
	}
	return false;
}

bool own_named(struct message *m, const struct strings *own, struct buf *out)
{
	size_t bad;

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		size_t at = message_find(m, slice_text(recipient_fields[i]));

		for (; at != MESSAGE_NONE; at = message_find_next(m, at)) {
			if (find_in(message_addresses(m, at, &bad), own, out))
				return true;
		}
	}
	buf_clear(out);
	return false;
}

bool own_choose(struct message *m, const struct strings *own, struct buf *out)
{
	if (own_named(m, own, out))
		return true;
	if (own->count > 0)
		buf_set(out, slice_text(own->at[0]));
	return own->count > 0;
}
