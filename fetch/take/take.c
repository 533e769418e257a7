/*
 * The ends of the pipe: see take.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/take/take.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/words.h"
#include "fetch/take/files.h"
#include "fetch/take/mda.h"

static const char call_mda[] = "--take-mda";
static const char call_files[] = "--take-files";

static const struct setting rows[] = {
	SETTING(take_settings, into, "into", TEXT, NULL, "as --into"),
	SETTING(take_settings, mda, "mda", TEXT, NULL, "as --mda"),
	SETTING(take_settings, to, "to", TEXT, NULL, "as --to"),
	SETTING(take_settings, files, "files", PATH, NULL, "as --files"),
	SETTING_RANGE(take_settings, sessions, "sessions", 1, 8, "4",
		"accounts of one server that are fetched at once"),
	SETTING_END,
};

int take_settings_read(const struct config *config, struct take_settings *out,
	struct fault *why)
{
	AUTO_BUF place = { 0 };

	if (settings_read(config, "fetch", NULL, rows, sizeof(*out), out, why) < 0)
		return -1;
	if (!!out->into + !!out->mda + !!out->to + !!out->files <= 1)
		return 0;
	config_place(config, "fetch", NULL, &place);
	return fault_set(why, FAULT_CONFIG, "%s: into, mda, to and files exclude each other",
		buf_text(&place));
}

void take_settings_free(struct take_settings *s)
{
	settings_free(rows, s);
}

bool take_is_wished(const struct take_wish *w)
{
	return w->into || w->mda || w->to || w->files;
}

/* A word that words.h reads as it stands, and a blank. */
static void add_word(struct buf *out, const char *word)
{
	buf_add_byte(out, '"');
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, *word);
	}
	buf_add_text(out, "\" ");
}

static void add_call(struct buf *out, const char *program, const char *first,
	const char *second)
{
	AUTO_FREE char *path = child_sibling(program);

	add_word(out, path);
	add_word(out, first);
	add_word(out, second);
}

static void add_carry(struct buf *out, const char *config, const char *target)
{
	AUTO_FREE char *path = child_sibling("mr-relay");

	add_word(out, path);
	if (config) {
		add_word(out, "-c");
		add_word(out, config);
	}
	add_word(out, "carry");
	add_word(out, target);
}

int take_line(const struct take_wish *w, const char *config, struct buf *out,
	struct fault *why)
{
	if (!!w->into + !!w->mda + !!w->to + !!w->files > 1)
		return fault_set(why, FAULT_USAGE,
			"one of into, mda, to and files is enough: they exclude each other");
	if (w->into && !*w->into)
		return fault_set(why, FAULT_USAGE, "into: empty; \"-\" is stdout");
	if (w->mda && mda_check(w->mda, why) < 0)
		return fault_prefix(why, "mda");
	if (w->to && strncmp(w->to, "smtp:", 5) != 0 && strncmp(w->to, "lmtp:", 5) != 0)
		return fault_set(why, FAULT_USAGE, "to: \"%s\" is neither smtp:HOST nor lmtp:...",
			w->to);
	if (w->files && !*w->files)
		return fault_set(why, FAULT_USAGE, "files: the name of a directory is needed");
	if (w->into)
		buf_add_text(out, strcmp(w->into, "-") == 0 ? "" : w->into);
	else if (w->mda)
		add_call(out, "mr-fetch", call_mda, w->mda);
	else if (w->files)
		add_call(out, "mr-fetch", call_files, w->files);
	else if (w->to)
		add_carry(out, config, w->to);
	return 0;
}

bool take_is_called(int argc, char **argv)
{
	return argc == 3 && (strcmp(argv[1], call_mda) == 0 || strcmp(argv[1], call_files) == 0);
}

static const char *login_name(void)
{
	const struct passwd *user = getpwuid(getuid());

	return user && *user->pw_name ? user->pw_name : "postmaster";
}

int take_run(char **argv)
{
	struct fault why;
	int result = strcmp(argv[1], call_mda) == 0 ?
		mda_take(argv[2], login_name(), &why) : files_take(argv[2], login_name(), &why);

	return result < 0 ? (int)why.kind : 0;
}
