/*
 * common/mail/receipt: the lines, and who may take and give them.
 *
 * SPDX-License-Identifier: ISC
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/mail/receipt.h"

static void test_lines(void **state)
{
	AUTO_BUF out = { 0 };

	(void)state;
	receipt_put(&out, RECEIPT_STORED, SLICE("a b%\n"), "not said");
	receipt_put(&out, RECEIPT_DEFERRED, SLICE("c"), "disk is\nfull");
	receipt_put(&out, RECEIPT_REFUSED, SLICE("d"), NULL);
	receipt_put(&out, RECEIPT_STORED, SLICE(""), NULL);
	assert_string_equal(buf_text(&out),
		"stored a%20b%25%0A\ndeferred c disk is%0Afull\nrefused d \n");
}

static const struct {
	const char *line;
	int result;
	enum receipt_verdict verdict;
	const char *id;
	const char *reason;
} rows[] = {
	{ "stored a%20b%25", 0, RECEIPT_STORED, "a b%", "" },
	{ "deferred c disk is%0Afull", 0, RECEIPT_DEFERRED, "c", "disk is\nfull" },
	{ "refused d ", 0, RECEIPT_REFUSED, "d", "" },
	{ "", -1, 0, NULL, NULL },
	{ "stored", -1, 0, NULL, NULL },
	{ "stored ", -1, 0, NULL, NULL },
	{ "stored a b", -1, 0, NULL, NULL },
	{ "stored a ", -1, 0, NULL, NULL },
	{ "deferred a", -1, 0, NULL, NULL },
	{ "Stored a", -1, 0, NULL, NULL },
	{ "store a", -1, 0, NULL, NULL },
	{ "stored a%", -1, 0, NULL, NULL },
	{ "stored %00", -1, 0, NULL, NULL },
	{ "stored a\r", -1, 0, NULL, NULL },
	{ "refused a b%zz", -1, 0, NULL, NULL },
	{ "nonce 0123456789abcdef", -1, 0, NULL, NULL },
};

static void test_reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_BUF id = { 0 };
		AUTO_BUF reason = { 0 };
		struct fault why = { 0 };
		enum receipt_verdict verdict = RECEIPT_STORED;
		int result = receipt_read(slice_text(rows[i].line), &verdict, &id, &reason, &why);

		if (result != rows[i].result)
			fail_msg("%s: %d %s", rows[i].line, result, why.text);
		if (result < 0) {
			assert_int_equal(why.kind, FAULT_PROTOCOL);
			continue;
		}
		assert_int_equal(verdict, rows[i].verdict);
		assert_string_equal(buf_text(&id), rows[i].id);
		assert_string_equal(buf_text(&reason), rows[i].reason);
	}
}

static void test_long_id(void **state)
{
	AUTO_BUF line = { 0 };
	AUTO_BUF id = { 0 };
	AUTO_BUF reason = { 0 };
	AUTO_BUF long_reason = { 0 };
	enum receipt_verdict verdict;
	struct fault why;

	(void)state;
	for (size_t i = 0; i < STREAM_ID_MAX; i++)
		buf_add_byte(&id, '\n');
	for (size_t i = 0; i < 100000; i++)
		buf_add_byte(&long_reason, '\n');
	receipt_put(&line, RECEIPT_REFUSED, buf_slice(&id), buf_text(&long_reason));
	assert_true(line.len < RECEIPT_LINE_MAX);
	buf_cut(&line, line.len - 1);
	assert_int_equal(receipt_read(buf_slice(&line), &verdict, &id, &reason, &why), 0);
	assert_int_equal(id.len, STREAM_ID_MAX);
	assert_int_equal(reason.len, RECEIPT_REASON_MAX);
}

/* ---- sockets, in a private runtime directory ---- */

struct place {
	char root[64];
};

static int make_place(void **state)
{
	struct place *place = mem_zero(1, sizeof(*place));

	snprintf(place->root, sizeof(place->root), "/tmp/mr-receipt.XXXXXX");
	assert_non_null(mkdtemp(place->root));
	setenv("XDG_RUNTIME_DIR", place->root, 1);
	signal(SIGPIPE, SIG_IGN);
	*state = place;
	return 0;
}

static void remove_tree(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		AUTO_BUF inner = { 0 };

		if (entry->d_name[0] == '.' && (!entry->d_name[1] || entry->d_name[1] == '.'))
			continue;
		buf_addf(&inner, "%s/%s", path, entry->d_name);
		if (unlink(inner.ptr) < 0)
			remove_tree(inner.ptr);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static int remove_place(void **state)
{
	remove_tree(((struct place *)*state)->root);
	free(*state);
	return 0;
}

static size_t count_sockets(const struct receipt_listener *l)
{
	DIR *dir = fdopendir(openat(l->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += entry->d_type == DT_SOCK;
	closedir(dir);
	return count;
}

static void announce(const struct receipt_listener *l, struct preamble *p)
{
	struct fault why;
	struct stream_event event;
	struct stream_parser *parser = stream_parser_new();
	struct preamble said = { 0 };
	AUTO_BUF text = { 0 };
	struct slice in;

	/* Through the stream, as in life. */
	receipt_announce(l, &said);
	stream_put_preamble(&text, &said);
	in = buf_slice(&text);
	assert_int_equal(stream_next(parser, &in, &event, &why), 0);
	p->way = event.preamble->way;
	buf_set(&p->path, buf_slice(&event.preamble->path));
	buf_set(&p->nonce, buf_slice(&event.preamble->nonce));
	stream_parser_free(parser);
	preamble_clear(&said);
}

static void test_handshake(void **state)
{
	AUTO_RECEIPT_LISTENER l = RECEIPT_LISTENER_NONE;
	struct preamble p = { 0 };
	AUTO_FD giver = -1;
	AUTO_FD taker = -1;
	struct fault why;
	char got[16];
	struct stat st;

	(void)state;
	assert_int_equal(receipt_listen(&l, &why), 0);
	assert_int_equal(receipt_accept(&l, &taker, &why), 0);
	announce(&l, &p);
	assert_int_equal(stat(p.path.ptr, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(fstat(l.dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(receipt_connect(&p, &giver, &why), 0);
	/* Right behind the hello, before anybody accepted. */
	assert_int_equal(write(giver, "stored a\n", 9), 9);
	assert_int_equal(receipt_accept(&l, &taker, &why), 1);
	assert_int_equal(l.fd, -1);
	assert_int_equal(stat(p.path.ptr, &st), -1);
	assert_int_equal(read(taker, got, sizeof(got)), 9);
	assert_memory_equal(got, "stored a\n", 9);
	assert_int_equal(read(taker, got, sizeof(got)), -1); /* non-blocking */
	io_close_at(&giver);
	assert_int_equal(read(taker, got, sizeof(got)), 0);
	assert_int_equal(receipt_connect(&p, &giver, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	preamble_clear(&p);
}

static void test_strangers(void **state)
{
	AUTO_RECEIPT_LISTENER l = RECEIPT_LISTENER_NONE;
	struct preamble p = { 0 };
	AUTO_FD wrong = -1;
	AUTO_FD silent = -1;
	AUTO_FD giver = -1;
	AUTO_FD taker = -1;
	struct fault why;
	int64_t before;
	char kept;

	(void)state;
	assert_int_equal(receipt_listen(&l, &why), 0);
	announce(&l, &p);
	kept = p.nonce.ptr[31];
	p.nonce.ptr[31] = '!';
	assert_int_equal(receipt_connect(&p, &wrong, &why), 0);
	assert_int_equal(receipt_accept(&l, &taker, &why), 0);
	assert_int_equal(taker, -1);

	p.nonce.len = 0;
	assert_int_equal(receipt_connect(&p, &silent, &why), 0);
	before = clock_tick();
	assert_int_equal(receipt_accept(&l, &taker, &why), 0);
	assert_in_range(clock_tick() - before, 900, 20000);

	p.nonce.len = 32;
	p.nonce.ptr[31] = kept;
	assert_int_equal(receipt_connect(&p, &giver, &why), 0);
	assert_int_equal(receipt_accept(&l, &taker, &why), 1);
	preamble_clear(&p);
}

static void test_dead_sockets_go(void **state)
{
	AUTO_RECEIPT_LISTENER alive = RECEIPT_LISTENER_NONE;
	AUTO_RECEIPT_LISTENER dead = RECEIPT_LISTENER_NONE;
	AUTO_RECEIPT_LISTENER next = RECEIPT_LISTENER_NONE;
	AUTO_FD peer = -1;
	struct fault why;

	(void)state;
	assert_int_equal(receipt_listen(&alive, &why), 0);
	assert_int_equal(receipt_listen(&dead, &why), 0);
	assert_int_equal(count_sockets(&alive), 2);
	io_close_at(&dead.fd); /* as a killed program leaves it */
	assert_int_equal(receipt_listen(&next, &why), 0);
	assert_int_equal(count_sockets(&alive), 2);
	assert_int_equal(faccessat(alive.dir, alive.name, F_OK, 0), 0);
	assert_int_equal(faccessat(alive.dir, dead.name, F_OK, 0), -1);
	/* What looked whether it lives is no peer. */
	assert_int_equal(receipt_accept(&alive, &peer, &why), 0);
	receipt_listener_close(&alive);
	receipt_listener_close(&next);
	assert_int_equal(count_sockets(&dead), 0);
}

/* So many wait to be accepted that one more cannot connect: alive all the same. */
static void test_busy_socket_stays(void **state)
{
	AUTO_RECEIPT_LISTENER busy = RECEIPT_LISTENER_NONE;
	AUTO_RECEIPT_LISTENER next = RECEIPT_LISTENER_NONE;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int waiting[32];
	struct fault why;

	(void)state;
	assert_int_equal(receipt_listen(&busy, &why), 0);
	memcpy(address.sun_path, busy.path.ptr, busy.path.len);
	for (int i = 0; i < 32; i++) {
		waiting[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (connect(waiting[i], (struct sockaddr *)&address, sizeof(address)) < 0)
			assert_int_equal(errno, EAGAIN);
		else
			assert_true(i < 31);
	}
	assert_int_equal(receipt_listen(&next, &why), 0);
	assert_int_equal(faccessat(busy.dir, busy.name, F_OK, 0), 0);
	for (int i = 0; i < 32; i++)
		close(waiting[i]);
}

static void test_long_path(void **state)
{
	struct place *place = *state;
	AUTO_RECEIPT_LISTENER l = RECEIPT_LISTENER_NONE;
	AUTO_BUF path = { 0 };
	struct preamble p = { 0 };
	AUTO_FD giver = -1;
	AUTO_FD taker = -1;
	struct fault why;

	buf_add_text(&path, place->root);
	for (int i = 0; i < 5; i++) {
		buf_addf(&path, "/%s", "a-name-that-is-rather-long-with a blank");
		assert_int_equal(mkdir(path.ptr, 0700), 0);
	}
	setenv("XDG_RUNTIME_DIR", path.ptr, 1);
	assert_int_equal(receipt_listen(&l, &why), 0);
	announce(&l, &p);
	assert_true(p.path.len > 200);
	assert_int_equal(receipt_connect(&p, &giver, &why), 0);
	assert_int_equal(receipt_accept(&l, &taker, &why), 1);
	preamble_clear(&p);
}

static void test_no_safe_place(void **state)
{
	struct place *place = *state;
	AUTO_RECEIPT_LISTENER l = RECEIPT_LISTENER_NONE;
	AUTO_BUF path = { 0 };
	struct fault why;

	buf_addf(&path, "%s/mailrail", place->root);
	assert_int_equal(mkdir(path.ptr, 0700), 0);
	assert_int_equal(chmod(path.ptr, 0777), 0);
	assert_int_equal(receipt_listen(&l, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_int_equal(l.fd, -1);
}

/* As su leaves it: the runtime directory of somebody else, where we may write all the same. */
static void test_other_users_runtime(void **state)
{
	struct place *place = *state;
	AUTO_RECEIPT_LISTENER l = RECEIPT_LISTENER_NONE;
	AUTO_BUF foreign = { 0 };
	struct fault why;

	buf_addf(&foreign, "%s/foreign", place->root);
	assert_int_equal(mkdir(foreign.ptr, 0700), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(foreign.ptr, 1, 1), 0);
	setenv("XDG_RUNTIME_DIR", geteuid() == 0 ? foreign.ptr : "/tmp", 1);
	setenv("XDG_STATE_HOME", place->root, 1);
	assert_int_equal(receipt_listen(&l, &why), 0);
	assert_true(slice_starts(buf_slice(&l.path), place->root));
	assert_true(slice_find(buf_slice(&l.path), SLICE("/mailrail/run/")) > 0);
	assert_true(slice_find(buf_slice(&l.path), SLICE("/foreign/")) < 0);
	unsetenv("XDG_STATE_HOME");
}

static void test_other_ways(void **state)
{
	struct preamble p = { .way = RECEIPTS_NONE };
	struct fault why;
	int fd = 7;

	(void)state;
	assert_int_equal(receipt_connect(&p, &fd, &why), 0);
	assert_int_equal(fd, -1);
	p.way = RECEIPTS_STDOUT;
	assert_int_equal(receipt_connect(&p, &fd, &why), 0);
	assert_true(fd > 2);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_long_id),
		cmocka_unit_test_setup_teardown(test_handshake, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_strangers, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_dead_sockets_go, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_busy_socket_stays, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_long_path, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_no_safe_place, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_other_users_runtime, make_place,
			remove_place),
		cmocka_unit_test(test_other_ways),
	};

	return cmocka_run_group_tests_name("receipt", tests, NULL, NULL);
}
