/*
 * What a scanner left in the header: see scanner.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/scanner.h"

void scanner_free(struct scanner *s)
{
	regex_free(s->status);
	regex_free(s->most);
	*s = (struct scanner){ 0 };
}

/*
 * setting = field-name [ ":" *blank expression ]
 * What the topmost field of that name says: 1, 0, -1. The topmost alone: what stands below
 * it came with the message.
 */
static int find_status(struct regex **regex, const char *setting, struct message *message,
	struct slice *out, struct fault *why)
{
	struct slice pattern = slice_text(setting);
	struct captures captures;
	struct slice name;
	size_t field;
	int got;

	slice_cut(&pattern, ':', &name);
	pattern = pattern.ptr ? slice_trim(pattern) : SLICE("");
	if (pattern.len > 0 && !*regex) {
		*regex = regex_compile(pattern, false, why);
		if (!*regex) {
			why->kind = FAULT_RUNTIME;
			return fault_prefix(why, "setting \"%.80s\"", setting);
		}
	}
	field = message_find(message, slice_trim(name));
	if (field == MESSAGE_NONE)
		return 0;
	*out = message_value(message, field);
	if (pattern.len == 0)
		return 1;
	got = regex_match(*regex, *out, &captures, why);
	if (got <= 0 || captures.count < 2)
		return got < 0 ? -1 : 0;
	*out = slice_trim(slice_of(out->ptr + captures.at[1].from,
		captures.at[1].to - captures.at[1].from));
	return 1;
}

/* LIMIT: digits of a score before the point, and those behind it that count. */
enum { DIGITS_MAX = 9, DECIMALS = 6 };

/* [ "+" / "-" ] 1*DIGIT [ "." *DIGIT ] at the front, in millionths. */
static bool read_score(struct slice text, int64_t *out)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	int64_t value = 0;
	size_t digits = 0;
	int scale = 0;

	if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+'))
		slice_skip(&text, 1);
	for (; text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '9'; slice_skip(&text, 1)) {
		if (++digits > DIGITS_MAX)
			return false;
		value = value * 10 + (text.ptr[0] - '0');
	}
	if (digits == 0)
		return false;
	if (text.len > 0 && text.ptr[0] == '.')
		slice_skip(&text, 1);
	else
		text.len = 0;
	for (; scale < DECIMALS; scale++) {
		bool more = text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '9';

		value = value * 10 + (more ? text.ptr[0] - '0' : 0);
		slice_skip(&text, more ? 1 : text.len);
	}
	*out = negative ? -value : value;
	return true;
}

static int find_most(struct scanner *s, const struct scanner_settings *settings,
	struct message *message, int64_t *most, struct fault *why)
{
	struct slice text;
	int got;

	if (settings->max_header) {
		got = find_status(&s->most, settings->max_header, message, &text, why);
		if (got <= 0)
			return got;
	} else {
		if (!settings->max)
			return fault_set(why, FAULT_RUNTIME,
				"a score needs a setting that says what the most is: spam-max, "
				"virus-max");
		text = slice_text(settings->max);
	}
	return read_score(text, most) && *most > 0;
}

/* A word of "VALUE WORD": what the settings give it. */
static bool find_word(const struct strings *texts, struct slice status, int steps, int *value)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct slice word = slice_text(texts->at[i]);
		struct slice number;
		uint64_t n;

		slice_cut(&word, ' ', &number);
		if (!slice_number(number, &n) || n > (uint64_t)steps || !word.ptr ||
			!slice_equal_case(slice_trim(word), status))
			continue;
		*value = (int)n;
		return true;
	}
	return false;
}

static int read_word(const struct scanner_settings *settings, struct slice status, int steps,
	int *value, int *percent)
{
	if (!find_word(&settings->texts, status, steps, value) || *value == 0)
		return 0;
	*percent = (*value - 1) * 100 / (steps - 1);
	return 1;
}

int scanner_read(struct scanner *s, const struct scanner_settings *settings,
	struct message *message, int steps, int *value, int *percent, struct fault *why)
{
	struct slice status;
	int64_t score;
	int64_t most;
	int got;

	if (!settings->header)
		return 0;
	got = find_status(&s->status, settings->header, message, &status, why);
	if (got <= 0)
		return got;
	if (settings->kind == SCANNER_TEXT)
		return read_word(settings, status, steps, value, percent);
	got = find_most(s, settings, message, &most, why);
	if (got <= 0)
		return got;
	if (settings->kind == SCANNER_STRLEN)
		score = (int64_t)status.len * 1000000;
	else if (!read_score(status, &score))
		return 0;
	if (score < 0)
		score = 0;
	if (score > most)
		score = most;
	*value = 1 + (int)(score * (steps - 1) / most);
	*percent = (int)(score * 100 / most);
	return 1;
}
