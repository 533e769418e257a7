/*
 * Recipients and senders: see recipients.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/recipients.h"

#include <search.h>

#include "common/base/say.h"
#include "common/mail/address.h"

static int bad_address(struct slice text, const char *what, const char *reason,
	struct fault *why)
{
	AUTO_BUF shown = { 0 };

	say_visible(&shown, slice_first(text, 100));
	return fault_set(why, FAULT_DATA, "%s: \"%s\"%s%s", what, buf_text(&shown),
		reason ? ": " : " holds what is no address", reason ? reason : "");
}

bool recipients_has_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if ((byte < ' ' && byte != '\t') || byte == 0x7f)
			return true;
	}
	return false;
}

static int add_address(const struct address *a, const char *what, const char *hostname,
	struct strings *out, struct fault *why)
{
	AUTO_BUF text = { 0 };
	struct address whole = *a;
	struct fault reason;
	AUTO_FREE char *host = mem_text(hostname);

	if (!whole.domain)
		whole.domain = host;
	address_put(&text, &whole);
	if (recipients_has_control(buf_slice(&text)))
		return bad_address(buf_slice(&text), what, "a control character", why);
	if (address_check_envelope(buf_slice(&text), &reason) < 0)
		return bad_address(buf_slice(&text), what, reason.text, why);
	strings_add(out, buf_slice(&text));
	return 0;
}

int recipients_read(struct slice list, const char *what, const char *hostname,
	struct strings *out, struct fault *why)
{
	struct address_list found = { 0 };
	size_t bad = 0;
	int result = 0;

	address_read_list(list, &found, &bad);
	if (bad > 0)
		result = bad_address(list, what, NULL, why);
	for (size_t i = 0; i < found.count && result == 0; i++) {
		if (found.at[i].local)
			result = add_address(&found.at[i], what, hostname, out, why);
	}
	address_list_free(&found);
	return result;
}

int recipients_read_argument(const char *text, const char *hostname, struct strings *out,
	struct fault *why)
{
	struct slice list = slice_text(text);

	if (recipients_has_control(list))
		return bad_address(list, "recipient", "a control character", why);
	return recipients_read(list, "recipient", hostname, out, why);
}

int sender_read(const char *text, const char *hostname, char **out, struct fault *why)
{
	AUTO_STRINGS one = { 0 };
	struct slice plain = slice_text(text);

	if (plain.len >= 2 && plain.ptr[0] == '<' && plain.ptr[plain.len - 1] == '>')
		plain = slice_of(plain.ptr + 1, plain.len - 2);
	if (plain.len == 0) {
		*out = mem_text("");
		return 0;
	}
	if (recipients_has_control(plain))
		return bad_address(plain, "sender", "a control character", why);
	if (recipients_read(plain, "sender", hostname, &one, why) < 0)
		return -1;
	if (one.count != 1)
		return bad_address(plain, "sender", "not one address", why);
	*out = mem_text(one.at[0]);
	return 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep_text(void *text)
{
	(void)text; /* the tree borrows the list's texts */
}

int recipients_add_once(const struct strings *list, struct envelope *e, struct fault *why)
{
	void *seen = NULL;
	int result = 0;

	for (size_t i = 0; i < list->count && result == 0; i++) {
		void *node = tsearch(list->at[i], &seen, compare_texts);

		if (!node)
			result = fault_set(why, FAULT_TEMP, "out of memory");
		else if (*(char **)node != list->at[i])
			continue;
		else if (e->count == ENVELOPE_RECIPIENTS_MAX)
			result = fault_set(why, FAULT_DATA, "more than %d recipients",
				ENVELOPE_RECIPIENTS_MAX);
		else
			envelope_add_recipient(e, slice_text(list->at[i]));
	}
	tdestroy(seen, keep_text);
	return result;
}
