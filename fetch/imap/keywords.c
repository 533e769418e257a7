/*
 * Flags and labels of a message: see keywords.h. RFC 3501 section 9.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/keywords.h"

/* LIMIT: a label, which has 225 characters at most at Gmail; labels together. */
enum { LABEL_MAX = 1000, LABELS_MAX = 16 << 10 };

static bool has_word(struct slice list, struct slice word)
{
	struct slice one;

	while (slice_cut(&list, ' ', &one)) {
		if (slice_equal_case(one, word))
			return true;
	}
	return false;
}

static void add_word(struct buf *out, struct slice word)
{
	if (word.len == 0 || has_word(buf_slice(out), word))
		return;
	if (out->len)
		buf_add_byte(out, ' ');
	buf_add_slice(out, word);
}

void imap_put_flags(const struct imap_fetch *fetch, struct buf *out)
{
	struct slice rest = buf_slice(&fetch->flags);
	struct slice flag;

	while (slice_cut(&rest, ' ', &flag)) {
		if (!slice_is_case(flag, "\\Recent") && !slice_is_case(flag, "\\Deleted"))
			add_word(out, flag);
	}
}

static void put_label(const char *label, struct buf *out)
{
	AUTO_BUF word = { 0 };

	if (*label == '\\') {
		buf_add_byte(&word, '$');
		label++;
	}
	for (; *label && word.len < LABEL_MAX; label++) {
		bool atom = *label > ' ' && *label <= '~' && !strchr("(){%*\"\\]", *label);

		buf_add_byte(&word, atom ? *label : '_');
	}
	add_word(out, buf_slice(&word));
}

void imap_put_labels(const struct imap_fetch *fetch, struct buf *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < fetch->labels.count && out->len - start < LABELS_MAX; i++) {
		if (!slice_is_case(slice_text(fetch->labels.at[i]), "\\Starred"))
			put_label(fetch->labels.at[i], out);
	}
}
