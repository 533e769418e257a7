/*
 * What somebody may have meant: see hint.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/hint.h"

struct row {
	const char *foreign;
	const char *ours;
};

/* Words of procmail, maildrop, fdm, Exim's filters and programming languages. */
static const struct row words[] = {
	{ "and", "\"allof (TEST, TEST)\"" },
	{ "or", "\"anyof (TEST, TEST)\"" },
	{ "else if", "\"elsif\"" },
	{ "elseif", "\"elsif\"" },
	{ "elif", "\"elsif\"" },
	{ "forward", "\"redirect\"" },
	{ "forwardto", "\"redirect\"" },
	{ "mail", "\"redirect\"" },
	{ "cc", "\"redirect :copy\"" },
	{ "unseen", "\"redirect :copy\" or \"fileinto :copy\"" },
	{ "move", "\"fileinto\"" },
	{ "file", "\"fileinto\"" },
	{ "save", "\"fileinto\"" },
	{ "deliver", "\"fileinto\"" },
	{ "to", "\"fileinto\"" },
	{ "folder", "\"fileinto\"" },
	{ "delete", "\"discard\"" },
	{ "drop", "\"discard\"" },
	{ "trash", "\"discard\", or \"fileinto\" a folder" },
	{ "exit", "\"stop\"" },
	{ "quit", "\"stop\"" },
	{ "finish", "\"stop\"" },
	{ "break", "\"stop\"" },
	{ "match", "\"if header :contains FIELD TEXT { ... }\"" },
	{ "import", "\"include\"" },
	{ "inbox", "\"keep\"" },
	{ "log", "\"debug_log\" (vnd.dovecot.debug)" },
	{ "logwrite", "\"debug_log\" (vnd.dovecot.debug)" },
	{ "subject", "the test \"header :contains \"Subject\" TEXT\"" },
	{ "from", "the test \"address \"From\" ADDRESS\"" },
	{ "is", "\":is\"" },
	{ "contains", "\":contains\"" },
	{ "matches", "\":matches\"" },
	{ "over", "\":over\"" },
	{ "under", "\":under\"" },
	{ NULL, NULL },
};

static const struct row bytes[] = {
	{ "||", "\"anyof (TEST, TEST)\"" },
	{ "&&", "\"allof (TEST, TEST)\"" },
	{ "!", "\"not TEST\"" },
	{ "'", "a text in double quotes" },
	{ "\xe2\x80\x9c", "a text in plain double quotes" }, /* typographic ones */
	{ "\xe2\x80\x9d", "a text in plain double quotes" },
	{ "\xe2\x80\x9e", "a text in plain double quotes" },
	{ "\xe2\x80\x98", "a text in plain double quotes" },
	{ "\xe2\x80\x99", "a text in plain double quotes" },
	{ "\xc2\xa0", "a plain blank, not a non-breaking one" },
	{ "==", "a match type: :is, :contains, :matches" },
	{ "=~", "a match type: :regex" },
	{ "=", "no \"=\": set \"name\" \"value\";" },
	{ ">", "\":over\" for a size, \":value \"gt\"\" for a number" },
	{ "<", "\":under\" for a size, \":value \"lt\"\" for a number" },
	{ ".", "a text in double quotes" },
	{ "@", "a text in double quotes" },
	{ "/", "a text in double quotes" },
	{ "$", "a variable inside of a text: \"${name}\"" },
	{ NULL, NULL },
};

const char *hint_word(struct slice word)
{
	for (const struct row *row = words; row->foreign; row++) {
		if (slice_is_case(word, row->foreign))
			return row->ours;
	}
	return NULL;
}

const char *hint_bytes(struct slice rest)
{
	for (const struct row *row = bytes; row->foreign; row++) {
		if (slice_starts(rest, row->foreign))
			return row->ours;
	}
	return NULL;
}
