/*
 * Pauses of smart hosts: see pause.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/pause.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/stage.h"
#include "relay/backoff.h"

/* LIMIT: five short lines. */
enum { PAUSE_FILE_MAX = 4096 };
enum { TELL_AGAIN = 3600 };
/* No clock jump may lock a host out for longer than its longest pause. */
enum { LONGEST_PAUSE = 5 * 3600 };

void pause_clear(struct pause *p)
{
	buf_free(&p->text);
	*p = (struct pause){ 0 };
}

static void read_line(struct pause *p, struct slice line)
{
	struct slice name;
	struct slice value = line;
	uint64_t number = 0;

	slice_cut(&value, ' ', &name);
	if (slice_is(name, "text"))
		buf_set(&p->text, value);
	if (!slice_number(value, &number) || number > INT64_MAX)
		return;
	if (slice_is(name, "until"))
		p->until = (int64_t)number;
	else if (slice_is(name, "told"))
		p->told = (int64_t)number;
	else if (slice_is(name, "tries"))
		p->tries = (unsigned)number;
	else if (slice_is(name, "kind"))
		p->kind = (int)number;
}

void pause_read(const struct queue *q, const char *host, struct pause *out)
{
	AUTO_FD fd = openat(q->hosts, host, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	AUTO_BUF text = { 0 };
	struct slice rest;
	struct slice line;

	*out = (struct pause){ 0 };
	if (fd < 0 || io_read_all(fd, PAUSE_FILE_MAX, host, &text, NULL) < 0)
		return;
	rest = buf_slice(&text);
	while (slice_line(&rest, &line))
		read_line(out, line);
}

bool pause_holds(const struct pause *p, int64_t now)
{
	return p->until > now && p->until - now <= LONGEST_PAUSE;
}

/* Not synced: a pause that a crash forgets costs one connection. */
static void write_file(const struct queue *q, const char *host, const struct pause *p)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF name = { 0 };
	AUTO_STAGE stage = STAGE_NONE;

	buf_addf(&text, "until %lld\ntold %lld\ntries %u\nkind %d\ntext ", (long long)p->until,
		(long long)p->told, p->tries, p->kind);
	envelope_put_text(&text, buf_slice(&p->text));
	buf_add_byte(&text, '\n');
	stage_random_name(&name, QUEUE_ID_LENGTH);
	if (stage_open(q->staging, buf_text(&name), 0600, &stage, NULL) < 0 ||
		stage_write(&stage, text.ptr, text.len, NULL) < 0 ||
		stage_flush(&stage, NULL) < 0 ||
		renameat(q->staging, stage.name, q->hosts, host) < 0)
		return;
	stage_leave(&stage);
}

bool pause_extend(const struct queue *q, const char *host, const struct fault *reason,
	int64_t now, bool can_tell, struct pause *p)
{
	bool login = reason->kind == FAULT_LOGIN;
	bool due = p->told == 0 || p->told > now || now - p->told >= TELL_AGAIN ||
		   p->kind != (int)reason->kind;
	bool tell = can_tell && due;

	p->tries = p->kind == (int)reason->kind ? p->tries + 1 : 1;
	p->kind = (int)reason->kind;
	p->until = now + backoff_seconds(login ? BACKOFF_LOGIN : BACKOFF_HOST, p->tries,
				 backoff_chance());
	buf_set(&p->text, slice_text(reason->text));
	if (tell)
		p->told = now;
	write_file(q, host, p);
	return tell;
}

void pause_forget(const struct queue *q, const char *host)
{
	(void)unlinkat(q->hosts, host, 0);
}

void pause_forget_all(const struct queue *q)
{
	int fd = openat(q->root, "hosts", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *one;

	if (!dir) {
		io_close_at(&fd);
		return;
	}
	while ((one = readdir(dir)) != NULL) {
		if (one->d_name[0] != '.')
			(void)unlinkat(q->hosts, one->d_name, 0);
	}
	closedir(dir);
}
