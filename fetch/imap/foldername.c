/*
 * Names of folders: see foldername.h. RFC 3501 section 5.1, RFC 2342.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/foldername.h"

#include "common/mail/mutf7.h"

const char *folder_canonical(const char *wire)
{
	return slice_is_case(slice_text(wire), "INBOX") ? "INBOX" : wire;
}

void folder_quoted(const char *wire, struct buf *out)
{
	imap_quote(out, slice_text(wire));
}

void folder_place(const struct folder_names *n, const char *wire, struct buf *out)
{
	if (n->utf8 || !mutf7_decode(slice_text(wire), out))
		buf_add_text(out, wire);
}

static void to_slashes(const struct folder_names *n, struct buf *text, size_t start)
{
	for (size_t i = start; i < text->len && n->delimiter && n->delimiter != '/'; i++) {
		if (text->ptr[i] == n->delimiter)
			text->ptr[i] = '/';
	}
}

void folder_shown(const struct folder_names *n, const char *wire, struct buf *out)
{
	size_t start = out->len;

	folder_place(n, wire, out);
	to_slashes(n, out, start);
}

static bool climbs(struct slice name)
{
	struct slice part;

	if (name.len && name.ptr[0] == '/')
		return true;
	while (slice_cut(&name, '/', &part)) {
		if (slice_is(part, "..") || slice_is(part, "."))
			return true;
	}
	return false;
}

bool folder_is_sane(const struct folder_names *n, const char *wire)
{
	AUTO_BUF shown = { 0 };

	folder_shown(n, wire, &shown);
	for (size_t i = 0; i < shown.len; i++) {
		if ((unsigned char)shown.ptr[i] < 0x20 || shown.ptr[i] == 0x7f)
			return false;
	}
	return !climbs(slice_text(wire)) && !climbs(buf_slice(&shown));
}

struct slice folder_inner(const struct folder_names *n, struct slice shown)
{
	AUTO_BUF prefix = { 0 };

	buf_add_slice(&prefix, buf_slice(&n->space.prefix));
	to_slashes(n, &prefix, 0);
	if (prefix.len == 0 || shown.len <= prefix.len ||
		!slice_equal_case(slice_first(shown, prefix.len), buf_slice(&prefix)))
		return slice_first(shown, 0);
	return slice_from(shown, prefix.len);
}

/* A name of the personal namespace without its prefix, as people write it. */
static bool wants_prefix(const struct folder_names *n, struct slice wire)
{
	const struct imap_namespace *space = &n->space;

	if (space->prefix.len == 0 || slice_is_case(wire, "INBOX") ||
		slice_starts_case(wire, buf_text(&space->prefix)))
		return false;
	for (size_t i = 0; i < space->others.count; i++) {
		if (slice_starts_case(wire, space->others.at[i]))
			return false;
	}
	return true;
}

/* "inbox.x" under the prefix "INBOX.": the folder that a list calls "INBOX.x". */
static void fix_prefix(const struct folder_names *n, struct buf *wire)
{
	struct slice prefix = buf_slice(&n->space.prefix);

	if (slice_starts_case(prefix, "INBOX") && wire->len > prefix.len &&
		slice_equal_case(slice_first(buf_slice(wire), prefix.len), prefix))
		memcpy(wire->ptr, prefix.ptr, prefix.len);
}

int folder_wire(const struct folder_names *n, const char *name, struct buf *out,
	struct fault *why)
{
	AUTO_BUF wire = { 0 };

	if (n->utf8)
		buf_add_text(&wire, name);
	else if (!mutf7_encode(slice_text(name), &wire))
		return fault_set(why, FAULT_CONFIG, "the folder \"%s\" is not written in UTF-8",
			name);
	for (size_t i = 0; i < wire.len && n->delimiter && n->delimiter != '/'; i++) {
		if (wire.ptr[i] == '/')
			wire.ptr[i] = n->delimiter;
	}
	fix_prefix(n, &wire);
	if (wants_prefix(n, buf_slice(&wire)))
		buf_add_slice(out, buf_slice(&n->space.prefix));
	buf_add_text(out, folder_canonical(buf_text(&wire)));
	return 0;
}
