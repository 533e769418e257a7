/*
 * The lists that rules asked for: see lists.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/lists/lists.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "common/base/io.h"
#include "filter/lists/list_name.h"

struct lists_file {
	char *name;
	struct list *list;
};

void lists_free(struct lists *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		free(lists->files[i].name);
		list_free(lists->files[i].list);
	}
	free(lists->files);
	*lists = (struct lists){ 0 };
}

static const struct list *keep(struct lists *lists, const char *name, struct buf *text)
{
	struct lists_file *file;

	lists->files = mem_grow(lists->files, lists->count + 1, sizeof(*lists->files));
	file = &lists->files[lists->count++];
	file->name = mem_text(name);
	file->list = list_new(text);
	return file->list;
}

static int fail(const char *name, const char *reason, struct fault *why)
{
	return fault_set(why, FAULT_RUNTIME, "list \"%s\": %s", name, reason);
}

/* Not through a link, not a FIFO that would hold us: 0, -1, or 1: there is no such file. */
static int read_file(const char *folder, const char *name, struct buf *out, struct fault *why)
{
	AUTO_FD dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD fd = -1;
	struct stat st;

	if (dir >= 0)
		fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0)
		return fail(name, errno == ELOOP ? "it is a link" : strerror(errno), why);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return fail(name, "it is no regular file", why);
	buf_reserve(out, st.st_size > 0 && st.st_size < LIST_MAX ? (size_t)st.st_size + 1 : 1);
	if (io_read_all(fd, LIST_MAX, name, out, why) == 0)
		return 0;
	why->kind = FAULT_RUNTIME;
	return fault_prefix(why, "list \"%s\"", name);
}

int lists_open(struct lists *lists, const char *folder, struct slice name,
	const struct list **out, struct fault *why)
{
	AUTO_BUF file = { 0 };
	AUTO_BUF text = { 0 };
	bool book;
	int got;

	if (!list_name(name, &file, &book))
		return fault_set(why, FAULT_RUNTIME, "\"%.*s\" is no name of a list",
			SLICE_ARG(slice_first(name, 80)));
	for (size_t i = 0; i < lists->count; i++) {
		if (slice_is(buf_slice(&file), lists->files[i].name)) {
			*out = lists->files[i].list;
			return 0;
		}
	}
	got = folder ? read_file(folder, file.ptr, &text, why) : 1;
	if (got < 0)
		return -1;
	if (got == 1 && !book)
		return fail(file.ptr, "there is no such file in filter.lists", why);
	*out = keep(lists, file.ptr, &text);
	return 0;
}
