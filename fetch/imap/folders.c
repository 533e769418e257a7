/*
 * Folders of an IMAP account: see folders.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/folders.h"

#include "common/base/say.h"
#include "common/mail/mutf7.h"

/* LIMIT: folders of one account. */
enum { FOLDERS_MAX = 10000 };

void folders_free(struct folders *f)
{
	strings_free(&f->wire);
}

void folder_quoted(const char *wire_name, struct buf *out)
{
	imap_quote(out, slice_text(wire_name));
}

void folder_shown(const struct folders *f, const char *wire_name, struct buf *out)
{
	size_t start = out->len;

	if (!mutf7_decode(slice_text(wire_name), out))
		buf_add_text(out, wire_name);
	for (size_t i = start; i < out->len && f->delimiter && f->delimiter != '/'; i++) {
		if (out->ptr[i] == f->delimiter)
			out->ptr[i] = '/';
	}
}

/* Somebody may make a path of it: no control characters, no part "." or "..". */
static bool is_sane(const struct buf *name, char delimiter)
{
	struct slice rest = buf_slice(name);
	struct slice part;

	for (size_t i = 0; i < name->len; i++) {
		if ((unsigned char)name->ptr[i] < 0x20 || name->ptr[i] == 0x7f)
			return false;
	}
	while (slice_cut(&rest, delimiter ? delimiter : '/', &part)) {
		if (slice_is(part, "..") || slice_is(part, "."))
			return false;
	}
	return true;
}

static int hear_list(void *arg, const struct imap_event *e, struct fault *why)
{
	struct folders *f = arg;
	struct imap_list list = { 0 };
	AUTO_BUF seen = { 0 };
	int result = 0;

	if (e->kind != IMAP_DATA || !slice_is_case(e->name, "LIST"))
		return 0;
	if (imap_list_read(e->text, &list, why) < 0) {
		buf_free(&list.name);
		return -1;
	}
	if (list.delimiter)
		f->delimiter = list.delimiter;
	if (f->wire.count >= FOLDERS_MAX) {
		result = fault_set(why, FAULT_PROTOCOL, "more than %d folders", FOLDERS_MAX);
	} else if (list.no_select || list.name.len == 0) {
		result = 0; /* a node of the tree, or the answer that tells the delimiter */
	} else if (!is_sane(&list.name, list.delimiter)) {
		say_visible(&seen, buf_slice(&list.name));
		fault_set(&f->trouble, FAULT_PROTOCOL, "a folder with an impossible name: \"%s\"",
			buf_text(&seen));
	} else if (!strings_has(&f->wire, buf_text(&list.name))) {
		strings_add(&f->wire, buf_slice(&list.name));
	}
	buf_free(&list.name);
	return result;
}

/* As the server writes it: its delimiter, modified UTF-7. */
static int to_wire(const struct folders *f, const char *name, struct buf *out,
	struct fault *why)
{
	if (!mutf7_encode(slice_text(name), out))
		return fault_set(why, FAULT_CONFIG, "the folder \"%s\" is not written in UTF-8",
			name);
	for (size_t i = 0; i < out->len && f->delimiter && f->delimiter != '/'; i++) {
		if (out->ptr[i] == '/')
			out->ptr[i] = f->delimiter;
	}
	return 0;
}

int folders_list(struct imap_talk *talk, const struct strings *wanted, struct folders *out,
	struct fault *why)
{
	bool known = false;

	for (size_t i = 0; i < wanted->count; i++) {
		const char *name = wanted->at[i];
		AUTO_BUF wire = { 0 };
		AUTO_BUF quoted = { 0 };

		if (!known && strpbrk(name, "/*%")) {
			if (imap_ask(talk, hear_list, out, why, "LIST \"\" \"\"") < 0)
				return -1;
			known = true;
		}
		if (to_wire(out, name, &wire, why) < 0)
			return -1;
		if (!imap_quote(&quoted, buf_slice(&wire)))
			return fault_set(why, FAULT_CONFIG, "a folder's name has a line end in it");
		if (!strpbrk(name, "*%")) {
			if (!strings_has(&out->wire, buf_text(&wire)))
				strings_add(&out->wire, buf_slice(&wire));
			continue;
		}
		if (imap_ask(talk, hear_list, out, why, "LIST \"\" %s", buf_text(&quoted)) < 0)
			return -1;
	}
	return 0;
}
