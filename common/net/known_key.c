/*
 * Keys of servers that were met before: see known_key.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/known_key.h"

#include <ctype.h>
#include <errno.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/calendar.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/base/stage.h"

/* LIMIT: a file of ours has a comment and a line. */
enum { FILE_MAX = 4096 };

void known_key_free(struct known_key *k)
{
	free(k->path);
	*k = (struct known_key){ 0 };
}

static char *directory(struct fault *why)
{
	AUTO_FREE char *state = paths_state(why);

	return state ? paths_join(state, "known-servers") : NULL;
}

static int read_file(struct known_key *k, struct fault *why)
{
	AUTO_BUF text = { 0 };
	struct slice rest;
	struct slice line;

	if (access(k->path, F_OK) < 0 && errno == ENOENT)
		return 0;
	if (io_read_file(k->path, FILE_MAX, &text, why) < 0)
		return -1;
	rest = buf_slice(&text);
	while (slice_line(&rest, &line)) {
		if (slice_starts(line, "#"))
			continue;
		k->there = pin_read(line, &k->key) && !k->key.certificate;
		break;
	}
	return k->there ? 0 : fault_set(why, FAULT_CONFIG,
		"%s: it should hold the fingerprint of the server's key, but does not", k->path);
}

int known_key_read(const char *name, struct known_key *out, struct fault *why)
{
	AUTO_FREE char *dir = directory(why);
	AUTO_BUF file = { 0 };

	*out = (struct known_key){ 0 };
	if (!dir)
		return -1;
	/* Names of hosts know no case; theirs hold no "/". */
	for (const char *p = name; *p; p++)
		buf_add_byte(&file, (char)tolower((unsigned char)*p));
	out->path = paths_join(dir, buf_text(&file));
	return read_file(out, why);
}

static int write_file(const struct known_key *k, const struct buf *text, struct fault *why)
{
	AUTO_STAGE stage = STAGE_NONE;
	AUTO_BUF temporary = { 0 };
	AUTO_FREE char *dir = directory(why);
	AUTO_FD fd = dir ? paths_open(dir, 0700, why) : -1;

	if (fd < 0)
		return -1;
	buf_add_byte(&temporary, '.');
	stage_random_name(&temporary, 12);
	if (stage_open(fd, buf_text(&temporary), 0600, &stage, why) < 0 ||
		stage_write(&stage, text->ptr, text->len, why) < 0 ||
		stage_sync(&stage, NULL, why) < 0)
		return -1;
	if (stage_place(&stage, fd, strrchr(k->path, '/') + 1, why) < 0)
		return errno == EEXIST ? 1 : -1;
	return io_sync_directory(fd, dir, why);
}

int known_key_add(struct known_key *k, const char *name, const struct pin *key,
	struct fault *why)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF shown = { 0 };
	struct calendar now;
	int result;

	pin_write(key, &shown);
	calendar_split(clock_wall(), &now);
	buf_addf(&text, "# The key of %s, first seen on %04d-%02d-%02d. Remove this file to forget "
		"it.\n%s\n", name, (int)now.year, now.month, now.day, buf_text(&shown));
	result = write_file(k, &text, why);
	if (result < 0)
		return -1;
	if (result == 0) {
		k->there = true;
		k->key = *key;
		say("%s: its key %s is trusted from now on: %s", name, buf_text(&shown), k->path);
		return 0;
	}
	if (read_file(k, why) < 0)
		return -1;
	if (k->there && memcmp(k->key.digest, key->digest, PIN_BYTES) == 0)
		return 0;
	buf_clear(&text);
	known_key_complain(k, key, &text);
	return fault_set(why, FAULT_TEMP, "%s: its certificate is not trusted: %s", name,
		buf_text(&text));
}

void known_key_complain(const struct known_key *k, const struct pin *key, struct buf *out)
{
	buf_add_text(out, "the key is ");
	pin_write(key, out);
	buf_add_text(out, ", but at first it was ");
	pin_write(&k->key, out);
	buf_addf(out, "; if the server has a new key, remove %s", k->path);
}
