/*
 * RFC 5228 section 8.2: see parser.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/parser.h"

#include "common/mail/token.h"
#include "filter/language/hint.h"

/* Growing arrays while the length is unknown; they end in the arena. */
struct gather {
	void *at;
	size_t count;
	size_t room;
};

struct parser {
	struct token_reader in;
	struct token token; /* the current one */
	const char *end;    /* where the one before it ended */
	unsigned end_line;
	unsigned end_column;
	struct script *script;
	unsigned depth;
	bool told; /* of this command: one mistake is one line, not five */
	struct gather strings; /* of the list, and the arguments, that are being read */
	struct gather arguments;
};

static int parse_test(struct parser *p, struct node **out);
static int parse_commands(struct parser *p, struct node **out);

/* The next token. A bad one is told and passed over. */
static void advance(struct parser *p)
{
	struct fault why;

	p->end = p->token.source.ptr + p->token.source.len;
	p->end_line = p->token.line;
	p->end_column = p->token.column + (unsigned)p->token.source.len;
	for (ptrdiff_t at; (at = slice_find_byte(p->token.source, '\n')) >= 0;) {
		/* A string of several lines ends in another one than it began in. */
		slice_skip(&p->token.source, (size_t)at + 1);
		p->end_line++;
		p->end_column = (unsigned)p->token.source.len + 1;
	}
	while (token_next(&p->in, &p->token, &why) < 0) {
		const char *at = p->token.source.ptr;
		const char *hint = hint_bytes(slice_of(at,
			(size_t)(p->script->source.ptr + p->script->source.len - at)));

		if (!p->told)
			problem_add(&p->script->problems, p->token.line, p->token.column,
				hint ? "%s, expected %s" : "%s", why.text, hint);
		p->told = true;
	}
}

static bool is_sign(const struct parser *p, char sign)
{
	return p->token.kind == TOKEN_SIGN && p->token.sign == sign;
}

/* The current token in words, for "unexpected ...". */
static void describe(const struct parser *p, struct buf *out)
{
	struct slice source = slice_first(p->token.source, 40);
	ptrdiff_t line = slice_find_byte(source, '\n');

	if (p->token.kind == TOKEN_END)
		buf_add_text(out, "end of the file");
	else if (p->token.kind == TOKEN_STRING)
		buf_add_text(out, "a string");
	else
		buf_addf(out, "\"%.*s\"", SLICE_ARG(slice_first(source, (size_t)line)));
}

static int expected(struct parser *p, const char *what)
{
	AUTO_BUF got = { 0 };

	describe(p, &got);
	if (!p->told)
		problem_add(&p->script->problems, p->token.line, p->token.column,
			"unexpected %s, expected %s", buf_text(&got), what);
	p->told = true;
	return -1;
}

static void *gather_add(struct gather *g, size_t size)
{
	if (g->count == g->room) {
		g->room = g->room ? g->room * 2 : 8;
		g->at = mem_grow(g->at, g->room, size);
	}
	memset((char *)g->at + g->count * size, 0, size);
	return (char *)g->at + g->count++ * size;
}

/* The text of a string: where it stands in the source, unless something was escaped. */
static struct slice keep_text(struct parser *p)
{
	struct slice text = buf_slice(&p->token.text);
	struct slice source = p->token.source;

	if (source.ptr[0] == '"' && source.len == text.len + 2)
		return slice_of(source.ptr + 1, text.len);
	return arena_slice(&p->script->arena, text);
}

static void add_string(struct parser *p, struct gather *strings)
{
	struct template *one = gather_add(strings, sizeof(*one));

	one->raw = keep_text(p);
	one->line = p->token.line;
	one->column = p->token.column;
	advance(p);
}

/* string-list = "[" string *("," string) "]" / string */
static int parse_strings(struct parser *p, struct argument *out)
{
	struct gather *strings = &p->strings;
	int result = 0;

	strings->count = 0;
	out->kind = ARGUMENT_STRINGS;
	out->bracketed = is_sign(p, '[');
	if (!out->bracketed) {
		add_string(p, strings);
	} else {
		do {
			advance(p);
			if (p->token.kind != TOKEN_STRING) {
				result = expected(p, "a string in the list");
				break;
			}
			add_string(p, strings);
		} while (is_sign(p, ','));
		if (result == 0 && !is_sign(p, ']'))
			result = expected(p, "\",\" or \"]\" in the list of strings");
		if (result == 0)
			advance(p);
	}
	out->strings.at = arena_copy(&p->script->arena, strings->at, strings->count,
		sizeof(struct template));
	out->strings.count = strings->count;
	return result;
}

static int parse_argument(struct parser *p, struct argument *out)
{
	out->line = p->token.line;
	out->column = p->token.column;
	if (p->token.kind == TOKEN_STRING || is_sign(p, '['))
		return parse_strings(p, out);
	out->kind = p->token.kind == TOKEN_TAG ? ARGUMENT_TAG : ARGUMENT_NUMBER;
	out->name = p->token.name;
	out->number = p->token.number;
	advance(p);
	return 0;
}

/* test-list = "(" test *("," test) ")" */
static int parse_test_list(struct parser *p, struct node *node)
{
	struct node **last = &node->tests;

	node->test_list = true;
	do {
		advance(p);
		if (parse_test(p, last) < 0)
			return -1;
		last = &(*last)->next;
	} while (is_sign(p, ','));
	if (!is_sign(p, ')'))
		return expected(p, "\",\" or \")\" in the list of tests");
	advance(p);
	return 0;
}

/* arguments = *argument [ test / test-list ] */
static int parse_arguments(struct parser *p, struct node *node)
{
	struct gather *arguments = &p->arguments;
	int result = 0;

	arguments->count = 0;
	while (result == 0 && (p->token.kind == TOKEN_STRING || p->token.kind == TOKEN_NUMBER ||
				      p->token.kind == TOKEN_TAG || is_sign(p, '['))) {
		/* The array moves while it grows: filled aside, then put. */
		struct argument one = { 0 };

		result = parse_argument(p, &one);
		*(struct argument *)gather_add(arguments, sizeof(one)) = one;
	}
	node->arguments = arena_copy(&p->script->scratch, arguments->at, arguments->count,
		sizeof(struct argument));
	node->argument_count = arguments->count;
	if (result < 0)
		return -1;
	if (is_sign(p, '('))
		result = parse_test_list(p, node);
	else if (p->token.kind == TOKEN_IDENTIFIER)
		result = parse_test(p, &node->tests);
	node->source.len = (size_t)(p->end - node->source.ptr);
	return result;
}

/* What a command and a test have in common: identifier arguments */
static int parse_head(struct parser *p, const char *what, struct node **out)
{
	struct node *node;

	if (p->token.kind != TOKEN_IDENTIFIER)
		return expected(p, what);
	node = arena_get(&p->script->arena, sizeof(*node));
	node->name = p->token.name;
	node->source = p->token.source;
	node->line = p->token.line;
	node->column = p->token.column;
	node->variable = VARIABLE_NONE;
	*out = node;
	advance(p);
	return parse_arguments(p, node);
}

static int too_deep(struct parser *p)
{
	if (!p->told)
		problem_add(&p->script->problems, p->token.line, p->token.column,
			"nested too deep, expected at most %d levels", NEST_MAX);
	p->told = true;
	return -1;
}

/* test = identifier arguments */
static int parse_test(struct parser *p, struct node **out)
{
	int result;

	if (p->depth >= NEST_MAX)
		return too_deep(p);
	p->depth++;
	result = parse_head(p, "a test", out);
	p->depth--;
	return result;
}

/* block = "{" commands "}" */
static int parse_block(struct parser *p, struct node *node)
{
	unsigned line = p->token.line;

	if (p->depth >= NEST_MAX)
		return too_deep(p);
	p->depth++;
	node->has_block = true;
	advance(p);
	parse_commands(p, &node->block);
	p->depth--;
	if (!is_sign(p, '}')) {
		p->told = false;
		problem_add(&p->script->problems, p->token.line, p->token.column,
			"unexpected end of the file, expected \"}\" for the block opened in line "
				"%u",
			line);
		p->told = true;
		return -1;
	}
	advance(p);
	return 0;
}

/* What a comma between strings, or a word of another language, was to say. */
static const char *hint_here(const struct parser *p)
{
	if (is_sign(p, ',') && p->end > p->script->source.ptr && p->end[-1] == '"')
		return "brackets around several strings: [\"a\", \"b\"]";
	if (p->token.kind == TOKEN_IDENTIFIER)
		return hint_word(p->token.name);
	return NULL;
}

/* Where a command should have ended: told behind its last token, not at the next one. */
static int missing_end(struct parser *p, const struct node *node)
{
	const char *wanted = node->tests ? "\"{\" and a block" : "\";\"";
	const char *hint = hint_here(p);

	if (p->told)
		return -1;
	if (hint || is_sign(p, ',') || is_sign(p, ')') || is_sign(p, ']'))
		return expected(p, hint ? hint : wanted);
	problem_add(&p->script->problems, p->end_line, p->end_column, "missing %s behind \"%.*s\"",
		wanted, SLICE_ARG(slice_first(node->name, 40)));
	p->told = true;
	return -1;
}

/* command = identifier arguments (";" / block) */
static int parse_command(struct parser *p, struct node **out)
{
	p->told = false;
	if (parse_head(p, "a command", out) < 0)
		return -1;
	if (is_sign(p, '{'))
		return parse_block(p, *out);
	if (!is_sign(p, ';'))
		return missing_end(p, *out);
	advance(p);
	return p->told ? -1 : 0;
}

/* Behind a mistake: to what follows the next ";" or whole block, or to a closing brace. */
static void recover(struct parser *p)
{
	unsigned open = 0;

	p->told = true;
	while (p->token.kind != TOKEN_END) {
		bool closes = is_sign(p, '}');

		if (closes && open == 0)
			return;
		if (is_sign(p, '{'))
			open++;
		else if (closes)
			open--;
		if (open == 0 && (closes || is_sign(p, ';'))) {
			advance(p);
			return;
		}
		advance(p);
	}
}

/* commands = *command, up to a closing brace or the end */
static int parse_commands(struct parser *p, struct node **out)
{
	while (p->token.kind != TOKEN_END && !is_sign(p, '}')) {
		struct node *one = NULL;

		if (parse_command(p, &one) < 0)
			recover(p);
		if (one) {
			*out = one;
			out = &one->next;
		}
	}
	return 0;
}

void parser_parse(struct script *script)
{
	struct parser p = { .script = script };
	struct node **last = &script->commands;

	token_start(&p.in, buf_slice(&script->source));
	p.token.source = slice_of(script->source.ptr, 0);
	advance(&p);
	parse_commands(&p, last);
	while (p.token.kind != TOKEN_END) {
		p.told = false;
		expected(&p, "a command");
		advance(&p);
		while (*last)
			last = &(*last)->next;
		parse_commands(&p, last);
	}
	token_clear(&p.token);
	free(p.strings.at);
	free(p.arguments.at);
}
