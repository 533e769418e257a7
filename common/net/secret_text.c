/*
 * What all places of secrets share: lines, sentences, wiping.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/secret_own.h"

void secret_wipe_buf(struct buf *b)
{
	if (b->ptr)
		explicit_bzero(b->ptr, b->room);
	buf_free(b);
}

int secret_first_line(struct slice text, char **out)
{
	struct slice line = { "", 0 };

	slice_line(&text, &line);
	if (line.len == 0)
		return 0;
	if (memchr(line.ptr, '\0', line.len))
		return -1;
	*out = slice_copy(line);
	return 1;
}

int secret_prefix(const struct server *server, const char *setting, struct fault *why)
{
	return fault_prefix(why, "%s%sthe %s of %s", server->place ? server->place : "",
		server->place ? ": " : "", setting, server->host);
}
