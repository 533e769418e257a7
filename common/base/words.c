/*
 * Words of a command: see words.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/words.h"

/*
 * Takes one word off *at into `word`. 1: a word; 2: a bare "|"; 0: end; -1: open quote.
 */
static int next_word(const char **at, struct buf *word)
{
	const char *p = *at;
	char quote = '\0';
	bool quoted = false;

	buf_clear(word);
	while (*p == ' ' || *p == '\t' || *p == '\n')
		p++;
	if (*p == '\0')
		return 0;
	for (; *p != '\0'; p++) {
		if (quote == '\0' && (*p == ' ' || *p == '\t' || *p == '\n'))
			break;
		if (quote == '\0' && (*p == '\'' || *p == '"')) {
			quote = *p;
			quoted = true;
		} else if (quote != '\0' && *p == quote) {
			quote = '\0';
		} else if (*p == '\\' && p[1] != '\0' && quote != '\'' &&
			   (quote == '\0' || p[1] == '"' || p[1] == '\\')) {
			buf_add_byte(word, *++p);
			quoted = true;
		} else {
			buf_add_byte(word, *p);
		}
	}
	*at = p;
	if (quote != '\0')
		return -1;
	return !quoted && slice_is(buf_slice(word), "|") ? 2 : 1;
}

static int bad_words(const char *text, const char *what, struct fault *why)
{
	return fault_set(why, FAULT_USAGE, "%s in the command \"%s\"", what, text);
}

int words_pipeline(const char *text, struct strings **out, size_t *count, struct fault *why)
{
	AUTO_BUF word = { 0 };
	const char *at = text;
	struct strings *list = mem_zero(1, sizeof(*list));
	size_t lists = 1;
	int got;

	while ((got = next_word(&at, &word)) > 0) {
		if (got == 1) {
			strings_add(&list[lists - 1], buf_slice(&word));
			continue;
		}
		if (list[lists - 1].count == 0)
			break;
		list = mem_grow(list, lists + 1, sizeof(*list));
		list[lists++] = (struct strings){ 0 };
	}
	if (got == 0 && list[lists - 1].count > 0) {
		*out = list;
		*count = lists;
		return 0;
	}
	for (size_t i = 0; i < lists; i++)
		strings_free(&list[i]);
	free(list);
	return bad_words(text, got < 0 ? "an open quote" : "an empty command", why);
}

int words_split(const char *text, struct strings *out, struct fault *why)
{
	AUTO_BUF word = { 0 };
	const char *at = text;
	int got;

	while ((got = next_word(&at, &word)) > 0)
		strings_add(out, buf_slice(&word));
	if (got < 0)
		return bad_words(text, "an open quote", why);
	if (out->count == 0)
		return bad_words(text, "no word", why);
	return 0;
}
