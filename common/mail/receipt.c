/*
 * Receipts: one line for each id. See receipt.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/receipt.h"

static const char *const words[] = {
	[RECEIPT_STORED] = "stored",
	[RECEIPT_DEFERRED] = "deferred",
	[RECEIPT_REFUSED] = "refused",
};

enum { WORD_COUNT = sizeof(words) / sizeof(words[0]) };

void receipt_put(struct buf *out, enum receipt_verdict verdict, struct slice id,
	const char *reason)
{
	if (id.len == 0)
		return;
	buf_add_text(out, words[verdict]);
	buf_add_byte(out, ' ');
	stream_encode(out, id, true);
	if (verdict != RECEIPT_STORED) {
		buf_add_byte(out, ' ');
		stream_encode(out, slice_first(slice_text(reason), RECEIPT_REASON_MAX), false);
	}
	buf_add_byte(out, '\n');
}

int receipt_read(struct slice line, enum receipt_verdict *verdict, struct buf *id,
	struct buf *reason, struct fault *why)
{
	struct slice rest = line;
	struct slice word = { "", 0 };
	size_t i = 0;

	buf_clear(id);
	buf_clear(reason);
	slice_cut(&rest, ' ', &word);
	while (i < WORD_COUNT && !slice_is(word, words[i]))
		i++;
	if (i == WORD_COUNT)
		return fault_set(why, FAULT_PROTOCOL,
			"a receipt begins with no word that is known");
	*verdict = (enum receipt_verdict)i;
	if (!slice_cut(&rest, ' ', &word) || word.len == 0 || !stream_decode(id, word) ||
		id->len > STREAM_ID_MAX)
		return fault_set(why, FAULT_PROTOCOL, "a receipt names no right id");
	/* Behind `stored ID` nothing may stand; behind the others a reason must. */
	if ((*verdict == RECEIPT_STORED) != (rest.ptr == NULL))
		return fault_set(why, FAULT_PROTOCOL,
			"the receipt of %s has a reason too many or too few", buf_text(id));
	if (rest.ptr && !stream_decode(reason, rest))
		return fault_set(why, FAULT_PROTOCOL,
			"the receipt of %s has a reason that is not encoded as it must be",
			buf_text(id));
	return 0;
}
