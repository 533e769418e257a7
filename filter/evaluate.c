/*
 * Running a checked script over a message: see evaluate.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/evaluate.h"

#include "filter/edit/versions.h"
#include "filter/environment.h"
#include "filter/flags.h"
#include "filter/inclusions.h"
#include "filter/index/index.h"

/* LIMIT: a string with its variables put in. */
enum { EXPANDED_MAX = 1 << 20 };
/* LIMIT: bytes of values shown for one test. */
enum { SEEN_MAX = 300 };

int run_fail(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_setv(&run->fault, FAULT_RUNTIME, format, args);
	va_end(args);
	return -1;
}

char *run_rule(const struct run *run)
{
	AUTO_BUF rule = { 0 };

	buf_addf(&rule, "%s:%u", run->script->label, run->at ? run->at->line : 1);
	return buf_give(&rule);
}

unsigned run_version(const struct run *run)
{
	return run->versions ? run->versions->current : 0;
}

static struct slice piece_value(const struct run *run, const struct piece *piece)
{
	struct slice all = buf_slice(&run->matched);

	if (piece->kind == PIECE_TEXT)
		return piece->text;
	if (piece->kind == PIECE_ENVIRONMENT)
		return environment_find(run->settings, piece->text, true, &all) ? all : SLICE("");
	if (piece->kind == PIECE_VARIABLE)
		return buf_slice(&run->variables[piece->index]);
	if (piece->index >= run->captures.count)
		return SLICE("");
	return slice_of(all.ptr + run->captures.at[piece->index].from,
		run->captures.at[piece->index].to - run->captures.at[piece->index].from);
}

int run_expand(struct run *run, const struct template *t, struct buf *room, struct slice *out)
{
	if (t->constant) {
		*out = t->text;
		return 0;
	}
	buf_clear(room);
	for (size_t i = 0; i < t->piece_count; i++) {
		buf_add_slice(room, piece_value(run, &t->pieces[i]));
		if (room->len > EXPANDED_MAX)
			return run_fail(run, "a string grew beyond 1 MiB");
	}
	*out = buf_slice(room);
	return 0;
}

int run_expand_all(struct run *run, const struct template_list *list, struct strings *out)
{
	AUTO_BUF room = { 0 };
	struct slice value;

	for (size_t i = 0; i < list->count; i++) {
		if (run_expand(run, &list->at[i], &room, &value) < 0)
			return -1;
		if (slice_find_byte(value, '\0') >= 0)
			return run_fail(run, "NUL byte in a string");
		strings_add(out, value);
	}
	return 0;
}

void run_capture(struct run *run, struct slice value, const struct captures *captures)
{
	if (!(run->script->capabilities & CAPABILITY_VARIABLES))
		return;
	buf_set(&run->matched, value);
	run->captures = *captures;
}

void run_note(struct run *run, const char *format, ...)
{
	AUTO_BUF text = { 0 };
	va_list args;

	if (!run->trace || !run->trace->note || !run->at)
		return;
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	run->trace->note(run->trace->context, run->script, run->at, text.ptr);
}

void run_saw(struct run *run, struct slice value)
{
	if (!run->trace || run->seen.len >= SEEN_MAX)
		return;
	if (run->seen.len > 0)
		buf_add_text(&run->seen, " | ");
	buf_add_slice(&run->seen, slice_first(value, SEEN_MAX));
}

static void note_failure(struct run *run, const struct node *node, int result)
{
	if (result < 0 && !run->failed) {
		run->failed = node;
		run->failed_in = run->script;
	}
}

/* Whether its word has what it needs. */
static int may_run(struct run *run, const struct node *node)
{
	if (node->word->needs & run->message->lacks)
		return run_fail(run, "\"%s\" needs more than the header", node->word->name);
	if (node->late & ~run->found)
		return run_fail(run, "\"%s\" came before the \"ihave\" that allows it",
			node->word->name);
	return 0;
}

int evaluate_test(struct run *run, const struct node *node)
{
	int result;

	buf_clear(&run->seen);
	result = may_run(run, node);
	if (result == 0)
		result = node->word->test(run, node);
	note_failure(run, node, result);
	/* What "not" and "allof" saw belongs to the tests inside them. */
	if (result >= 0 && run->trace)
		run->trace->test(run->trace->context, run->script, node, result == 1,
			node->tests ? SLICE("") : buf_slice(&run->seen));
	return result;
}

int evaluate_branch(struct run *run, const struct node *node, bool *taken)
{
	int got = 1;

	run->at = node;
	if (node->tests)
		got = evaluate_test(run, node->tests);
	*taken = got > 0;
	return got > 0 ? evaluate_block(run, node->block) : got;
}

static int run_command(struct run *run, const struct node *node)
{
	int result;

	run->at = node;
	result = may_run(run, node);
	if (result == 0)
		result = node->word->run(run, node);
	note_failure(run, node, result);
	return result;
}

/* Only what may do something with this message; conditions branch by branch. */
static int run_indexed(struct run *run, struct index_walk *walk)
{
	const struct node *node;

	while ((node = index_next(walk, run->message))) {
		bool taken = false;
		int result = node->word->uses & IS_CONDITION
			? evaluate_branch(run, node, &taken)
			: run_command(run, node);

		note_failure(run, node, result);
		if (result != 0)
			return result;
		if (taken)
			index_taken(walk);
	}
	return 0;
}

int evaluate_block(struct run *run, const struct node *first)
{
	struct index_walk walk;

	if (!run->trace && index_start(run->script->index, first, &walk))
		return run_indexed(run, &walk);
	for (const struct node *node = first; node; node = node->next) {
		int result = run_command(run, node);

		if (result != 0)
			return result;
		if (run->trace && !node->has_block)
			run->trace->action(run->trace->context, run->script, node);
		/* An "if" jumps over the branches that belong to it. */
		while (node->next && node->next->word->uses & IS_BRANCH)
			node = node->next;
	}
	return 0;
}

/* What a script has for itself: variables and captures. */
static void run_start(struct run *run, const struct script *script)
{
	index_count_run(script->index);
	run->script = script;
	run->variables = mem_zero(script->variable_count, sizeof(*run->variables));
	run->matched = (struct buf){ 0 };
	run->captures = (struct captures){ 0 };
	run->returned = false;
	run->found = 0;
}

static void run_end(struct run *run, const struct script *script)
{
	for (size_t i = 0; i < script->variable_count; i++)
		buf_free(&run->variables[i]);
	free(run->variables);
	buf_free(&run->matched);
}

static bool is_running(const struct run *run, const struct script *script)
{
	for (; run; run = run->within) {
		if (run->script == script || (script->inode != 0 &&
						     run->script->inode == script->inode &&
						     run->script->device == script->device))
			return true;
	}
	return false;
}

/* It runs as if its commands stood here; only variables and captures are its own. */
static int run_within(struct run *run, const struct script *script)
{
	const struct run saved = *run;
	int result;

	inclusions_store(run->inclusions, run->script, run->variables);
	run->within = &saved;
	run_start(run, script);
	inclusions_load(run->inclusions, script, run->variables);
	result = evaluate_block(run, script->commands);
	inclusions_store(run->inclusions, script, run->variables);
	run_end(run, script);
	if (result == 1 && run->returned)
		result = 0;
	run->script = saved.script;
	run->variables = saved.variables;
	run->matched = saved.matched;
	run->captures = saved.captures;
	run->returned = saved.returned;
	run->found = saved.found;
	run->within = saved.within;
	run->at = saved.at;
	inclusions_load(run->inclusions, run->script, run->variables);
	return result;
}

int evaluate_included(struct run *run, const struct script *script, bool once)
{
	bool again = inclusions_have(run->inclusions, script);
	bool running = is_running(run, script);

	if (once && (again || running))
		return 0;
	if (running)
		return run_fail(run, "%s includes itself", script->path);
	if (script->problems.count > 0)
		return run_fail(run, "the included script does not compile: %s:%u:%u: %s",
			script->path, script->problems.at[0].line, script->problems.at[0].column,
			script->problems.at[0].text);
	if (!inclusions_add(run->inclusions, script))
		return run_fail(run, "more than %d scripts are included", INCLUSIONS_MAX);
	return run_within(run, script);
}

static void run_clear(struct run *run, const struct script *script)
{
	run_end(run, script);
	buf_free(&run->seen);
	strings_free(&run->flags);
	inclusions_free(run->inclusions);
}

/* RFC 5232 section 3: the internal variable applies to the implicit keep. */
static void flag_implicit_keep(struct run *run)
{
	struct action keep = { .kind = ACTION_KEEP, .has_flags = true,
		.version = run_version(run) };

	if (run->outcome->kept || run->outcome->cancelled || run->flags.count == 0)
		return;
	flags_copy(&keep.flags, &run->flags);
	keep.rule = mem_text("implicit");
	outcome_keep(run->outcome, &keep);
}

int evaluate(const struct script *script, const struct world *world,
	const struct outcome *before, struct outcome *outcome, char **rule, struct fault *why)
{
	struct inclusions inclusions = { 0 };
	struct run run = { .script = script, .message = world->message,
		.versions = world->versions,
		.questions = world->questions, .settings = world->settings, .now = world->now,
		.inclusions = &inclusions,
		.trace = world->trace, .outcome = outcome, .before = before };
	int result;

	run_start(&run, script);
	result = evaluate_block(&run, script->commands);
	if (result < 0) {
		run.at = run.failed;
		run.script = run.failed_in;
		*rule = run_rule(&run);
		fault_set(why, FAULT_RUNTIME, "%s:%u: %s", run.script->path, run.at->line,
			run.fault.text);
	} else {
		outcome->version = run_version(&run);
		flag_implicit_keep(&run);
	}
	run_clear(&run, script);
	return result < 0 ? -1 : 0;
}
