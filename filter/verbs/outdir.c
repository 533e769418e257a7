/*
 * --out-dir: see outdir.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/verbs/outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "common/base/io.h"
#include "common/mail/report.h"
#include "common/mail/return_path.h"

/* LIMIT: bytes of a folder's name in the name of a file. */
enum { SHOWN_MAX = 200 };

enum { CHUNK = 65536 };

int outdir_open(struct outdir *o, const char *path, struct fault *why)
{
	*o = (struct outdir){ .path = path, .fd = -1 };
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fault_set(why, FAULT_TEMP, "create %s: %s", path, strerror(errno));
	o->fd = open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (o->fd < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", path, strerror(errno));
	return 0;
}

void outdir_close(struct outdir *o)
{
	io_close_at(&o->fd);
	strings_free(&o->folders);
	free(o->counts);
	*o = (struct outdir)OUTDIR_NONE;
}

static int create(const struct outdir *o, const char *name, struct fault *why)
{
	int fd = openat(o->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		fault_set(why, FAULT_TEMP, "create %s/%s: %s", o->path, name, strerror(errno));
	return fd;
}

static int write_text(const struct outdir *o, const char *name, struct slice text,
	struct fault *why)
{
	AUTO_FD fd = create(o, name, why);

	return fd < 0 ? -1 : io_write_all(fd, text.ptr, text.len, name, why);
}

static int write_message(const struct outdir *o, const char *name, const struct message *m,
	struct fault *why)
{
	AUTO_FD fd = create(o, name, why);
	AUTO_BUF chunk = { 0 };
	uint64_t at = 0;
	size_t got = 1;

	if (fd < 0)
		return -1;
	buf_reserve(&chunk, CHUNK);
	while (got > 0) {
		if (message_read(m, at, chunk.ptr, CHUNK, &got, why) < 0 ||
			io_write_all(fd, chunk.ptr, got, name, why) < 0)
			return -1;
		at += got;
	}
	return 0;
}

static void name_folder(struct buf *out, struct slice folder)
{
	for (size_t i = 0; i < folder.len && out->len < SHOWN_MAX; i++) {
		unsigned char c = (unsigned char)folder.ptr[i];

		if (c == '/' || c == '%' || c < ' ' || c == 0x7f)
			buf_addf(out, "%%%02X", c);
		else
			buf_add_byte(out, (char)c);
	}
}

/* "stored-FOLDER-N.eml" for the next message of that folder. */
static void next_stored(struct outdir *o, struct slice folder, struct buf *out)
{
	AUTO_BUF name = { 0 };
	size_t i = 0;

	name_folder(&name, folder);
	while (i < o->folders.count && strcmp(o->folders.at[i], buf_text(&name)) != 0)
		i++;
	if (i == o->folders.count) {
		strings_add(&o->folders, buf_slice(&name));
		o->counts = mem_grow(o->counts, o->folders.count, sizeof(*o->counts));
		o->counts[i] = 0;
	}
	buf_addf(out, "stored-%s-%" PRIu64 ".eml", buf_text(&name), ++o->counts[i]);
}

static void find_sender(const struct frame *frame, const struct verdict *v, struct buf *out)
{
	if (frame->mail_from_known)
		buf_set(out, buf_slice(&frame->mail_from));
	else
		return_path_read(versions_message(&v->versions, 0)->header, out);
}

static int write_envelope(const struct outdir *o, struct slice from, const char *to,
	struct fault *why)
{
	AUTO_BUF name = { 0 };
	AUTO_BUF text = { 0 };

	buf_addf(&name, "sent-%" PRIu64 ".env", o->sent);
	buf_add_text(&text, "from: ");
	buf_add_slice(&text, from);
	buf_addf(&text, "\nto: %s\n", to);
	return write_text(o, buf_text(&name), buf_slice(&text), why);
}

static int store(struct outdir *o, const struct verdict *v, const struct action *a,
	struct fault *why)
{
	AUTO_BUF name = { 0 };

	next_stored(o, a->target ? slice_text(a->target) : SLICE("INBOX"), &name);
	return write_message(o, buf_text(&name), versions_message(&v->versions, a->version), why);
}

static int send_on(struct outdir *o, const struct verdict *v, const struct action *a,
	const struct frame *frame, struct fault *why)
{
	AUTO_BUF name = { 0 };
	AUTO_BUF sender = { 0 };

	find_sender(frame, v, &sender);
	buf_addf(&name, "sent-%" PRIu64 ".eml", ++o->sent);
	if (write_message(o, buf_text(&name), versions_message(&v->versions, a->version), why) < 0)
		return -1;
	return write_envelope(o, buf_slice(&sender), a->target, why);
}

/* A vacation reply or a notification: the action has all of it. */
static int send_text(struct outdir *o, const struct action *a, struct fault *why)
{
	AUTO_BUF name = { 0 };

	buf_addf(&name, "sent-%" PRIu64 ".eml", ++o->sent);
	if (write_text(o, buf_text(&name), slice_text(a->text), why) < 0 ||
		write_envelope(o, slice_text(a->from), a->target, why) < 0)
		return -1;
	if (!a->fcc)
		return 0;
	buf_clear(&name);
	next_stored(o, slice_text(a->fcc), &name);
	return write_text(o, buf_text(&name), slice_text(a->text), why);
}

/*
 * What mr-deliver does with it: the sender is told when that may be, else it goes to the inbox,
 * as mail that was fetched does.
 */
static int refuse(struct outdir *o, const struct verdict *v, const struct action *a,
	const struct frame *frame, struct fault *why)
{
	const struct slice header = versions_message(&v->versions, 0)->header;
	AUTO_BUF name = { 0 };
	AUTO_BUF sender = { 0 };
	AUTO_BUF text = { 0 };
	struct report report = { .delivery = a->kind == ACTION_EREJECT, .header = header,
		.reason = slice_text(a->text), .id = "mr.explain", .host = o->host, .now = o->now,
		.recipient = frame->rcpt_to.count > 0 ? slice_text(frame->rcpt_to.at[0])
						      : SLICE("postmaster") };

	find_sender(frame, v, &sender);
	if (frame->id.len > 0 || report_forbidden(buf_slice(&sender), header))
		return store(o, v, a, why);
	report.sender = buf_slice(&sender);
	report_put(&report, &text);
	buf_addf(&name, "sent-%" PRIu64 ".eml", ++o->sent);
	if (write_text(o, buf_text(&name), buf_slice(&text), why) < 0)
		return -1;
	return write_envelope(o, SLICE(""), buf_text(&sender), why);
}

int outdir_write(struct outdir *o, const struct verdict *v, const struct frame *frame,
	struct fault *why)
{
	int result = 0;

	for (size_t i = 0; i < v->count && result == 0; i++) {
		const struct action *a = &v->actions[i];

		if (a->kind == ACTION_KEEP || a->kind == ACTION_FILEINTO)
			result = store(o, v, a, why);
		else if (a->kind == ACTION_REDIRECT)
			result = send_on(o, v, a, frame, why);
		else if (a->kind == ACTION_VACATION || a->kind == ACTION_NOTIFY)
			result = send_text(o, a, why);
		else if (a->kind == ACTION_REJECT || a->kind == ACTION_EREJECT)
			result = refuse(o, v, a, frame, why);
	}
	return result;
}
