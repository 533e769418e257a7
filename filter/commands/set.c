/*
 * set (RFC 5229 section 4), with its modifiers.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/complaint.h"
#include "filter/commands/command.h"
#include "filter/evaluate.h"
#include "filter/template.h"

/* In the order in which they are applied (section 4.1: largest precedence first). */
enum { TAG_LOWER, TAG_UPPER, TAG_LOWERFIRST, TAG_UPPERFIRST, TAG_QUOTEWILDCARD, TAG_LENGTH };

static const struct tag tags[] = {
	[TAG_LOWER] = { "lower", 0, 1, VALUE_NONE },
	[TAG_UPPER] = { "upper", 0, 1, VALUE_NONE },
	[TAG_LOWERFIRST] = { "lowerfirst", 0, 2, VALUE_NONE },
	[TAG_UPPERFIRST] = { "upperfirst", 0, 2, VALUE_NONE },
	[TAG_QUOTEWILDCARD] = { "quotewildcard", 0, 3, VALUE_NONE },
	[TAG_LENGTH] = { "length", 0, 4, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

static void change_case(struct buf *text, size_t len, bool upper)
{
	char from = upper ? 'a' : 'A';
	char to = upper ? 'A' : 'a';

	for (size_t i = 0; i < len && i < text->len; i++) {
		if (text->ptr[i] >= from && text->ptr[i] <= from + 25)
			text->ptr[i] = (char)(text->ptr[i] - from + to);
	}
}

static void quote_wildcards(struct buf *text)
{
	AUTO_BUF quoted = { 0 };

	for (size_t i = 0; i < text->len; i++) {
		if (text->ptr[i] == '*' || text->ptr[i] == '?' || text->ptr[i] == '\\')
			buf_add_byte(&quoted, '\\');
		buf_add_byte(&quoted, text->ptr[i]);
	}
	buf_swap(text, &quoted);
}

/* Section 4.1.1: characters, not bytes. */
static void measure(struct buf *text)
{
	AUTO_BUF length = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < text->len; i++)
		count += ((unsigned char)text->ptr[i] & 0xc0) != 0x80;
	buf_addf(&length, "%zu", count);
	buf_swap(text, &length);
}

static void modify(struct buf *text, unsigned given)
{
	if (given & 1U << TAG_LOWER)
		change_case(text, text->len, false);
	if (given & 1U << TAG_UPPER)
		change_case(text, text->len, true);
	if (given & 1U << TAG_LOWERFIRST)
		change_case(text, 1, false);
	if (given & 1U << TAG_UPPERFIRST)
		change_case(text, 1, true);
	if (given & 1U << TAG_QUOTEWILDCARD)
		quote_wildcards(text);
	if (given & 1U << TAG_LENGTH)
		measure(text);
}

/* Section 6: too long a value is cut, and that is no error; never inside a character. */
static void shorten(struct buf *text)
{
	size_t len = VALUE_MAX;

	if (text->len <= VALUE_MAX)
		return;
	while (len > 0 && ((unsigned char)text->ptr[len] & 0xc0) == 0x80)
		len--;
	buf_cut(text, len);
}

static int check_set(struct checker *checker, struct node *node)
{
	const struct template *name = node->strings[0].at;
	const struct template *value = node->strings[1].at;

	if (!template_is_identifier(name->text))
		return checker_complain_at(checker, name,
			"\"%.*s\" is no name of a variable, expected letters, digits and _",
			SLICE_ARG(slice_first(name->text, 40)));
	if (value->constant && value->text.len > VALUE_MAX)
		return checker_complain_at(checker, value,
			"value too long, expected at most %d bytes", VALUE_MAX);
	if (template_variable(checker->script, name->text, &node->variable) < 0)
		return checker_complain(checker, node, "too many variables, expected at most %d",
			VARIABLE_MAX);
	return 0;
}

static int run_set(struct run *run, const struct node *node)
{
	AUTO_BUF room = { 0 };
	AUTO_BUF text = { 0 };
	struct slice value;

	if (run_expand(run, node->strings[1].at, &room, &value) < 0)
		return -1;
	buf_set(&text, value);
	modify(&text, node->tags);
	shorten(&text);
	buf_swap(&run->variables[node->variable], &text);
	return 0;
}

const struct word command_set = {
	.name = "set",
	.capability = CAPABILITY_VARIABLES,
	.tags = tags,
	.positions = "cs",
	.check = check_set,
	.run = run_set,
};
