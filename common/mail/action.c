/*
 * Action lines: see action.h.
 *
 *	action = name *option *string ";"
 *	option = ":" name [ string / string-list / number ]
 *
 * with the options and positions of its row in `kinds`; a bracketed list is the last
 * position of "pipe". ":copy" says nothing in a list that is complete, and is taken without
 * a trace.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/action.h"

#include <inttypes.h>

#include "common/mail/token.h"

enum value_kind { VALUE_NOTHING, VALUE_FLAG, VALUE_TEXT, VALUE_NUMBER, VALUE_LIST };

/* An option is a bit in `kinds`, and a member of the action. */
enum { OPTION_COPY = 1, OPTION_CREATE = 2, OPTION_FLAGS = 4, OPTION_SPECIAL_USE = 8,
	OPTION_SECONDS = 16, OPTION_HANDLE = 32, OPTION_FROM = 64, OPTION_FCC = 128,
	OPTION_TRY = 256, OPTION_HEADER = 512, OPTION_BODY = 1024, OPTION_LOCK = 2048,
	OPTION_TIMEOUT = 4096, OPTION_LAST = 8192 };
enum { OPTIONS_FCC = OPTION_FCC | OPTION_FLAGS | OPTION_CREATE | OPTION_SPECIAL_USE };

#define MEMBER(name) offsetof(struct action, name)

static const struct option {
	const char *name;
	unsigned bit;
	enum value_kind value;
	size_t member;
} options[] = {
	{ "copy", OPTION_COPY, VALUE_NOTHING, 0 },
	{ "create", OPTION_CREATE, VALUE_FLAG, MEMBER(create) },
	{ "flags", OPTION_FLAGS, VALUE_LIST, MEMBER(flags) },
	{ "specialuse", OPTION_SPECIAL_USE, VALUE_TEXT, MEMBER(special_use) },
	{ "seconds", OPTION_SECONDS, VALUE_NUMBER, MEMBER(seconds) },
	{ "handle", OPTION_HANDLE, VALUE_TEXT, MEMBER(handle) },
	{ "from", OPTION_FROM, VALUE_TEXT, MEMBER(from) },
	{ "fcc", OPTION_FCC, VALUE_TEXT, MEMBER(fcc) },
	{ "try", OPTION_TRY, VALUE_FLAG, MEMBER(attempt) },
	{ "header", OPTION_HEADER, VALUE_FLAG, MEMBER(header_only) },
	{ "body", OPTION_BODY, VALUE_FLAG, MEMBER(body_only) },
	{ "lock", OPTION_LOCK, VALUE_TEXT, MEMBER(lock) },
	{ "timeout", OPTION_TIMEOUT, VALUE_NUMBER, MEMBER(timeout) },
	{ "last", OPTION_LAST, VALUE_FLAG, MEMBER(last) },
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };

/* positions: "t" the target, "x" the text, "l" the list of arguments; in this order. */
static const struct {
	const char *name;
	const char *positions;
	unsigned options;
} kinds[] = {
	[ACTION_KEEP] = { "keep", "", OPTION_FLAGS },
	[ACTION_FILEINTO] = { "fileinto", "t",
		OPTION_FLAGS | OPTION_CREATE | OPTION_COPY | OPTION_SPECIAL_USE },
	[ACTION_DISCARD] = { "discard", "", 0 },
	[ACTION_REDIRECT] = { "redirect", "t", OPTION_COPY },
	[ACTION_REJECT] = { "reject", "x", 0 },
	[ACTION_EREJECT] = { "ereject", "x", 0 },
	[ACTION_PIPE] = { "pipe", "tl",
		OPTION_TRY | OPTION_HEADER | OPTION_BODY | OPTION_LOCK | OPTION_TIMEOUT },
	[ACTION_VACATION] = { "vacation", "tx",
		OPTION_SECONDS | OPTION_HANDLE | OPTION_FROM | OPTIONS_FCC },
	[ACTION_NOTIFY] = { "notify", "tx", OPTION_FROM | OPTIONS_FCC },
	[ACTION_MARK] = { "mark", "t", OPTION_SECONDS | OPTION_LAST },
	[ACTION_DEFER] = { "defer", "x", 0 },
};

struct reader {
	struct token_reader tokens;
	struct token token; /* the current one */
};

/* The member of an option: one of these, by its kind. */
static void *member(const struct action *a, const struct option *o)
{
	return (char *)(uintptr_t)a + o->member;
}

void action_clear(struct action *a)
{
	free(a->target);
	free(a->special_use);
	free(a->text);
	free(a->from);
	free(a->handle);
	free(a->fcc);
	free(a->lock);
	free(a->rule);
	strings_free(&a->flags);
	strings_free(&a->arguments);
	*a = (struct action){ 0 };
}

const char *action_name(enum action_kind kind)
{
	return kinds[kind].name;
}

static void put_list(struct buf *out, const struct strings *list, bool bracketed)
{
	bracketed = bracketed || list->count > 1;
	if (bracketed)
		buf_add_byte(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_add_text(out, ", ");
		token_put_string(out, slice_text(list->at[i]));
	}
	if (bracketed)
		buf_add_byte(out, ']');
	else if (list->count == 0)
		buf_add_text(out, "\"\"");
}

static bool is_set(const struct action *a, const struct option *o)
{
	switch (o->value) {
	case VALUE_FLAG:
		return *(bool *)member(a, o);
	case VALUE_TEXT:
		return *(char **)member(a, o) != NULL;
	case VALUE_NUMBER:
		return *(int64_t *)member(a, o) > 0;
	case VALUE_LIST:
		return a->has_flags;
	case VALUE_NOTHING:
		break;
	}
	return false;
}

static void put_option(struct buf *out, const struct action *a, const struct option *o)
{
	buf_addf(out, " :%s", o->name);
	if (o->value == VALUE_NUMBER)
		buf_addf(out, " %" PRId64, *(int64_t *)member(a, o));
	if (o->value != VALUE_TEXT && o->value != VALUE_LIST)
		return;
	buf_add_byte(out, ' ');
	if (o->value == VALUE_TEXT)
		token_put_string(out, slice_text(*(char **)member(a, o)));
	else
		put_list(out, member(a, o), false);
}

void action_put(struct buf *out, const struct action *a)
{
	buf_add_text(out, kinds[a->kind].name);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (kinds[a->kind].options & options[i].bit && is_set(a, &options[i]))
			put_option(out, a, &options[i]);
	}
	for (const char *at = kinds[a->kind].positions; *at; at++) {
		buf_add_byte(out, ' ');
		if (*at == 'l')
			put_list(out, &a->arguments, true);
		else
			token_put_string(out, slice_text(*at == 't' ? a->target : a->text));
	}
	buf_add_byte(out, ';');
}

/* A flag argument may hold several, parted by blanks (RFC 5232 section 2). */
static void add_flags(struct strings *flags, struct slice text)
{
	struct slice one;

	while (slice_cut(&text, ' ', &one)) {
		if (one.len > 0)
			strings_add(flags, one);
	}
}

static bool has_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return true;
	}
	return false;
}

static int next(struct reader *r, struct fault *why)
{
	return token_next(&r->tokens, &r->token, why) < 0 ? -1 : 0;
}

static bool is_sign(const struct reader *r, char sign)
{
	return r->token.kind == TOKEN_SIGN && r->token.sign == sign;
}

/* The current token is a string, all in one line; then the next. */
static int read_word(struct reader *r, const char *what, char **out, struct fault *why)
{
	if (r->token.kind != TOKEN_STRING)
		return fault_set(why, FAULT_TEMP, "expected %s", what);
	if (has_control(buf_slice(&r->token.text)))
		return fault_set(why, FAULT_TEMP, "unexpected control character");
	*out = slice_copy(buf_slice(&r->token.text));
	return next(r, why);
}

/* The same with lines; a NUL would cut it. */
static int read_text(struct reader *r, char **out, struct fault *why)
{
	if (r->token.kind != TOKEN_STRING)
		return fault_set(why, FAULT_TEMP, "expected a text");
	if (slice_find_byte(buf_slice(&r->token.text), '\0') >= 0)
		return fault_set(why, FAULT_TEMP, "unexpected control character");
	*out = slice_copy(buf_slice(&r->token.text));
	return next(r, why);
}

/* The same for a program: whatever one of its arguments may hold (program_check_argument). */
static int read_argument(struct reader *r, char **out, struct fault *why)
{
	const struct slice text = buf_slice(&r->token.text);

	if (r->token.kind == TOKEN_STRING &&
		(slice_find_byte(text, '\n') >= 0 || slice_find_byte(text, '\r') >= 0))
		return fault_set(why, FAULT_TEMP, "unexpected control character");
	return read_text(r, out, why);
}

/* string-list, the first token of which is the current one; leaves the one behind it. */
static int read_list(struct reader *r, struct strings *out, bool words, struct fault *why)
{
	bool list = is_sign(r, '[');

	do {
		AUTO_FREE char *one = NULL;

		if (list && next(r, why) < 0)
			return -1;
		if (list && out->count == 0 && is_sign(r, ']'))
			return next(r, why);
		if (words ? read_word(r, "a string or a list of strings", &one, why) < 0 :
			    read_argument(r, &one, why) < 0)
			return -1;
		if (words)
			add_flags(out, slice_text(one));
		else
			strings_add(out, slice_text(one));
	} while (list && is_sign(r, ','));
	if (!list)
		return 0;
	if (!is_sign(r, ']'))
		return fault_set(why, FAULT_TEMP, "expected \"]\" behind the list");
	return next(r, why);
}

static int read_number(struct reader *r, int64_t *out, struct fault *why)
{
	if (r->token.kind != TOKEN_NUMBER || r->token.number > INT64_MAX)
		return fault_set(why, FAULT_TEMP, "expected a number");
	*out = (int64_t)r->token.number;
	return next(r, why);
}

static int read_value(struct reader *r, struct action *a, const struct option *o,
	struct fault *why)
{
	switch (o->value) {
	case VALUE_FLAG:
		*(bool *)member(a, o) = true;
		break;
	case VALUE_TEXT:
		return read_word(r, "a string", member(a, o), why);
	case VALUE_NUMBER:
		return read_number(r, member(a, o), why);
	case VALUE_LIST:
		a->has_flags = true;
		return read_list(r, member(a, o), true, why);
	case VALUE_NOTHING:
		break;
	}
	return 0;
}

static int read_options(struct reader *r, struct action *a, struct fault *why)
{
	unsigned seen = 0;

	while (r->token.kind == TOKEN_TAG) {
		struct slice name = r->token.name;
		size_t i = 0;

		while (i < OPTION_COUNT && !slice_is_case(name, options[i].name))
			i++;
		if (i == OPTION_COUNT || !(kinds[a->kind].options & options[i].bit) ||
			(seen & options[i].bit))
			return fault_set(why, FAULT_TEMP, "unexpected :%.*s", SLICE_ARG(name));
		seen |= options[i].bit;
		if (next(r, why) < 0 || read_value(r, a, &options[i], why) < 0)
			return -1;
	}
	return 0;
}

static int read_kind(struct reader *r, struct action *a, struct fault *why)
{
	if (next(r, why) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (r->token.kind != TOKEN_IDENTIFIER ||
			!slice_is_case(r->token.name, kinds[i].name))
			continue;
		a->kind = (enum action_kind)i;
		return next(r, why);
	}
	return fault_set(why, FAULT_TEMP, "unknown action");
}

static int read_positions(struct reader *r, struct action *a, struct fault *why)
{
	for (const char *at = kinds[a->kind].positions; *at; at++) {
		int got = *at == 'l' ? read_list(r, &a->arguments, false, why) :
			*at == 't'   ? read_word(r, "a target", &a->target, why) :
				       read_text(r, &a->text, why);

		if (got < 0)
			return -1;
		if (*at == 't' && a->target[0] == '\0')
			return fault_set(why, FAULT_TEMP, "expected a target");
	}
	return 0;
}

static int read_command(struct reader *r, struct action *a, struct fault *why)
{
	if (read_kind(r, a, why) < 0 || read_options(r, a, why) < 0 ||
		read_positions(r, a, why) < 0)
		return -1;
	if (!is_sign(r, ';'))
		return fault_set(why, FAULT_TEMP, "expected \";\"");
	if (next(r, why) < 0)
		return -1;
	if (r->token.kind != TOKEN_END)
		return fault_set(why, FAULT_TEMP, "more behind \";\"");
	return 0;
}

int action_read(const struct frame_action *from, struct action *out, struct fault *why)
{
	struct reader r = { 0 };
	struct fault inner = { 0 };
	int result;

	*out = (struct action){ 0 };
	token_start(&r.tokens, slice_text(from->command));
	result = read_command(&r, out, &inner);
	token_clear(&r.token);
	if (result < 0) {
		action_clear(out);
		return fault_set(why, FAULT_TEMP, "action \"%s\" of rule %s: %s",
			from->command ? from->command : "", from->rule ? from->rule : "?",
			inner.text);
	}
	out->rule = mem_text(from->rule ? from->rule : "");
	return 0;
}
