/*
 * The token store: see store.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/store.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/lock.h"
#include "common/base/paths.h"

enum { STORE_VERSION = 1 };

/* Members of the file: texts, then numbers. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "client-id", offsetof(struct oauth_store, client_id) },
	{ "scope", offsetof(struct oauth_store, scope) },
	{ "refresh-token", offsetof(struct oauth_store, refresh) },
	{ "access-token", offsetof(struct oauth_store, access) },
	{ "words", offsetof(struct oauth_store, words) },
}, numbers[] = {
	{ "expires", offsetof(struct oauth_store, expires) },
	{ "obtained", offsetof(struct oauth_store, obtained) },
	{ "login", offsetof(struct oauth_store, login) },
	{ "forced", offsetof(struct oauth_store, forced) },
	{ "until", offsetof(struct oauth_store, until) },
	{ "tries", offsetof(struct oauth_store, tries) },
};
enum { TEXTS = sizeof(texts) / sizeof(texts[0]), NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

static char **text_of(const struct oauth_store *s, size_t i)
{
	return (char **)((uintptr_t)s + texts[i].offset);
}

static int64_t *number_of(const struct oauth_store *s, size_t i)
{
	return (int64_t *)((uintptr_t)s + numbers[i].offset);
}

void oauth_store_wipe(struct oauth_store *s)
{
	for (size_t i = 0; i < TEXTS; i++) {
		char *text = *text_of(s, i);

		if (text)
			explicit_bzero(text, strlen(text));
		free(text);
	}
	*s = (struct oauth_store){ 0 };
}

static void forget(json_t *object)
{
	for (size_t i = 0; object && i < TEXTS; i++) {
		const json_t *value = json_object_get(object, texts[i].name);

		if (json_is_string(value))
			explicit_bzero((char *)(uintptr_t)json_string_value(value),
				json_string_length(value));
	}
	json_decref(object);
}

/* A sentence that was cut within a character is no UTF-8, which Jansson refuses. */
static json_t *as_json(const char *text)
{
	json_t *value = json_string(text);
	AUTO_FREE char *ascii = value ? NULL : mem_text(text);

	for (char *p = ascii; p && *p; p++) {
		if ((unsigned char)*p > 126)
			*p = '?';
	}
	return value ? value : json_string(ascii);
}

void oauth_store_put(const struct oauth_store *s, struct buf *out)
{
	json_t *object = json_object();
	size_t len;

	json_object_set_new(object, "version", json_integer(STORE_VERSION));
	for (size_t i = 0; i < TEXTS; i++) {
		if (*text_of(s, i))
			json_object_set_new(object, texts[i].name, as_json(*text_of(s, i)));
	}
	for (size_t i = 0; i < NUMBERS; i++)
		json_object_set_new(object, numbers[i].name, json_integer(*number_of(s, i)));
	json_object_set_new(object, "trouble", json_integer(s->trouble));
	len = json_dumpb(object, NULL, 0, JSON_INDENT(2));
	buf_reserve(out, len + 1);
	out->len += json_dumpb(object, out->ptr + out->len, len, JSON_INDENT(2));
	buf_add_byte(out, '\n');
	forget(object);
}

static int take(const json_t *object, struct oauth_store *out)
{
	const json_t *value = json_object_get(object, "version");

	if (!json_is_integer(value) || json_integer_value(value) != STORE_VERSION)
		return -1;
	for (size_t i = 0; i < TEXTS; i++) {
		value = json_object_get(object, texts[i].name);
		if (value && !json_is_string(value))
			return -1;
		if (value)
			*text_of(out, i) = slice_copy(slice_of(json_string_value(value),
				json_string_length(value)));
	}
	for (size_t i = 0; i < NUMBERS; i++) {
		value = json_object_get(object, numbers[i].name);
		if (!json_is_integer(value))
			return -1;
		*number_of(out, i) = json_integer_value(value);
	}
	value = json_object_get(object, "trouble");
	out->trouble = json_is_integer(value) ? (int)json_integer_value(value) : 0;
	return out->client_id && out->scope ? 0 : -1;
}

int oauth_store_parse(struct slice json, struct oauth_store *out)
{
	json_t *object = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, NULL);
	int result;

	oauth_store_wipe(out);
	result = json_is_object(object) ? take(object, out) : -1;
	forget(object);
	if (result < 0)
		oauth_store_wipe(out);
	return result;
}

static char *tokens_dir(struct fault *why)
{
	AUTO_FREE char *state = paths_state(why);

	return state ? paths_join(state, "tokens") : NULL;
}

int oauth_store_read(const char *key, struct oauth_store *out, struct fault *why)
{
	AUTO_FREE char *dir = tokens_dir(why);
	AUTO_FREE char *path = dir ? paths_join(dir, key) : NULL;
	AUTO_FD fd = -1;
	AUTO_BUF bytes = { 0 };
	int result;

	oauth_store_wipe(out);
	if (!path)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", path, strerror(errno));
	/* Once, of the size it may have: growing would leave copies behind. */
	buf_reserve(&bytes, OAUTH_STORE_MAX + 32768);
	if (io_read_all(fd, OAUTH_STORE_MAX, path, &bytes, why) < 0)
		return -1;
	result = oauth_store_parse(buf_slice(&bytes), out);
	explicit_bzero(bytes.ptr, bytes.room);
	if (result < 0)
		return fault_set(why, FAULT_CONFIG,
			"%s is damaged: remove it and log in again (mr-fetch login)", path);
	return 1;
}

int oauth_store_lock(const char *key, int *lock, struct fault *why)
{
	AUTO_FREE char *path = paths_locks(why);
	AUTO_FD dir = path ? paths_open(path, 0700, why) : -1;
	AUTO_BUF name = { 0 };

	if (dir < 0)
		return -1;
	buf_addf(&name, "oauth-%s.lock", key);
	return lock_try(dir, buf_text(&name), lock, why);
}

void oauth_writer_end(struct oauth_writer *w)
{
	stage_drop(&w->stage);
	io_close_at(&w->dir);
}

int oauth_store_begin(const char *key, struct oauth_writer *out, struct fault *why)
{
	AUTO_OAUTH_WRITER w = OAUTH_WRITER_NONE;
	AUTO_FREE char *path = tokens_dir(why);
	AUTO_BUF name = { 0 };
	int error;

	w.dir = path ? paths_open(path, 0700, why) : -1;
	if (w.dir < 0)
		return -1;
	/*
	 * We hold the lock: what lies there was left by one that was killed. No key begins with
	 * a dot: it is nobody else's file.
	 */
	buf_addf(&name, ".%s", key);
	(void)unlinkat(w.dir, buf_text(&name), 0);
	if (stage_open(w.dir, buf_text(&name), 0600, &w.stage, why) < 0)
		return fault_prefix(why, "%s", path);
	error = posix_fallocate(w.stage.fd, 0, OAUTH_STORE_MAX);
	if (error != 0)
		return fault_set(why, FAULT_TEMP, "room for tokens in %s: %s", path,
			strerror(error));
	*out = w;
	w = (struct oauth_writer)OAUTH_WRITER_NONE;
	return 0;
}

int oauth_store_write(const char *key, const struct oauth_store *s, struct oauth_writer *w,
	struct fault *why)
{
	AUTO_BUF text = { 0 };
	int result;

	buf_reserve(&text, OAUTH_STORE_MAX);
	oauth_store_put(s, &text);
	result = io_write_all(w->stage.fd, text.ptr, text.len, w->stage.name, why);
	if (result == 0 && ftruncate(w->stage.fd, (off_t)text.len) < 0)
		result = fault_set(why, FAULT_TEMP, "%s: %s", w->stage.name, strerror(errno));
	explicit_bzero(text.ptr, text.room);
	if (result < 0 || stage_sync(&w->stage, NULL, why) < 0)
		return -1;
	if (renameat(w->dir, w->stage.name, w->dir, key) < 0)
		return fault_set(why, FAULT_TEMP, "rename %s: %s", w->stage.name, strerror(errno));
	stage_leave(&w->stage);
	return io_sync(w->dir, "the directory of tokens", why);
}
