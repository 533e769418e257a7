/*
 * A server at the other end of a socket pair that plays a script in a thread.
 *
 *	C: TEXT   reads a line, which must be TEXT ("*" at its end: anything may follow)
 *	S: TEXT   sends TEXT and CRLF
 *	R: TEXT   sends TEXT as it is
 *	BODY      reads lines up to a lone dot, keeps them in `body`
 *	END       the client closes; what it sends before that is wrong
 *	DRAIN     reads whatever comes until the client closes
 *
 * "%T" at the beginning of a C: line is any word (a tag); later it stands for that word. At the end of the script the
 * server closes. The first thing that did not fit stands in `wrong`.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef UNIT_SCRIPTED_H
#define UNIT_SCRIPTED_H

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/base/io.h"
#include "common/base/line.h"

struct scripted {
	const char *const *script;
	int fd;     /* the server's */
	int client; /* to be given to a wire, which owns it then */
	pthread_t thread;
	struct buf tag;
	struct buf body;
	struct buf wrong;
};

static inline void scripted_fill(const struct scripted *s, const char *text, struct buf *out)
{
	for (; *text; text++) {
		if (text[0] == '%' && text[1] == 'T') {
			buf_add_slice(out, buf_slice(&s->tag));
			text++;
		} else {
			buf_add_byte(out, *text);
		}
	}
}

static inline bool scripted_expect(struct scripted *s, struct slice line, const char *text)
{
	AUTO_BUF want = { 0 };
	struct slice rest = line;
	struct slice word = { "", 0 };
	bool open_end;

	slice_cut(&rest, ' ', &word);
	if (strncmp(text, "%T", 2) == 0)
		buf_set(&s->tag, word);
	scripted_fill(s, text, &want);
	open_end = want.len > 0 && want.ptr[want.len - 1] == '*';
	if (open_end)
		buf_cut(&want, want.len - 1);
	if (open_end ? slice_starts(line, buf_text(&want))
		     : slice_equal(line, buf_slice(&want)))
		return true;
	buf_addf(&s->wrong, "got \"%.*s\", not \"%s\"", SLICE_ARG(line), buf_text(&want));
	return false;
}

static inline bool scripted_step(struct scripted *s, struct line_reader *in, const char *step)
{
	AUTO_BUF text = { 0 };
	struct slice line;
	bool reads = strncmp(step, "C: ", 3) == 0;

	if (strcmp(step, "END") == 0 || strcmp(step, "DRAIN") == 0) {
		while (line_read(in, &line, NULL) == 1) {
			if (step[0] == 'E' && s->wrong.len == 0)
				buf_addf(&s->wrong, "got \"%.*s\", not the end", SLICE_ARG(line));
		}
		return false;
	}
	if (strcmp(step, "BODY") == 0) {
		while (line_read(in, &line, NULL) == 1 && !slice_is(line, ".")) {
			buf_add_slice(&s->body, line);
			buf_add_byte(&s->body, '\n');
		}
		return true;
	}
	if (reads) {
		if (line_read(in, &line, NULL) == 1)
			return scripted_expect(s, line, step + 3);
		buf_addf(&s->wrong, "got the end, not \"%s\"", step + 3);
		return false;
	}
	scripted_fill(s, step + 3, &text);
	if (step[0] == 'S')
		buf_add_text(&text, "\r\n");
	return send(s->fd, text.ptr, text.len, MSG_NOSIGNAL) == (ssize_t)text.len;
}

static inline void *scripted_run(void *state)
{
	struct scripted *s = state;
	struct line_reader in = { .fd = s->fd, .name = "client", .limit = 1 << 20 };

	for (const char *const *step = s->script; *step; step++) {
		if (!scripted_step(s, &in, *step))
			break;
	}
	line_reader_free(&in);
	io_close_at(&s->fd);
	return NULL;
}

/* Starts it; s->client is the other end. */
static inline void scripted_start(struct scripted *s, const char *const *script)
{
	int pair[2];

	*s = (struct scripted){ .script = script };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		abort();
	s->fd = pair[0];
	s->client = pair[1];
	if (pthread_create(&s->thread, NULL, scripted_run, s) != 0)
		abort();
}

/* After the client's end was closed. The text of what went wrong, "" if nothing did. */
static inline const char *scripted_end(struct scripted *s)
{
	pthread_join(s->thread, NULL);
	return buf_text(&s->wrong);
}

static inline void scripted_free(struct scripted *s)
{
	buf_free(&s->tag);
	buf_free(&s->body);
	buf_free(&s->wrong);
}

#endif
