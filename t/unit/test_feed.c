/*
 * fetch/hand/feed: programs start with the first message, and a giver of receipts that falls
 * silent is not waited for without end.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "fetch/source.h"

static int64_t now = 1000000;

/* The linker puts it in the place of clock_tick (see meson.build). */
int64_t __wrap_clock_tick(void);
int64_t __wrap_clock_tick(void)
{
	return now;
}

static void receipt(struct source *s, uint64_t key, enum receipt_verdict verdict)
{
	(void)s;
	(void)key;
	(void)verdict;
}

static const struct source_ops ops = { .receipt = receipt };

/* Both ends of what would be programs. */
struct programs {
	int in[2], out[2];
	int starts;
	bool missing;
};

static int start(void *arg, int *out, int *in, struct fault *why)
{
	struct programs *p = arg;

	p->starts++;
	if (p->missing)
		return fault_set(why, FAULT_CONFIG, "run it: there is none");
	assert_int_equal(pipe(p->in), 0);
	assert_int_equal(pipe(p->out), 0);
	*out = p->in[1];
	*in = p->out[0];
	return 0;
}

static void feed_one(struct feed *f, struct source *s)
{
	AUTO_FRAME frame = { 0 };

	buf_add_text(&frame.id, "imap/h/u/INBOX/1/1");
	assert_true(feed_ready(f));
	feed_begin(f, s, &frame, 1);
	feed_bytes(f, SLICE("Subject: x\n\n"));
	feed_end(f);
}

static void test_no_news(void **state)
{
	struct programs p = { .starts = 0 };
	struct feed *f = feed_open_taker(&(struct feed_taker){ start, &p });

	(void)state;
	feed_finish(f);
	(void)feed_step(f);
	assert_true(feed_is_over(f));
	assert_int_equal(p.starts, 0);
	feed_close(f);
}

static void test_cannot_start(void **state)
{
	struct programs p = { .missing = true };
	struct feed *f = feed_open_taker(&(struct feed_taker){ start, &p });
	struct source s = { .ops = &ops };
	struct fault why;

	(void)state;
	feed_one(f, &s);
	assert_true(feed_is_lost(f));
	assert_true(feed_fault(f, &why));
	assert_int_equal(why.kind, FAULT_CONFIG);
	assert_int_equal(s.open, 0);
	feed_finish(f);
	(void)feed_step(f);
	assert_true(feed_is_over(f));
	feed_close(f);
}

/* What the other side does before it falls silent, and whether it was its turn. */
static const struct {
	const char *label;
	bool flush, answer, finish;
	bool lost;
} rows[] = {
	{ "not asked for receipts yet: a server may be slow", false, false, false, false },
	{ "asked, and silent", true, false, false, true },
	{ "answered: it is our turn", true, true, false, false },
	{ "the end was told, it does not leave", true, true, true, true },
};

static void test_stall(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct programs p = { .starts = 0 };
		struct feed *f = feed_open_taker(&(struct feed_taker){ start, &p });
		static const struct account account = { .name = (char *)(uintptr_t)"box" };
		struct source s = { .ops = &ops, .account = &account };
		struct fault why;

		feed_one(f, &s);
		if (rows[i].flush)
			feed_flush(f);
		(void)feed_step(f);
		if (rows[i].answer)
			assert_int_equal(write(p.out[1], "stored imap/h/u/INBOX/1/1\n", 26), 26);
		if (rows[i].finish)
			feed_finish(f);
		(void)feed_step(f);
		now += 14 * 60 * 1000;
		(void)feed_wait(f, true);
		assert_false(feed_is_lost(f));
		now += 2 * 60 * 1000;
		(void)feed_wait(f, true);
		if (feed_is_lost(f) != rows[i].lost)
			fail_msg("%s", rows[i].label);
		assert_int_equal(feed_fault(f, &why), rows[i].lost);
		assert_int_equal(s.open, !rows[i].lost && !rows[i].answer);
		feed_close(f);
		io_close_at(&p.in[0]);
		io_close_at(&p.out[1]);
	}
}

/* It takes no byte at all. */
static void test_stuck(void **state)
{
	struct programs p = { .starts = 0 };
	struct feed *f = feed_open_taker(&(struct feed_taker){ start, &p });
	struct source s = { .ops = &ops };
	AUTO_BUF much = { 0 };
	AUTO_FRAME frame = { 0 };

	(void)state;
	buf_add_text(&frame.id, "x");
	for (int i = 0; i < 300000; i++)
		buf_add_byte(&much, 'a');
	feed_begin(f, &s, &frame, 1);
	feed_bytes(f, buf_slice(&much));
	(void)feed_step(f);
	now += 16 * 60 * 1000;
	(void)feed_wait(f, false);
	assert_true(feed_is_lost(f));
	feed_cut(f, &s, "lost");
	feed_close(f);
	io_close_at(&p.in[0]);
	io_close_at(&p.out[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_news),
		cmocka_unit_test(test_cannot_start),
		cmocka_unit_test(test_stall),
		cmocka_unit_test(test_stuck),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
