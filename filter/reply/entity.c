/*
 * A reply that the rule gives as a MIME entity: see entity.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/entity.h"

#include "common/mail/header.h"

/* RFC 5322 section 2.1.1 */
enum { LINE_MAX_ALLOWED = 998 };

static bool is_ours(struct slice name)
{
	return slice_is_case(name, "mime-version");
}

/* field-name ":" with a name that belongs to content. */
static bool names_content(struct slice line)
{
	ptrdiff_t colon = slice_find_byte(line, ':');
	struct slice name = slice_first(line, colon > 0 ? (size_t)colon : 0);

	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~')
			return false;
	}
	return (slice_starts_case(name, "content-") && name.len > 8) || is_ours(name);
}

static bool is_clean(struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		if ((c < ' ' && c != '\t') || c > '~')
			return false;
	}
	return true;
}

static int check_header_line(struct slice line, bool first, struct fault *why)
{
	bool folded = line.ptr[0] == ' ' || line.ptr[0] == '\t';

	if (!is_clean(line))
		return fault_set(why, FAULT_RUNTIME,
			"a MIME field may hold printable ASCII only");
	if (folded && !first && slice_trim(line).len > 0)
		return 0;
	if (folded || !names_content(line))
		return fault_set(why, FAULT_RUNTIME,
			"\"%.*s\" is no MIME field, expected \"Content-...:\" fields, an empty "
			"line, and the content", SLICE_ARG(slice_first(line, 60)));
	return 0;
}

int entity_check(struct slice entity, struct fault *why)
{
	struct slice rest = entity;
	struct slice line;
	bool header = true;
	bool first = true;

	while (slice_line(&rest, &line)) {
		if (line.len > LINE_MAX_ALLOWED)
			return fault_set(why, FAULT_RUNTIME,
				"a line of the MIME entity is longer than 998 bytes");
		if (slice_find_byte(line, '\0') >= 0 || slice_find_byte(line, '\r') >= 0)
			return fault_set(why, FAULT_RUNTIME,
				"a NUL or a bare CR in a MIME entity");
		header = header && line.len > 0;
		if (header && check_header_line(line, first, why) < 0)
			return -1;
		first = false;
	}
	return 0;
}

static bool is_8bit(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] > 127)
			return true;
	}
	return false;
}

static void put_lines(struct slice text, struct buf *out)
{
	struct slice line;

	while (slice_line(&text, &line)) {
		buf_add_slice(out, line);
		buf_add_byte(out, '\n');
	}
}

void entity_put(struct slice entity, struct buf *out)
{
	struct slice rest = entity;
	struct slice line;
	struct field encoding;
	bool passed = true;

	buf_add_text(out, "MIME-Version: 1.0\n");
	while (slice_line(&rest, &line) && line.len > 0) {
		if (line.ptr[0] != ' ' && line.ptr[0] != '\t')
			passed = !slice_starts_case(line, "mime-version:");
		if (passed) {
			buf_add_slice(out, line);
			buf_add_byte(out, '\n');
		}
	}
	/* RFC 2045 section 6.1: without the field it would be claimed to be 7bit. */
	if (is_8bit(rest) && !header_find(entity, "Content-Transfer-Encoding", &encoding))
		buf_add_text(out, "Content-Transfer-Encoding: 8bit\n");
	buf_add_byte(out, '\n');
	put_lines(rest, out);
}
