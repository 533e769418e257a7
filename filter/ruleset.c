/*
 * All rule files: see ruleset.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/ruleset.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "common/base/paths.h"
#include "filter/language/compile.h"
#include "filter/language/rule_file.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_files(const char *path, struct strings *names, struct fault *why)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return fault_set(why, FAULT_TEMP, "read directory %s: %s", path, strerror(errno));
	errno = 0;
	while ((entry = readdir(dir))) {
		struct slice name = slice_text(entry->d_name);

		if (name.ptr[0] != '.' && slice_ends_case(name, ".sieve"))
			strings_add(names, name);
		errno = 0;
	}
	if (errno != 0) {
		fault_set(why, FAULT_TEMP, "read directory %s: %s", path, strerror(errno));
		closedir(dir);
		return -1;
	}
	closedir(dir);
	if (names->count > 0)
		qsort(names->at, names->count, sizeof(*names->at), by_name);
	return 0;
}

static void add_file(struct ruleset *set, const char *path, enum rule_file_origin origin)
{
	struct script *script = rule_file_compile(path, origin);

	library_tie(&set->library, script);
	/* Behind a file that is broken nothing runs. */
	if (!ruleset_broken(set) && script->problems.count == 0)
		set->needs |= script->needs;
	set->scripts = mem_grow(set->scripts, set->count + 1, sizeof(struct script *));
	set->scripts[set->count++] = script;
}

int ruleset_load(struct ruleset *set, const char *path, enum ruleset_origin origin,
	struct fault *why)
{
	bool named = origin == RULESET_NAMED;
	AUTO_STRINGS names = { 0 };
	struct stat st;

	if (stat(path, &st) < 0) {
		if (origin == RULESET_DEFAULT && errno == ENOENT)
			return 0;
		return fault_set(why, errno == ENOENT ? FAULT_CONFIG : FAULT_TEMP, "rules %s: %s",
			path, strerror(errno));
	}
	if (!S_ISDIR(st.st_mode)) {
		add_file(set, path, named ? RULE_FILE_NAMED : RULE_FILE_CONFIGURED);
		return 0;
	}
	if (list_files(path, &names, why) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *file = paths_join(path, names.at[i]);

		add_file(set, file, named ? RULE_FILE_LISTED : RULE_FILE_CONFIGURED);
	}
	return 0;
}

void ruleset_free(struct ruleset *set)
{
	for (size_t i = 0; i < set->count; i++)
		script_free(set->scripts[i]);
	free(set->scripts);
	library_free(&set->library);
	*set = (struct ruleset){ 0 };
}

const struct script *ruleset_broken(const struct ruleset *set)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->scripts[i]->problems.count > 0)
			return set->scripts[i];
	}
	return NULL;
}

/*
 * The draft, section 5: after an error all is as if the last script had said keep; of the
 * message as it came to that script (RFC 5293 section 7).
 */
static void keep_for_error(struct outcome *all, const char *rule)
{
	struct action keep = { .kind = ACTION_KEEP, .version = all->version };
	AUTO_BUF text = { 0 };

	buf_addf(&text, "error at %s", rule);
	keep.rule = buf_give(&text);
	outcome_keep_now(all, &keep);
}

static void tell_broken(const struct script *script, struct outcome *all, struct fault *error)
{
	const struct problem *first = &script->problems.at[0];
	AUTO_BUF rule = { 0 };

	fault_set(error, FAULT_DATA, "%s:%u:%u: %s", script->path, first->line, first->column,
		first->text);
	buf_addf(&rule, "%s:%u", script->label, first->line);
	keep_for_error(all, rule.ptr);
}

void ruleset_decide(const struct ruleset *set, const struct world *world, struct verdict *out)
{
	struct world own_world = *world;
	AUTO_OUTCOME all = { 0 };

	*out = (struct verdict){ 0 };
	questions_begin(world->questions, world->message->frame, world->now);
	versions_start(&out->versions, world->message);
	own_world.versions = &out->versions;
	for (size_t i = 0; i < set->count && outcome_goes_on(&all); i++) {
		AUTO_OUTCOME own = { 0 };
		AUTO_FREE char *rule = NULL;

		if (set->scripts[i]->problems.count > 0) {
			tell_broken(set->scripts[i], &all, &out->error);
			break;
		}
		own_world.message = versions_message(&out->versions, out->versions.current);
		if (evaluate(set->scripts[i], &own_world, &all, &own, &rule, &out->error) < 0) {
			keep_for_error(&all, rule);
			break;
		}
		outcome_join(&all, &own);
	}
	outcome_finish(&all, &out->actions, &out->count);
	questions_decided(world->questions, out->actions, out->count, &out->after);
}

void verdict_clear(struct verdict *v)
{
	for (size_t i = 0; i < v->count; i++)
		action_clear(&v->actions[i]);
	free(v->actions);
	buf_free(&v->after);
	versions_free(&v->versions);
	*v = (struct verdict){ 0 };
}
