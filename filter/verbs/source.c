/*
 * Messages to look at: see source.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"

int source_descriptor(int fd, const char *name, enum intake_mode mode, source_visit *visit,
	void *context, struct fault *why)
{
	AUTO_INTAKE *in = intake_open(fd, name, mode);

	return visit(context, name, in, why);
}

/* What a crash of some other program left: no message, and no reason to leave the others. */
static bool is_empty(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

/* One that was listed and is gone was moved by its reader meanwhile: it is passed over. */
static int visit_file(const char *path, bool may_be_mbox, source_visit *visit, void *context,
	struct fault *why)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	enum intake_mode mode = INTAKE_MESSAGE;

	if (fd < 0 && errno == ENOENT && !may_be_mbox)
		return 0;
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", path, strerror(errno));
	if (!may_be_mbox && is_empty(fd)) {
		say("%s is empty: no message", path);
		return 1;
	}
	if (may_be_mbox)
		mode = intake_mode_of_file(fd);
	return source_descriptor(fd, path, mode, visit, context, why);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int visit_directory(const char *path, source_visit *visit, void *context,
	struct fault *why)
{
	AUTO_STRINGS names = { 0 };
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool passed = false;
	int result = 0;

	if (!dir)
		return fault_set(why, FAULT_TEMP, "read directory %s: %s", path, strerror(errno));
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			strings_add(&names, slice_text(entry->d_name));
	}
	closedir(dir);
	if (names.count > 0)
		qsort(names.at, names.count, sizeof(*names.at), by_name);
	for (size_t i = 0; i < names.count && result >= 0; i++) {
		AUTO_FREE char *file = paths_join(path, names.at[i]);

		result = visit_file(file, false, visit, context, why);
		passed = passed || result == 1;
	}
	return result < 0 ? -1 : passed;
}

int source_path(const char *path, source_visit *visit, void *context, struct fault *why)
{
	AUTO_FREE char *new = paths_join(path, "new");
	AUTO_FREE char *cur = paths_join(path, "cur");
	struct stat st;
	int before;
	int got;

	if (stat(path, &st) < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return visit_file(path, true, visit, context, why);
	if (stat(new, &st) < 0 || stat(cur, &st) < 0)
		return fault_set(why, FAULT_USAGE, "%s is a directory, but no Maildir", path);
	before = visit_directory(cur, visit, context, why);
	if (before < 0)
		return -1;
	got = visit_directory(new, visit, context, why);
	return got < 0 ? -1 : got || before;
}

static int end_message(struct gather_state *gather, const char *name, struct frame *frame,
	source_message *each, void *context, struct fault *why)
{
	struct message message;
	int result;

	gather_end(gather);
	gather_message(gather, frame, &message);
	result = each(context, name, frame, &message, why);
	message_close(&message);
	return result;
}

int source_messages(struct intake *in, const char *name, struct gather_state *gather,
	source_message *each, void *context, struct fault *why)
{
	struct frame *frame = NULL;
	struct stream_event event;
	int got;

	while ((got = intake_next(in, CLOCK_NEVER, &event, why)) == 1) {
		if (event.kind == STREAM_FRAME) {
			frame = event.frame;
			gather_clear(gather);
		} else if (event.kind == STREAM_BYTES) {
			if (gather_add(gather, event.bytes, why) < 0)
				return -1;
		} else if (event.kind == STREAM_END && frame) {
			if (end_message(gather, name, frame, each, context, why) < 0)
				return -1;
		} else if (event.kind == STREAM_ABORT) {
			return fault_set(why, FAULT_TEMP, "%s broke off: %.*s", name,
				SLICE_ARG(event.reason));
		}
	}
	return got;
}
