/*
 * mailto URIs: see mailto.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/mailto.h"

#include "common/base/utf8.h"
#include "common/mail/address.h"
#include "common/mail/word.h"

/* Made for each message, told by its transport or its content, or aimed elsewhere. */
static const char *const ignored[] = { "from", "sender", "date", "message-id", "auto-submitted",
	"received", "bcc", "errors-to", "apparently-to", "mime-version", "in-reply-to",
	"references", "importance", "x-priority", "delivered-to", "precedence" };
static const char *const ignored_starts[] = { "content-", "resent-", "list-", "arc-", "dkim-",
	"return-", "disposition-" };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

void mailto_free(struct mailto *m)
{
	strings_free(&m->to);
	strings_free(&m->cc);
	strings_free(&m->names);
	strings_free(&m->values);
	free(m->subject);
	free(m->body);
	*m = (struct mailto){ 0 };
}

bool mailto_is(struct slice uri)
{
	return slice_starts_case(uri, "mailto:");
}

/* unreserved and some-delims of RFC 6068; and "/". */
static bool is_uri_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c != '\0' && strchr("-._~!$'()*+,;:@/", c) != NULL);
}

static int decode(struct slice text, struct buf *out, struct fault *why)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '%') {
			int high = i + 2 < text.len ? slice_hex_digit(text.ptr[i + 1]) : -1;
			int low = i + 2 < text.len ? slice_hex_digit(text.ptr[i + 2]) : -1;

			if (high < 0 || low < 0)
				return fault_set(why, FAULT_RUNTIME,
					"\"%%\" in a mailto URI expected two hexadecimal digits");
			buf_add_byte(out, (char)(high << 4 | low));
			i += 2;
		} else if (is_uri_byte(c)) {
			buf_add_byte(out, c);
		} else {
			return fault_set(why, FAULT_RUNTIME,
				"a mailto URI holds a character that expected to be written as "
				"%%%02X", (unsigned)(unsigned char)c);
		}
	}
	if (!utf8_valid(buf_slice(out)) || slice_find_byte(buf_slice(out), '\0') >= 0)
		return fault_set(why, FAULT_RUNTIME, "a mailto URI expected UTF-8 without NUL");
	return 0;
}

static bool has_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return true;
	}
	return false;
}

static int wrong_address(struct slice text, struct fault *why)
{
	return fault_set(why, FAULT_RUNTIME,
		"\"%.*s\" in a mailto URI is no address, expected name@domain",
		SLICE_ARG(slice_first(text, 80)));
}

static int add_recipient(struct mailto *m, struct strings *list, const char *address,
	struct fault *why)
{
	if (strings_has(&m->to, address) || strings_has(&m->cc, address))
		return 0;
	if (m->to.count + m->cc.count == MAILTO_RECIPIENTS_MAX)
		return fault_set(why, FAULT_RUNTIME, "more than 100 recipients in a mailto URI");
	strings_add(list, slice_text(address));
	return 0;
}

/* An address list of names, addresses and commas. */
static int add_list(struct mailto *m, struct strings *to, struct slice text, struct fault *why)
{
	AUTO_ADDRESSES list = { 0 };
	size_t bad = 0;

	address_read_list(text, &list, &bad);
	if (bad > 0 || list.groups.count > 0 || has_control(text))
		return wrong_address(text, why);
	for (size_t i = 0; i < list.count; i++) {
		AUTO_BUF address = { 0 };

		if (!list.at[i].local || !list.at[i].domain)
			return wrong_address(text, why);
		address_put(&address, &list.at[i]);
		if (address_check_envelope(buf_slice(&address), NULL) < 0)
			return wrong_address(text, why);
		if (add_recipient(m, to, address.ptr, why) < 0)
			return -1;
	}
	return 0;
}

/* One addr-spec: nothing beside it, not even a comment (RFC 6068 section 2, rule 3). */
static int add_spec(struct mailto *m, struct slice encoded, struct fault *why)
{
	AUTO_BUF spec = { 0 };

	if (decode(encoded, &spec, why) < 0)
		return -1;
	if (address_check_envelope(buf_slice(&spec), NULL) < 0)
		return wrong_address(buf_slice(&spec), why);
	return add_list(m, &m->to, buf_slice(&spec), why);
}

static int read_to(struct mailto *m, struct slice to, struct fault *why)
{
	while (to.len > 0) {
		ptrdiff_t comma = slice_find_byte(to, ',');
		struct slice one = slice_first(to, comma < 0 ? to.len : (size_t)comma);

		if (add_spec(m, one, why) < 0)
			return -1;
		slice_skip(&to, one.len);
		if (comma >= 0 && to.len == 1)
			return wrong_address(to, why);
		slice_skip(&to, comma < 0 ? 0 : 1);
	}
	return 0;
}

static bool is_ignored(struct slice name)
{
	for (size_t i = 0; i < COUNT(ignored); i++) {
		if (slice_is_case(name, ignored[i]))
			return true;
	}
	for (size_t i = 0; i < COUNT(ignored_starts); i++) {
		if (slice_starts_case(name, ignored_starts[i]))
			return true;
	}
	return false;
}

/* RFC 5322 section 3.6.8: ftext */
static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == ':')
			return false;
	}
	return name.len > 0 && name.len <= MAILTO_NAME_MAX;
}

static int add_other(struct mailto *m, struct slice name, struct slice value, struct fault *why)
{
	char *text;

	for (size_t i = 0; i < m->names.count; i++) {
		if (slice_is_case(name, m->names.at[i]))
			return 0;
	}
	if (m->names.count == MAILTO_FIELDS_MAX)
		return fault_set(why, FAULT_RUNTIME, "more than 50 fields in a mailto URI");
	text = slice_copy(name);
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	strings_give(&m->names, text);
	strings_add(&m->values, value);
	return 0;
}

static int add_field(struct mailto *m, struct slice name, struct slice value, struct fault *why)
{
	AUTO_BUF decoded = { 0 };

	if (!is_name(name))
		return fault_set(why, FAULT_RUNTIME, "a mailto URI with a field that has no name");
	if (slice_is_case(name, "body")) {
		if (!m->body)
			m->body = slice_copy(value);
		return 0;
	}
	if (has_control(value))
		return fault_set(why, FAULT_RUNTIME,
			"a control character in field \"%.*s\" of a mailto URI", SLICE_ARG(name));
	if (slice_is_case(name, "to"))
		return add_list(m, &m->to, value, why);
	if (slice_is_case(name, "cc"))
		return add_list(m, &m->cc, value, why);
	if (is_ignored(name))
		return 0;
	if (!slice_is_case(name, "subject"))
		return add_other(m, name, value, why);
	word_decode(value, &decoded);
	if (has_control(buf_slice(&decoded)))
		return fault_set(why, FAULT_RUNTIME,
			"a control character in the subject of a mailto URI");
	if (!m->subject)
		m->subject = buf_give(&decoded);
	return 0;
}

static int read_fields(struct mailto *m, struct slice fields, struct fault *why)
{
	struct slice one;

	while (slice_cut(&fields, '&', &one)) {
		ptrdiff_t equal = slice_find_byte(one, '=');
		AUTO_BUF name = { 0 };
		AUTO_BUF value = { 0 };

		if (equal < 0)
			return fault_set(why, FAULT_RUNTIME,
				"a mailto URI with a field that has no \"=\"");
		if (decode(slice_first(one, (size_t)equal), &name, why) < 0 ||
			decode(slice_from(one, (size_t)equal + 1), &value, why) < 0 ||
			add_field(m, buf_slice(&name), buf_slice(&value), why) < 0)
			return -1;
	}
	return 0;
}

int mailto_read(struct slice uri, struct mailto *out, struct fault *why)
{
	ptrdiff_t fragment = slice_find_byte(uri, '#');
	struct slice rest = slice_first(uri, fragment < 0 ? uri.len : (size_t)fragment);
	ptrdiff_t question;
	struct slice to;

	*out = (struct mailto){ 0 };
	if (!mailto_is(uri))
		return fault_set(why, FAULT_RUNTIME, "not a mailto URI");
	if (uri.len > MAILTO_MAX)
		return fault_set(why, FAULT_RUNTIME, "a mailto URI of more than 64 KiB");
	slice_skip(&rest, 7);
	question = slice_find_byte(rest, '?');
	to = slice_first(rest, question < 0 ? rest.len : (size_t)question);
	slice_skip(&rest, question < 0 ? to.len : to.len + 1);
	if (read_to(out, to, why) == 0 && (question < 0 || read_fields(out, rest, why) == 0))
		return 0;
	mailto_free(out);
	return -1;
}
