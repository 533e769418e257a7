/*
 * Folder names and places: see folder.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "common/base/paths.h"
#include "common/mail/mutf7.h"

static const char *const schemes[] = { [STORE_MAILDIR] = "maildir", [STORE_MBOX] = "mbox" };

const char *store_scheme(enum store_kind kind)
{
	return schemes[kind];
}

void store_clear(struct store *s)
{
	free(s->path);
	*s = (struct store){ 0 };
}

void stores_clear(struct stores *s)
{
	store_clear(&s->inbox);
	store_clear(&s->folders);
}

static int read_path(const char *text, const char *path, struct store *out, struct fault *why)
{
	size_t len;

	out->path = paths_expand(path);
	if (!out->path)
		return fault_set(why, FAULT_CONFIG, "\"%s\": HOME is not set", text);
	len = strlen(out->path);
	while (len > 1 && out->path[len - 1] == '/')
		out->path[--len] = '\0';
	if (out->path[0] == '/' && len > 1)
		return 0;
	fault_set(why, FAULT_CONFIG, "\"%s\": expected a path that begins with / or ~/", text);
	store_clear(out);
	return -1;
}

int store_read(const char *text, struct store *out, struct fault *why)
{
	*out = (struct store){ 0 };
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i]);

		if (strncmp(text, schemes[i], len) != 0 || text[len] != ':')
			continue;
		out->kind = (enum store_kind)i;
		return read_path(text, text + len + 1, out, why);
	}
	return fault_set(why, FAULT_CONFIG,
		"\"%s\": expected \"maildir:DIRECTORY\" or \"mbox:FILE\"", text);
}

int stores_read(const char *inbox, const char *folders, struct stores *out, struct fault *why)
{
	*out = (struct stores){ 0 };
	if (store_read(inbox, &out->inbox, why) < 0)
		return -1;
	if (!folders)
		folders = out->inbox.kind == STORE_MAILDIR ? inbox : "mbox:~/mail";
	if (store_read(folders, &out->folders, why) == 0)
		return 0;
	stores_clear(out);
	return -1;
}

static int no_place(struct slice name, const char *reason, struct fault *why)
{
	return fault_set(why, FAULT_DATA, "folder \"%.*s\": %s",
		name.len < 200 ? (int)name.len : 200, name.ptr, reason);
}

/*
 * One part of a name between separators. In a Maildir the separators take every dot, so
 * that only mbox has to watch "." and "..", and names that would be a dotlock or hidden.
 */
static bool part_is_allowed(struct slice part, enum store_kind kind)
{
	if (kind == STORE_MAILDIR)
		return true;
	return part.ptr[0] != '.' && !slice_ends_case(part, ".lock");
}

static int add_parts(struct slice name, enum store_kind kind, struct buf *path, size_t *parts,
	struct fault *why)
{
	const char separator = kind == STORE_MAILDIR ? '.' : '/';
	struct slice rest = name;
	size_t start = path->len;

	while (rest.len > 0) {
		size_t len = 0;
		size_t from = path->len;
		struct slice part;

		while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != separator)
			len++;
		part = slice_first(rest, len);
		slice_skip(&rest, len < rest.len ? len + 1 : len);
		if (part.len == 0)
			return no_place(name, "a part of the name is empty", why);
		if (memchr(part.ptr, '\0', part.len) || !part_is_allowed(part, kind))
			return no_place(name, "this name is not allowed", why);
		if (*parts == 0 && slice_is_case(part, "INBOX")) {
			if (rest.len == 0)
				return 0;
			continue;
		}
		buf_add_byte(path, kind == STORE_MAILDIR && *parts > 0 ? '.' : separator);
		if (!mutf7_encode(part, path))
			return no_place(name, "it is no UTF-8", why);
		if (path->len - (kind == STORE_MAILDIR ? start : from) > FOLDER_NAME_MAX)
			return no_place(name, "it is too long", why);
		++*parts;
	}
	return 0;
}

int folder_place(const struct stores *s, struct slice name, enum store_kind *kind,
	struct buf *path, bool *inbox, struct fault *why)
{
	size_t parts = 0;

	buf_clear(path);
	if (name.len == 0)
		return no_place(name, "the name is empty", why);
	*kind = s->folders.kind;
	buf_add_text(path, s->folders.path);
	if (*kind == STORE_MAILDIR)
		buf_add_byte(path, '/');
	if (add_parts(name, *kind, path, &parts, why) < 0)
		return -1;
	if (parts == 0) {
		*kind = s->inbox.kind;
		buf_set(path, slice_text(s->inbox.path));
	}
	if (inbox)
		*inbox = parts == 0;
	return 0;
}

bool folder_exists(const struct stores *s, struct slice name)
{
	AUTO_BUF path = { 0 };
	enum store_kind kind;
	struct stat st;
	size_t len;

	if (folder_place(s, name, &kind, &path, NULL, NULL) < 0)
		return false;
	if (kind == STORE_MBOX)
		return stat(buf_text(&path), &st) == 0 && S_ISREG(st.st_mode) &&
			access(buf_text(&path), W_OK) == 0;
	len = path.len;
	for (const char *const *sub = (const char *const[]){ "/cur", "/new", "/tmp", NULL }; *sub;
	     sub++) {
		buf_cut(&path, len);
		buf_add_text(&path, *sub);
		if (stat(buf_text(&path), &st) < 0 || !S_ISDIR(st.st_mode) ||
			access(buf_text(&path), W_OK | X_OK) < 0)
			return false;
	}
	return true;
}
