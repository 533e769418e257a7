/*
 * Texts that a regular expression needs, against PCRE2: the first line is the expression, the
 * rest a text. What matches contains one of them; what is called sound compiles.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/index/literals.h"
#include "filter/match.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static pcre2_code *compile(struct slice pattern, uint32_t more)
{
	int error;
	size_t at;

	return pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
		PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C | more, &error, &at, NULL);
}

static bool matches(pcre2_code *code, struct slice text)
{
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	int got;

	pcre2_set_match_limit(context, 10000);
	pcre2_set_depth_limit(context, 1000);
	got = pcre2_match(code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, data, context);
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	return got > 0;
}

static bool has_one(const struct strings *texts, struct slice text)
{
	AUTO_BUF folded = { 0 };

	match_fold(&folded, text);
	for (size_t i = 0; i < texts->count; i++) {
		if (slice_find(buf_slice(&folded), slice_text(texts->at[i])) >= 0)
			return true;
	}
	return texts->count == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t ways[] = { PCRE2_UTF | PCRE2_MATCH_INVALID_UTF,
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_CASELESS,
		PCRE2_NEVER_UTF, PCRE2_NEVER_UTF | PCRE2_CASELESS };
	struct slice rest = slice_of((const char *)data, size);
	struct slice pattern;
	AUTO_LITERALS l = { 0 };

	if (!slice_cut(&rest, '\n', &pattern))
		return 0;
	literals_of_regex(pattern, &l);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		pcre2_code *code = compile(pattern, ways[i]);

		assert(code || !l.sound);
		if (code && literals_fit(rest) && matches(code, rest))
			assert(has_one(&l.texts, rest));
		pcre2_code_free(code);
	}
	return 0;
}
