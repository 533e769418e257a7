/*
 * Strings of a script: see template.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/template.h"

#include "common/base/utf8.h"
#include "filter/language/vocabulary.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * hex-pair-seq = *blank hex-pair *(1*blank hex-pair) *blank, and the same of 1*HEXDIG for
 * unicode; `in` stands behind the colon. Adds what it means; the length up to and with "}",
 * 0 when it is no such sequence, -1 for a character that is none.
 */
static ptrdiff_t decode_sequence(struct slice in, bool unicode, struct buf *out)
{
	size_t i = 0;
	bool any = false;
	bool wrong = false;

	for (;;) {
		uint32_t value = 0;
		size_t digits = 0;

		while (i < in.len && is_blank(in.ptr[i]))
			i++;
		if (i < in.len && in.ptr[i] == '}')
			break;
		for (; i < in.len && slice_hex_digit(in.ptr[i]) >= 0; i++, digits++)
			value = value > 0x110000 ? value
						 : value << 4 | (uint32_t)slice_hex_digit(
									in.ptr[i]);
		if (digits == 0 || (!unicode && digits > 2) || i >= in.len ||
			(!is_blank(in.ptr[i]) && in.ptr[i] != '}'))
			return 0;
		any = true;
		if (!unicode)
			buf_add_byte(out, (char)value);
		else if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
			wrong = true;
		else
			utf8_put(out, value);
	}
	return wrong ? -1 : any ? (ptrdiff_t)i + 1 : 0;
}

/* One pass over the text: ${hex:...} and ${unicode:...}. */
static int decode_characters(struct slice in, struct buf *out)
{
	while (in.len > 0) {
		bool hex = slice_starts_case(in, "${hex:");
		bool unicode = slice_starts_case(in, "${unicode:");
		size_t head = hex ? 6 : 10;
		size_t mark = out->len;
		ptrdiff_t taken = 0;

		if (hex || unicode)
			taken = decode_sequence(slice_from(in, head), unicode, out);
		if (taken < 0)
			return -1;
		if (taken == 0) {
			buf_cut(out, mark);
			buf_add_byte(out, in.ptr[0]);
			slice_skip(&in, 1);
		} else {
			slice_skip(&in, head + (size_t)taken);
		}
	}
	return 0;
}

static bool is_word_byte(char c, bool first)
{
	bool alpha = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';

	return alpha || (!first && c >= '0' && c <= '9');
}

bool template_is_identifier(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_word_byte(text.ptr[i], i == 0))
			return false;
	}
	return text.len > 0;
}

/* LIMIT: length of a name with its namespace; what is longer is no reference. */
enum { NAME_MAX_LENGTH = 512 };

/*
 * variable-ref = "${" *(identifier ".") variable-name "}"
 * The name at the front of `in`, which begins with "${"; empty when it is no reference.
 */
static struct slice take_reference(struct slice in)
{
	ptrdiff_t close = slice_find_byte(slice_first(in, NAME_MAX_LENGTH), '}');
	struct slice name;
	struct slice rest;
	struct slice part;
	uint64_t number;

	if (close < 3)
		return SLICE("");
	name = slice_of(in.ptr + 2, (size_t)close - 2);
	if (slice_number(slice_first(name, 18), &number) && name.len <= 18)
		return name;
	rest = name;
	while (slice_cut(&rest, '.', &part)) {
		if (!template_is_identifier(part) &&
			!(rest.ptr == NULL && part.ptr != name.ptr && slice_number(part, &number)))
			return SLICE("");
	}
	return name;
}

static bool find_variable(const struct script *script, struct slice name, unsigned *out)
{
	for (size_t i = 0; i < script->variable_count; i++) {
		if (slice_equal_case(script->variables[i], name)) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

static int add_variable(struct script *script, struct slice name, unsigned *out)
{
	if (script->variable_count == VARIABLE_MAX)
		return -1;
	if (!script->variables) {
		script->variables = arena_get(&script->arena,
			VARIABLE_MAX * sizeof(*script->variables));
		script->variables_set = arena_get(&script->arena, VARIABLE_MAX * sizeof(bool));
	}
	*out = (unsigned)script->variable_count;
	script->variables[script->variable_count++] = arena_slice(&script->arena, name);
	return 0;
}

/* By its short name, when this script has declared it. */
static bool find_shared(const struct script *script, struct slice name, unsigned *out)
{
	for (size_t i = 0; i < script->shared_count; i++) {
		*out = script->shared[i];
		if (slice_equal_case(slice_from(script->variables[*out],
					    sizeof(TEMPLATE_GLOBAL) - 1), name))
			return true;
	}
	return false;
}

int template_variable(struct script *script, struct slice name, unsigned *out)
{
	if (find_shared(script, name, out) || find_variable(script, name, out))
		return 0;
	return add_variable(script, name, out);
}

int template_share(struct script *script, struct slice name)
{
	AUTO_BUF full = { 0 };
	unsigned number;

	if (find_shared(script, name, &number))
		return 0;
	buf_addf(&full, TEMPLATE_GLOBAL "%.*s", SLICE_ARG(name));
	if (!find_variable(script, buf_slice(&full), &number) &&
		add_variable(script, buf_slice(&full), &number) < 0)
		return -1;
	if (!script->shared)
		script->shared = arena_get(&script->arena, VARIABLE_MAX * sizeof(*script->shared));
	script->shared[script->shared_count++] = number;
	return 0;
}

bool template_is_set(const struct script *script, struct slice name)
{
	unsigned number;

	return find_variable(script, name, &number) && script->variables_set[number];
}

/* "global.x", where that may stand. */
static bool is_shared_name(const struct script *script, struct slice name)
{
	return script->capabilities & CAPABILITY_INCLUDE &&
		slice_starts_case(name, TEMPLATE_GLOBAL) &&
		template_is_identifier(slice_from(name, sizeof(TEMPLATE_GLOBAL) - 1));
}

const char *template_assign(struct script *script, struct slice name, unsigned *out)
{
	if (!template_is_identifier(name) && !is_shared_name(script, name))
		return "is no name of a variable, expected letters, digits and _";
	if (template_variable(script, name, out) < 0)
		return "is one variable too many, expected at most 1024";
	script->variables_set[*out] = true;
	return NULL;
}

static int complain(struct script *script, const struct template *t, const char *what,
	struct slice name)
{
	problem_add(&script->problems, t->line, t->column, "%s${%.*s}", what,
		SLICE_ARG(slice_first(name, 40)));
	return -1;
}

static int resolve(struct script *script, const struct template *t, struct slice name,
	struct piece *out)
{
	uint64_t number;

	if (slice_number(name, &number)) {
		*out = (struct piece){ .kind = PIECE_MATCH, .index = (unsigned)number };
		if (number >= CAPTURE_MAX)
			return complain(script, t, "match variable beyond ${99}: ", name);
		return 0;
	}
	if (slice_starts_case(name, "env.") &&
		script->capabilities & CAPABILITY_DOVECOT_ENVIRONMENT) {
		*out = (struct piece){ .kind = PIECE_ENVIRONMENT, .text = slice_from(name, 4) };
		return 0;
	}
	if (slice_find_byte(name, '.') >= 0 && !is_shared_name(script, name))
		return complain(script, t, "variable of an unknown namespace: ", name);
	*out = (struct piece){ .kind = PIECE_VARIABLE };
	if (template_variable(script, name, &out->index) < 0)
		return complain(script, t, "more than 1024 variables: ", name);
	return 0;
}

/* LIMIT: references in one string. */
enum { REFERENCE_MAX = 4096 };

static int split_pieces(struct script *script, struct template *t, struct slice in)
{
	struct piece *pieces = NULL;
	size_t count = 0;
	size_t plain = 0;
	int result = 0;

	for (size_t i = 0; i <= in.len && result == 0; i++) {
		struct slice name = { 0 };
		struct piece piece;

		if (i < in.len && in.ptr[i] == '$' && i + 1 < in.len && in.ptr[i + 1] == '{')
			name = take_reference(slice_from(in, i));
		if (name.len == 0 && i < in.len)
			continue;
		pieces = mem_grow(pieces, count + 2, sizeof(*pieces));
		if (i > plain)
			pieces[count++] = (struct piece){ .kind = PIECE_TEXT,
				.text = slice_of(in.ptr + plain, i - plain) };
		if (name.len == 0)
			break;
		result = count < REFERENCE_MAX
			? resolve(script, t, name, &piece)
			: complain(script, t, "too many variables in a string at ", name);
		if (result == 0)
			pieces[count++] = piece;
		i += name.len + 2;
		plain = i + 1;
	}
	t->pieces = arena_copy(&script->arena, pieces, count, sizeof(*pieces));
	t->piece_count = count;
	free(pieces);
	t->constant = count == 0 || (count == 1 && t->pieces[0].kind == PIECE_TEXT);
	return result;
}

int template_compile(struct script *script, struct template *t)
{
	t->constant = true;
	t->text = t->raw;
	if (slice_find(t->raw, SLICE("${")) < 0)
		return 0;
	if (script->capabilities & CAPABILITY_ENCODED_CHARACTER) {
		AUTO_BUF decoded = { 0 };

		if (decode_characters(t->raw, &decoded) < 0) {
			problem_add(&script->problems, t->line, t->column,
				"no such Unicode character, expected 0 to D7FF or E000 to 10FFFF");
			return -1;
		}
		t->text = arena_slice(&script->arena, buf_slice(&decoded));
	}
	if (script->capabilities & CAPABILITY_VARIABLES)
		return split_pieces(script, t, t->text);
	return 0;
}
