/*
 * Scripts that others include: see library.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/library.h"

#include <errno.h>

#include "common/base/io.h"
#include "common/base/paths.h"
#include "filter/language/compile.h"
#include "filter/language/rule_file.h"

static char *path_of(const char *directory, struct slice name)
{
	AUTO_BUF file = { 0 };

	buf_add_slice(&file, name);
	if (!slice_ends_case(name, ".sieve"))
		buf_add_text(&file, ".sieve");
	return paths_join(directory, buf_text(&file));
}

static struct script *find(const struct library *library, const char *path)
{
	for (size_t i = 0; i < library->count; i++) {
		if (strcmp(library->at[i]->path, path) == 0)
			return library->at[i];
	}
	return NULL;
}

static void tie_one(struct library *library, const struct script *by, struct inclusion *one)
{
	const char *directory = one->global ? library->global : library->personal;
	AUTO_FREE char *path = NULL;
	struct script *script;

	if (!directory || !directory[0] || library->count == LIBRARY_MAX)
		return;
	path = path_of(directory, one->name);
	one->script = find(library, path);
	if (one->script || !rule_file_is_there(path))
		return;
	script = rule_file_compile(path, RULE_FILE_CONFIGURED);
	script->included_by = by;
	script->included_at = one->line;
	/* Before it is tied itself: it may include whoever includes it. */
	library->at = mem_grow(library->at, library->count + 1, sizeof(*library->at));
	library->at[library->count++] = script;
	one->script = script;
	library_tie(library, script);
}

void library_tie(struct library *library, struct script *script)
{
	for (struct inclusion *one = script->inclusions; one; one = one->next) {
		tie_one(library, script, one);
		if (one->script)
			script->needs |= one->script->needs;
	}
}

void library_free(struct library *library)
{
	for (size_t i = 0; i < library->count; i++)
		script_free(library->at[i]);
	free(library->at);
	free(library->personal);
	free(library->global);
	*library = (struct library){ 0 };
}
