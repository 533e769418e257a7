/*
 * Action lines: see action.h.
 *
 *	action = "keep" *option ";" / "discard" ";"
 *	       / "fileinto" *option string ";" / "redirect" [":copy"] string ";"
 *	option = ":create" / ":copy" / ":flags" string-list
 *
 * ":copy" says nothing in a list that is complete, and is taken without a trace.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/action.h"

#include "common/mail/token.h"

enum { OPTION_FLAGS = 1, OPTION_CREATE = 2, OPTION_COPY = 4 };

static const struct {
	const char *name;
	bool target;
	unsigned options;
} kinds[] = {
	[ACTION_KEEP] = { "keep", false, OPTION_FLAGS },
	[ACTION_FILEINTO] = { "fileinto", true, OPTION_FLAGS | OPTION_CREATE | OPTION_COPY },
	[ACTION_DISCARD] = { "discard", false, 0 },
	[ACTION_REDIRECT] = { "redirect", true, OPTION_COPY },
};

struct reader {
	struct token_reader tokens;
	struct token token; /* the current one */
};

void action_clear(struct action *a)
{
	free(a->target);
	free(a->rule);
	strings_free(&a->flags);
	*a = (struct action){ 0 };
}

static void put_flags(struct buf *out, const struct strings *flags)
{
	buf_add_text(out, " :flags ");
	if (flags->count > 1)
		buf_add_byte(out, '[');
	for (size_t i = 0; i < flags->count; i++) {
		if (i > 0)
			buf_add_text(out, ", ");
		token_put_string(out, slice_text(flags->at[i]));
	}
	if (flags->count > 1)
		buf_add_byte(out, ']');
	if (flags->count == 0)
		buf_add_text(out, "\"\"");
}

void action_put(struct buf *out, const struct action *a)
{
	buf_add_text(out, kinds[a->kind].name);
	if (a->create)
		buf_add_text(out, " :create");
	if (a->has_flags)
		put_flags(out, &a->flags);
	if (kinds[a->kind].target) {
		buf_add_byte(out, ' ');
		token_put_string(out, slice_text(a->target));
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

/* No folder, address or flag holds a control character; a line end would not come back. */
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
	if (token_next(&r->tokens, &r->token, why) < 0)
		return -1;
	if (r->token.kind == TOKEN_STRING && has_control(buf_slice(&r->token.text)))
		return fault_set(why, FAULT_TEMP, "unexpected control character");
	return 0;
}

static bool is_sign(const struct reader *r, char sign)
{
	return r->token.kind == TOKEN_SIGN && r->token.sign == sign;
}

/* string-list, the first token of which is the current one; leaves the one behind it. */
static int read_flags(struct reader *r, struct strings *flags, struct fault *why)
{
	bool list = is_sign(r, '[');

	do {
		if (list && next(r, why) < 0)
			return -1;
		if (r->token.kind != TOKEN_STRING)
			return fault_set(why, FAULT_TEMP, "expected a string behind :flags");
		add_flags(flags, buf_slice(&r->token.text));
		if (next(r, why) < 0)
			return -1;
	} while (list && is_sign(r, ','));
	if (!list)
		return 0;
	if (!is_sign(r, ']'))
		return fault_set(why, FAULT_TEMP, "expected \"]\" behind the flags");
	return next(r, why);
}

static int read_options(struct reader *r, struct action *a, struct fault *why)
{
	unsigned seen = 0;

	while (r->token.kind == TOKEN_TAG) {
		struct slice name = r->token.name;
		unsigned option = slice_is_case(name, "flags") ? OPTION_FLAGS :
			slice_is_case(name, "create")          ? OPTION_CREATE :
			slice_is_case(name, "copy")            ? OPTION_COPY :
								 0;

		if (!(kinds[a->kind].options & option) || (seen & option))
			return fault_set(why, FAULT_TEMP, "unexpected :%.*s", SLICE_ARG(name));
		seen |= option;
		if (next(r, why) < 0)
			return -1;
		if (option == OPTION_FLAGS && read_flags(r, &a->flags, why) < 0)
			return -1;
	}
	a->has_flags = seen & OPTION_FLAGS;
	a->create = seen & OPTION_CREATE;
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

static int read_command(struct reader *r, struct action *a, struct fault *why)
{
	if (read_kind(r, a, why) < 0 || read_options(r, a, why) < 0)
		return -1;
	if (kinds[a->kind].target) {
		if (r->token.kind != TOKEN_STRING || r->token.text.len == 0)
			return fault_set(why, FAULT_TEMP, "expected a target");
		a->target = slice_copy(buf_slice(&r->token.text));
		if (next(r, why) < 0)
			return -1;
	}
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
