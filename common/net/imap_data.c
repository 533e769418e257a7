/*
 * Data of untagged responses and response codes: see imap_reply.h. RFC 3501 section 7.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/imap_item.h"

/* resp-cond: "OK" / "NO" / "BAD" and, untagged, "BYE" / "PREAUTH"; "OKAY" is none. */
bool imap_condition_read(struct slice *in, enum imap_condition *out)
{
	static const char *const names[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
	struct slice rest = *in;
	struct slice word = imap_word(&rest);

	for (int i = 0; i < 5; i++) {
		if (slice_is_case(word, names[i])) {
			*out = (enum imap_condition)i;
			*in = rest;
			return true;
		}
	}
	return false;
}

/* resp-text = ["[" resp-text-code "]" SP] text */
void imap_text_read(struct slice in, struct imap_event *event)
{
	ptrdiff_t end;

	if (in.len && in.ptr[0] == ' ')
		slice_skip(&in, 1);
	end = in.len && in.ptr[0] == '[' ? slice_find_byte(in, ']') : -1;
	if (end > 0) {
		event->code = slice_of(in.ptr + 1, (size_t)end - 1);
		slice_skip(&in, (size_t)end + 1);
	}
	event->text = slice_trim(in);
}

static int malformed(const char *what, struct slice text, struct fault *why)
{
	AUTO_BUF seen = { 0 };

	say_visible(&seen, slice_first(text, 60));
	return fault_set(why, FAULT_PROTOCOL, "malformed %s: \"%s\"", what, buf_text(&seen));
}

/* DQUOTE QUOTED-CHAR DQUOTE / nil */
static int delimiter_read(struct slice *in, char *out)
{
	AUTO_BUF text = { 0 };
	int found = imap_string_read(in, &text);

	if (found < 0 || text.len > 1)
		return -1;
	*out = found && text.len ? text.ptr[0] : 0;
	return 0;
}

/* mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox */
int imap_list_read(struct slice text, struct imap_list *out, struct fault *why)
{
	struct slice in = text, flags, flag;
	ptrdiff_t end = slice_find_byte(in, ')');

	out->no_select = false;
	buf_clear(&out->name);
	buf_clear(&out->flags);
	if (in.len == 0 || in.ptr[0] != '(' || end < 0)
		return malformed("LIST", text, why);
	flags = slice_of(in.ptr + 1, (size_t)end - 1);
	buf_add_slice(&out->flags, flags);
	slice_skip(&in, (size_t)end + 1);
	while (slice_cut(&flags, ' ', &flag)) {
		if (slice_is_case(flag, "\\Noselect") || slice_is_case(flag, "\\NonExistent"))
			out->no_select = true;
	}
	if (in.len == 0 || in.ptr[0] != ' ')
		return malformed("LIST", text, why);
	slice_skip(&in, 1);
	if (delimiter_read(&in, &out->delimiter) < 0 || in.len == 0 || in.ptr[0] != ' ')
		return malformed("LIST", text, why);
	slice_skip(&in, 1);
	/* A name may be an atom with parentheses in it at servers that forget to quote. */
	if (in.len && in.ptr[0] != '"' && in.ptr[0] != '{') {
		buf_add_slice(&out->name, slice_trim(in));
		return 0;
	}
	if (imap_string_read(&in, &out->name) != 1)
		return malformed("LIST", text, why);
	return 0;
}

void imap_list_free(struct imap_list *l)
{
	buf_free(&l->name);
	buf_free(&l->flags);
}

/* Takes the byte off, and blanks behind it. */
static bool take_byte(struct slice *in, char byte)
{
	if (in->len == 0 || in->ptr[0] != byte)
		return false;
	slice_skip(in, 1);
	while (in->len && in->ptr[0] == ' ')
		slice_skip(in, 1);
	return true;
}

/* "(" string SP (DQUOTE char DQUOTE / nil) *(SP string SP "(" string *(SP string) ")") ")" */
static int namespace_entry(struct slice *in, struct buf *prefix, char *delimiter)
{
	AUTO_BUF ignored = { 0 };
	int depth = 0;

	if (!take_byte(in, '(') || imap_string_read(in, prefix) != 1 || !take_byte(in, ' ') ||
		delimiter_read(in, delimiter) < 0)
		return -1;
	for (;;) {
		(void)take_byte(in, ' ');
		if (take_byte(in, '(')) {
			depth++;
		} else if (take_byte(in, ')')) {
			if (depth-- == 0)
				return 0;
		} else if (imap_string_read(in, &ignored) < 0) {
			return -1;
		}
	}
}

/* nil / "(" 1*entry ")" */
static int namespace_class(struct slice *in, bool personal, struct imap_namespace *out)
{
	bool first = personal;

	if (!take_byte(in, '(')) {
		AUTO_BUF nil = { 0 };

		if (imap_string_read(in, &nil) != 0)
			return -1;
		(void)take_byte(in, ' ');
		return 0;
	}
	while (!take_byte(in, ')')) {
		AUTO_BUF prefix = { 0 };
		char delimiter = 0;

		if (namespace_entry(in, &prefix, &delimiter) < 0)
			return -1;
		if (first) {
			buf_set(&out->prefix, buf_slice(&prefix));
			out->delimiter = delimiter;
		} else if (prefix.len) {
			strings_add(&out->others, buf_slice(&prefix));
		}
		first = false;
	}
	return 0;
}

/* Namespace-Response = "*" SP "NAMESPACE" SP Namespace SP Namespace SP Namespace */
int imap_namespace_read(struct slice text, struct imap_namespace *out, struct fault *why)
{
	struct slice in = text;

	for (int i = 0; i < 3; i++) {
		if (namespace_class(&in, i == 0, out) < 0)
			return malformed("NAMESPACE", text, why);
	}
	return 0;
}

void imap_namespace_free(struct imap_namespace *n)
{
	buf_free(&n->prefix);
	strings_free(&n->others);
	n->delimiter = 0;
}

static int status_items(struct slice in, struct imap_status *out)
{
	struct slice name, value;
	uint64_t number;

	if (in.len < 2 || in.ptr[0] != '(' || in.ptr[in.len - 1] != ')')
		return -1;
	in = slice_of(in.ptr + 1, in.len - 2);
	while (slice_cut(&in, ' ', &name)) {
		if (name.len == 0)
			continue;
		if (!slice_cut(&in, ' ', &value) || !slice_number(value, &number))
			return -1;
		if (slice_is_case(name, "MESSAGES")) {
			out->has_messages = true;
			out->messages = number;
		} else if (slice_is_case(name, "UNSEEN")) {
			out->has_unseen = true;
			out->unseen = number;
		} else if (slice_is_case(name, "UIDNEXT")) {
			out->next = number;
		} else if (slice_is_case(name, "UIDVALIDITY")) {
			out->validity = number;
		} else if (slice_is_case(name, "HIGHESTMODSEQ")) {
			out->modseq = number;
		}
	}
	return 0;
}

int imap_status_read(struct slice text, struct imap_status *out, struct fault *why)
{
	struct slice in = text;

	buf_clear(&out->name);
	out->has_messages = false;
	out->has_unseen = false;
	out->next = out->validity = out->modseq = 0;
	if (imap_string_read(&in, &out->name) != 1 || in.len == 0 || in.ptr[0] != ' ' ||
		status_items(slice_trim(in), out) < 0)
		return malformed("STATUS", text, why);
	return 0;
}

bool imap_code_number(struct slice code, const char *name, uint64_t *out)
{
	return slice_is_case(imap_word(&code), name) && slice_number(slice_trim(code), out);
}

bool imap_quote(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\r' || text.ptr[i] == '\n' || text.ptr[i] == 0)
			return false;
	}
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add_byte(out, '"');
	return true;
}
