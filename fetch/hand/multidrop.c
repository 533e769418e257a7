/*
 * Recipients from a header field: see multidrop.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/hand/multidrop.h"

#include "common/mail/address.h"
#include "common/mail/header.h"
#include "common/mail/return_path.h"

static bool is_field_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];

		if (c <= 32 || c >= 127 || c == ':')
			return false;
	}
	return name.len > 0;
}

int multidrop_check(const struct multidrop *m, struct fault *why)
{
	struct fault how;

	if (m->recipient && address_check_envelope(slice_text(m->recipient), &how) < 0)
		return fault_set(why, FAULT_CONFIG, "recipient: %s", how.text);
	if (!m->field) {
		if (m->strip || m->guess || m->domains.count || m->count > 1)
			return fault_set(why, FAULT_CONFIG,
				"multidrop-... without \"multidrop\" means nothing");
		return 0;
	}
	if (!is_field_name(slice_text(m->field)))
		return fault_set(why, FAULT_CONFIG, "multidrop: \"%s\" is no name of a field",
			m->field);
	if (strcasecmp(m->field, "Received") == 0)
		return fault_set(why, FAULT_CONFIG,
			"multidrop: Received names no recipients that can be relied on");
	if (m->guess && m->domains.count == 0)
		return fault_set(why, FAULT_CONFIG,
			"multidrop-guess needs multidrop-domains: else mail would go to strangers");
	return 0;
}

bool multidrop_wanted(const struct multidrop *m)
{
	return m->field || m->recipient;
}

static bool is_ours(const struct multidrop *m, const struct address *a)
{
	if (m->domains.count == 0)
		return true;
	for (size_t i = 0; a->domain && i < m->domains.count; i++) {
		if (strcasecmp(a->domain, m->domains.at[i]) == 0)
			return true;
	}
	return false;
}

static int add(const struct multidrop *m, struct address *a, struct strings *to,
	struct fault *why)
{
	size_t strip = m->strip ? strlen(m->strip) : 0;
	AUTO_BUF text = { 0 };

	if (!a->local || !is_ours(m, a))
		return 0;
	if (strip && strncasecmp(a->local, m->strip, strip) == 0)
		memmove(a->local, a->local + strip, strlen(a->local + strip) + 1);
	address_put(&text, a);
	if (address_check_envelope(buf_slice(&text), why) < 0)
		return -1;
	if (strings_has(to, buf_text(&text)))
		return 0;
	if (to->count >= MULTIDROP_RECIPIENTS_MAX)
		return fault_set(why, FAULT_DATA, "more than %d recipients",
			MULTIDROP_RECIPIENTS_MAX);
	strings_give(to, buf_give(&text));
	return 0;
}

/* Of our own server's field every word must be an address: a part of them is no envelope. */
static int add_field(const struct multidrop *m, const struct field *field, bool strict,
	struct strings *to, struct fault *why)
{
	AUTO_BUF value = { 0 };
	AUTO_ADDRESSES list = { 0 };
	size_t bad = 0;

	header_unfold(field->body, &value);
	address_read_list(buf_slice(&value), &list, &bad);
	if (strict && (bad || list.cut))
		return fault_set(why, FAULT_DATA, "it holds what is no address");
	for (size_t i = 0; i < list.count; i++) {
		if (add(m, &list.at[i], to, strict ? why : NULL) < 0 && strict)
			return -1;
	}
	return 0;
}

static bool find_nth(struct slice header, const char *name, long count, struct field *out)
{
	while (header_next(&header, out) == 1) {
		if (slice_is_case(out->name, name) && --count == 0)
			return true;
	}
	return false;
}

/* RFC 5322 section 3.6.6: whoever resent it addressed it anew. */
static void guess(const struct multidrop *m, struct slice header, struct strings *to)
{
	static const char *const names[2][3] = { { "Resent-To", "Resent-Cc", "Resent-Bcc" },
		{ "To", "Cc", "Bcc" } };

	for (size_t round = 0; round < 2 && to->count == 0; round++) {
		struct slice rest = header;
		struct field field;

		while (header_next(&rest, &field) == 1) {
			for (size_t i = 0; i < 3; i++) {
				if (slice_is_case(field.name, names[round][i]))
					(void)add_field(m, &field, false, to, NULL);
			}
		}
	}
}

static int name_recipients(const struct multidrop *m, struct slice header, struct strings *to,
	struct fault *why)
{
	struct field field;
	struct fault how;
	bool found = find_nth(header, m->field, m->count, &field);

	if (found && add_field(m, &field, true, to, &how) < 0)
		return fault_set(why, FAULT_TEMP, "its field %s: %s", m->field, how.text);
	if (!found && m->guess)
		guess(m, header, to);
	if (to->count == 0 && m->recipient)
		strings_add(to, slice_text(m->recipient));
	if (to->count > 0)
		return 0;
	if (found)
		return fault_set(why, FAULT_TEMP, "its field %s names nobody%s", m->field,
			m->domains.count ? " in multidrop-domains" : "");
	if (m->count > 1)
		return fault_set(why, FAULT_TEMP, "it has no field %s number %ld", m->field,
			m->count);
	return fault_set(why, FAULT_TEMP, "it has no field %s%s", m->field,
		m->guess ? ", and none of our domains is addressed" : "");
}

int multidrop_take(const struct multidrop *m, struct slice header, struct frame *frame,
	struct fault *why)
{
	if (!m->field) {
		if (m->recipient)
			strings_add(&frame->rcpt_to, slice_text(m->recipient));
		return 0;
	}
	if (name_recipients(m, header, &frame->rcpt_to, why) < 0)
		return -1;
	frame->mail_from_known = return_path_read(header, &frame->mail_from);
	return 0;
}
