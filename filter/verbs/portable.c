/*
 * What other Sieve servers lack: see portable.h.
 *
 * Known of Pigeonhole 0.5.19 (Debian 12) and of Cyrus IMAP 3.6. What all of them have needs no
 * word; limits are Pigeonhole's defaults, or the least that the RFCs ask of everybody.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/portable.h"

#include "filter/language/vocabulary.h"

static const char only_here[] = "no other server knows it";
static const char pigeonhole_only[] = "only Pigeonhole knows it, when it is configured to";
static const char not_in_pigeonhole[] = "Pigeonhole before 2.4 does not know it";

static const struct {
	capability_set bit;
	const char *text;
} rare[] = {
	{ CAPABILITY_REGEX, "it never became an RFC: some servers leave it out, and others match "
		"as POSIX has it, the longest alternative first" },
	{ CAPABILITY_SCORE, only_here },
	{ CAPABILITY_PROGRAM, only_here },
	{ CAPABILITY_DEFER, only_here },
	{ CAPABILITY_RAW, only_here },
	{ CAPABILITY_PIPE, pigeonhole_only },
	{ CAPABILITY_FILTER, pigeonhole_only },
	{ CAPABILITY_EXECUTE, pigeonhole_only },
	{ CAPABILITY_DEBUG, "only Pigeonhole knows it" },
	{ CAPABILITY_DOVECOT_ENVIRONMENT, pigeonhole_only },
	{ CAPABILITY_EDITHEADER, "Pigeonhole wants it to be enabled" },
	{ CAPABILITY_SPAMTEST, "Pigeonhole wants it to be configured" },
	{ CAPABILITY_SPAMTESTPLUS, "Pigeonhole wants it to be configured" },
	{ CAPABILITY_VIRUSTEST, "Pigeonhole wants it to be configured" },
	{ CAPABILITY_VACATION_SECONDS, "Pigeonhole wants it to be enabled" },
	{ CAPABILITY_EREJECT, not_in_pigeonhole },
	{ CAPABILITY_EXTLISTS, not_in_pigeonhole },
	{ CAPABILITY_CASEMAP_UNICODE, not_in_pigeonhole },
	{ CAPABILITY_SPECIAL_USE, "Pigeonhole wants it to be enabled" },
	{ CAPABILITY_FCC, "Pigeonhole does not know it" },
	{ CAPABILITY_REPLACE, "Pigeonhole does not know it" },
	{ CAPABILITY_ENCLOSE, "Pigeonhole does not know it" },
};

/* What PCRE2 has and POSIX extended regular expressions have not, by how it begins. */
static const struct {
	const char *begins;
	const char *text;
} perl[] = {
	{ "(?", "a group with \"?\"" },
	{ "*?", "a quantifier that takes as little as possible" },
	{ "+?", "a quantifier that takes as little as possible" },
	{ "??", "a quantifier that takes as little as possible" },
	{ "*+", "a possessive quantifier" },
	{ "++", "a possessive quantifier" },
};

/* LIMIT: what every server has: actions and redirects of Pigeonhole; RFC 5228, RFC 5229. */
enum { REDIRECTS_USUAL = 4, SIZE_USUAL = 1 << 20, VARIABLES_USUAL = 128, DEPTH_USUAL = 15 };

struct survey {
	const struct script *script;
	struct buf *out;
	size_t redirects;
	bool deep;
};

static void warn(struct survey *s, unsigned line, unsigned column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void warn(struct survey *s, unsigned line, unsigned column, const char *format, ...)
{
	struct problem one = { .line = line, .column = column };
	AUTO_BUF text = { 0 };
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	buf_add_byte(&text, '\0');
	one.text = text.ptr;
	problem_show(s->out, "warning", s->script->path, buf_slice(&s->script->source), &one);
}

static const char *perl_only(struct slice pattern)
{
	for (size_t i = 0; i + 1 < pattern.len; i++) {
		struct slice rest = slice_from(pattern, i);

		if (rest.ptr[0] == '\\') {
			char c = rest.ptr[1];

			/* POSIX escapes only what is special; a letter or a digit never is. */
			if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				(c >= '0' && c <= '9'))
				return "a backslash before a letter or digit";
			i++;
			continue;
		}
		for (size_t k = 0; k < sizeof(perl) / sizeof(perl[0]); k++) {
			if (slice_starts(rest, perl[k].begins))
				return perl[k].text;
		}
	}
	return NULL;
}

static void survey_regexes(struct survey *s, const struct node *node)
{
	for (size_t p = 0; p < NODE_POSITIONS && node->match.type == MATCH_REGEX; p++) {
		for (size_t i = 0; i < node->strings[p].count; i++) {
			const struct template *key = &node->strings[p].at[i];
			const char *what = key->regex ? perl_only(key->text) : NULL;

			if (what)
				warn(s, key->line, key->column,
					"%s is not known to POSIX regular expressions", what);
		}
	}
}

static void survey_require(struct survey *s, const struct node *node)
{
	for (size_t i = 0; i < node->strings[0].count; i++) {
		const struct template *name = &node->strings[0].at[i];
		capability_set bit = vocabulary_capability(name->text);

		for (size_t k = 0; k < sizeof(rare) / sizeof(rare[0]); k++) {
			if (rare[k].bit == bit)
				warn(s, name->line, name->column, "\"%.*s\": %s",
					SLICE_ARG(name->text), rare[k].text);
		}
	}
}

static void survey_nodes(struct survey *s, const struct node *node, unsigned depth)
{
	for (; node; node = node->next) {
		if (slice_is_case(node->name, "require") || slice_is_case(node->name, "ihave"))
			survey_require(s, node);
		s->redirects += slice_is_case(node->name, "redirect");
		if (s->redirects == REDIRECTS_USUAL + 1 && slice_is_case(node->name, "redirect"))
			warn(s, node->line, node->column,
				"the fifth redirect: Pigeonhole allows four for a message");
		if (depth == DEPTH_USUAL + 1 && !s->deep) {
			warn(s, node->line, node->column,
				"nested deeper than the %d levels that every server has",
				DEPTH_USUAL);
			s->deep = true;
		}
		survey_regexes(s, node);
		survey_nodes(s, node->tests, depth + 1);
		survey_nodes(s, node->block, depth + 1);
	}
}

void portable_show(const struct script *script, size_t nth, struct buf *out)
{
	struct survey s = { .script = script, .out = out };

	if (script->problems.count > 0)
		return;
	if (nth == 1 && !script->included_by)
		warn(&s, 1, 1, "a second file: other servers run one script, or know "
			"\"include\"");
	if (script->source.len > SIZE_USUAL)
		warn(&s, 1, 1, "larger than 1 MiB, the most that Pigeonhole takes");
	if (script->variable_count > VARIABLES_USUAL)
		warn(&s, 1, 1, "more than the %d variables that every server has",
			VARIABLES_USUAL);
	survey_nodes(&s, script->commands, 0);
}
