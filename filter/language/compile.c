/*
 * Compiling a rule file: see compile.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/compile.h"

#include "filter/language/checker.h"
#include "filter/index/body.h"
#include "filter/index/index.h"
#include "filter/language/parser.h"
#include "filter/regex.h"

struct script *script_compile(const char *path, struct buf *source)
{
	struct script *script = mem_zero(1, sizeof(*script));
	const char *slash = strrchr(path, '/');

	script->index = index_new(script);
	script->path = mem_text(path);
	script->label = mem_text(slash ? slash + 1 : path);
	buf_reserve(source, 0);
	buf_swap(&script->source, source);
	if (script->source.len > SCRIPT_MAX) {
		problem_add(&script->problems, 1, 1, "file too large, expected at most %d MiB",
			SCRIPT_MAX >> 20);
		return script;
	}
	parser_parse(script);
	/* What the parser did not understand would only echo. */
	if (script->problems.count == 0)
		checker_check(script);
	body_index_tie(script);
	arena_free(&script->scratch);
	return script;
}

void script_free(struct script *script)
{
	if (!script)
		return;
	for (size_t i = 0; i < script->regex_count; i++)
		regex_free(script->regexes[i]);
	free(script->regexes);
	index_free(script->index);
	body_index_free(script);
	arena_free(&script->arena);
	buf_free(&script->source);
	problems_clear(&script->problems);
	free(script->path);
	free(script->label);
	free(script);
}
