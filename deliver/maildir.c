/*
 * Maildir and Maildir++: a mailbox of files (mailbox.h).
 *
 * A message is written to tmp/, synced, and renamed into new/, or into cur/ when it has
 * flags. One file serves all Maildirs of a message by hard links; each folder has its own
 * tmp/, so that a folder on another disk works as well (there it is copied).
 *
 * Recovery rests on this: from the commit of its intent on, only a rename into place takes
 * a file of ours out of tmp/, and cleaners that follow the specification leave it there
 * for 36 hours.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "deliver/mailbox.h"
#include "deliver/maildir_name.h"
#include "deliver/maildir_recover.h"

enum part { PART_TMP, PART_NEW, PART_CUR, PARTS };

static const char *const part_names[PARTS] = { "tmp", "new", "cur" };

struct maildir {
	struct mailbox box;
	int root;
	int dir[PARTS];
	bool touched[PARTS]; /* to be synced at the end of the batch */
	uint64_t device;
	uint64_t volume;
};

static struct maildir *maildir_of(struct mailbox *box)
{
	return (struct maildir *)box;
}

static uint64_t volume_of(int dir)
{
	struct statfs fs;
	uint64_t volume = 0;

	if (fstatfs(dir, &fs) == 0)
		memcpy(&volume, &fs.f_fsid, sizeof(fs.f_fsid) < 8 ? sizeof(fs.f_fsid) : 8);
	return volume;
}

static void maildir_close(struct mailbox *box)
{
	struct maildir *m = maildir_of(box);

	for (int i = 0; i < PARTS; i++)
		io_close_at(&m->dir[i]);
	io_close_at(&m->root);
	free(box->path);
	free(m);
}

/* tmp/, new/ and cur/, made where they are missing. */
static int open_parts(struct maildir *m, mode_t mode, struct fault *why)
{
	bool made = false;
	struct stat st;

	for (int i = 0; i < PARTS; i++) {
		if (mkdirat(m->root, part_names[i], mode) == 0)
			made = true;
		else if (errno != EEXIST)
			return fault_set(why, FAULT_TEMP, "make %s/%s: %s", m->box.path,
				part_names[i], strerror(errno));
		m->dir[i] = openat(m->root, part_names[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (m->dir[i] < 0 || fstat(m->dir[i], &st) < 0)
			return fault_set(why, FAULT_TEMP, "open %s/%s: %s", m->box.path,
				part_names[i], strerror(errno));
		if (i == PART_TMP)
			m->device = st.st_dev;
		else if (st.st_dev != m->device)
			return fault_set(why, FAULT_TEMP, "%s/%s is on another filesystem than tmp",
				m->box.path, part_names[i]);
	}
	m->volume = volume_of(m->dir[PART_TMP]);
	return made ? io_sync(m->root, m->box.path, why) : 0;
}

/* Maildir++ marks a folder by this empty file: delivery to it does not count as the inbox. */
static int mark_folder(struct maildir *m, struct fault *why)
{
	AUTO_FD fd = -1;

	if (faccessat(m->root, "maildirfolder", F_OK, 0) == 0)
		return 0;
	fd = openat(m->root, "maildirfolder", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		m->box.around->file_mode);
	if (fd < 0)
		return fault_set(why, FAULT_TEMP, "create %s/maildirfolder: %s", m->box.path,
			strerror(errno));
	return io_sync(m->root, m->box.path, why);
}

static int maildir_open(const char *path, bool inbox, const struct surroundings *around,
	struct mailbox **out, struct fault *why)
{
	struct maildir *m = mem_zero(1, sizeof(*m));

	m->box = (struct mailbox){ .ops = &mailbox_maildir, .around = around,
		.path = mem_text(path) };
	for (int i = 0; i < PARTS; i++)
		m->dir[i] = -1;
	m->root = paths_open(path, around->directory_mode, why);
	if (m->root >= 0 && open_parts(m, around->directory_mode, why) == 0 &&
		(inbox || mark_folder(m, why) == 0)) {
		*out = &m->box;
		return 0;
	}
	maildir_close(&m->box);
	return -1;
}

static void new_tmp_name(struct entry *e)
{
	buf_clear(&e->intent.tmp);
	owner_put_tmp_name(e->box->around->owner, e->box->around->host, &e->intent.tmp);
}

static int maildir_begin(struct entry *e, struct fault *why)
{
	struct maildir *m = maildir_of(e->box);

	if (owner_note(e->box->around->owner, e->box->path, why) < 0)
		return -1;
	new_tmp_name(e);
	if (stage_open(m->dir[PART_TMP], buf_text(&e->intent.tmp), e->box->around->file_mode,
		    &e->stage, why) < 0)
		return fault_prefix(why, "%s/tmp", e->box->path);
	return 0;
}

static int maildir_write(struct entry *e, struct slice bytes, struct fault *why)
{
	if (stage_write(&e->stage, bytes.ptr, bytes.len, why) < 0)
		return fault_prefix(why, "%s/tmp", e->box->path);
	return 0;
}

/* Another filesystem: the bytes once more. */
static int copy_bytes(struct entry *e, struct entry *from, struct fault *why)
{
	AUTO_FREE char *piece = mem_get(65536);
	AUTO_FD in = -1;
	ssize_t n;

	if (stage_flush(&from->stage, why) < 0 || maildir_begin(e, why) < 0)
		return -1;
	in = openat(from->stage.dir, from->stage.name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (in < 0)
		return fault_set(why, FAULT_TEMP, "open %s: %s", from->stage.name, strerror(errno));
	while ((n = io_read(in, piece, 65536)) > 0) {
		if (maildir_write(e, slice_of(piece, (size_t)n), why) < 0)
			return -1;
	}
	if (n < 0)
		return fault_set(why, FAULT_TEMP, "read %s: %s", from->stage.name, strerror(errno));
	return 0;
}

static int maildir_copy(struct entry *e, struct entry *from, struct fault *why)
{
	struct maildir *m = maildir_of(e->box);

	if (owner_note(e->box->around->owner, e->box->path, why) < 0)
		return -1;
	new_tmp_name(e);
	if (linkat(from->stage.dir, from->stage.name, m->dir[PART_TMP], buf_text(&e->intent.tmp),
		    0) < 0)
		return copy_bytes(e, from, why);
	e->stage = (struct stage)STAGE_NONE;
	e->stage.dir = m->dir[PART_TMP];
	e->stage.name = mem_text(buf_text(&e->intent.tmp));
	e->stage.size = from->stage.size;
	e->linked = true;
	return 0;
}

static int maildir_finish(struct entry *e, const struct letter *letter, struct fault *why)
{
	AUTO_BUF letters = { 0 };

	maildir_put_name(&e->intent.base, e->box->around->host->name, e->stage.size);
	maildir_put_letters(&letters, letter->flags);
	buf_add_text(&e->intent.place, letters.len > 0 ? "cur" : "new");
	if (letters.len > 0)
		buf_addf(&e->intent.base, ":2,%s", buf_text(&letters));
	if (!e->linked && stage_begin_sync(&e->stage, why) < 0)
		return fault_prefix(why, "%s/tmp", e->box->path);
	return 0;
}

static int maildir_secure(struct entry *e, struct fault *why)
{
	struct maildir *m = maildir_of(e->box);
	struct stat st;

	if (e->linked) {
		if (fstatat(e->stage.dir, e->stage.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return fault_set(why, FAULT_TEMP, "stat %s/tmp/%s: %s", e->box->path,
				e->stage.name, strerror(errno));
	} else if (stage_sync(&e->stage, &st, why) < 0) {
		return fault_prefix(why, "%s/tmp", e->box->path);
	}
	e->intent.device = m->device;
	e->intent.volume = m->volume;
	e->intent.inode = st.st_ino;
	e->intent.size = (uint64_t)st.st_size;
	e->intent.mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	return 0;
}

static enum part part_of(const struct intent *i)
{
	return slice_is(buf_slice(&i->place), "cur") ? PART_CUR : PART_NEW;
}

static int maildir_place(struct entry *e, struct fault *why)
{
	struct maildir *m = maildir_of(e->box);
	enum part part = part_of(&e->intent);

	if (stage_place(&e->stage, m->dir[part], buf_text(&e->intent.base), why) < 0)
		return fault_prefix(why, "%s", e->box->path);
	m->touched[part] = true;
	e->placed = true;
	return 0;
}

static int maildir_settle(struct mailbox *box, struct fault *why)
{
	struct maildir *m = maildir_of(box);

	for (int i = 0; i < PARTS; i++) {
		if (m->touched[i] && io_sync(m->dir[i], part_names[i], why) < 0)
			return fault_prefix(why, "%s", box->path);
	}
	return 0;
}

static void maildir_release(struct mailbox *box)
{
	memset(maildir_of(box)->touched, 0, sizeof(maildir_of(box)->touched));
}

static void maildir_drop(struct entry *e)
{
	stage_drop(&e->stage);
}

static void maildir_leave(struct entry *e)
{
	stage_leave(&e->stage);
}

static void maildir_revoke(struct entry *e)
{
	struct maildir *m = maildir_of(e->box);

	(void)unlinkat(m->dir[part_of(&e->intent)], buf_text(&e->intent.base), 0);
}

const struct mailbox_ops mailbox_maildir = {
	.scheme = "maildir",
	.open = maildir_open,
	.close = maildir_close,
	.begin = maildir_begin,
	.write = maildir_write,
	.copy = maildir_copy,
	.finish = maildir_finish,
	.drop = maildir_drop,
	.secure = maildir_secure,
	.place = maildir_place,
	.settle = maildir_settle,
	.leave = maildir_leave,
	.revoke = maildir_revoke,
	.release = maildir_release,
	.recover = maildir_recover,
	.recover_sync = maildir_recover_sync,
	.sweep = maildir_sweep,
};
