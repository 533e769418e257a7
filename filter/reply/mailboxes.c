/*
 * The author of a message that is put together here: see mailboxes.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/mailboxes.h"

#include "common/mail/address.h"
#include "common/mail/word.h"

static bool is_atom_text(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		strchr("!#$%&'*+-/=?^_`{|}~ ", c) != NULL;
}

/* As a phrase: atoms, encoded words as they stand, else a quoted string. */
static void put_name(struct slice name, struct buf *out)
{
	bool atoms = true;
	bool ascii = true;

	for (size_t i = 0; i < name.len; i++) {
		atoms = atoms && is_atom_text(name.ptr[i]);
		ascii = ascii && (unsigned char)name.ptr[i] < 127;
	}
	if (!ascii) {
		word_encode(name, out);
	} else if (atoms) {
		buf_add_slice(out, name);
	} else {
		buf_add_byte(out, '"');
		for (size_t i = 0; i < name.len; i++) {
			if (name.ptr[i] == '"' || name.ptr[i] == '\\')
				buf_add_byte(out, '\\');
			buf_add_byte(out, name.ptr[i]);
		}
		buf_add_byte(out, '"');
	}
	buf_add_byte(out, ' ');
}

static bool put_one(const struct address *a, bool more, struct buf *out, struct buf *first)
{
	AUTO_BUF address = { 0 };
	bool named = a->name && a->name[0];

	if (!a->local || !a->domain)
		return false;
	address_put(&address, a);
	if (address_check_envelope(buf_slice(&address), NULL) < 0)
		return false;
	if (more)
		buf_add_text(out, ",\n ");
	else if (first)
		buf_set(first, buf_slice(&address));
	if (named)
		put_name(slice_text(a->name), out);
	buf_addf(out, named ? "<%s>" : "%s", address.ptr);
	return true;
}

static bool holds_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return true;
	}
	return false;
}

int mailboxes_put(const char *name, struct slice list, struct buf *out, struct buf *first,
	struct fault *why)
{
	AUTO_ADDRESSES addresses = { 0 };
	size_t bad = 0;
	bool good;

	if (list.len > MAILBOXES_MAX)
		return fault_set(why, FAULT_RUNTIME, "an author of more than 900 bytes");
	address_read_list(list, &addresses, &bad);
	good = bad == 0 && addresses.count > 0 && addresses.groups.count == 0 &&
		!holds_control(list);
	buf_addf(out, "%s: ", name);
	for (size_t i = 0; i < addresses.count && good; i++)
		good = put_one(&addresses.at[i], i > 0, out, first);
	buf_add_byte(out, '\n');
	if (good)
		return 0;
	return fault_set(why, FAULT_RUNTIME,
		"\"%.*s\" is no author, expected name@domain or Name <name@domain>",
		SLICE_ARG(slice_first(list, 80)));
}
