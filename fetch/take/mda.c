/*
 * A program for each message: see mda.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/take/mda.h"

#include <errno.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/clock.h"
#include "common/base/pipeline.h"
#include "common/base/words.h"
#include "common/mail/taker.h"

/* LIMIT: for one message; mr-fetch waits a quarter of an hour for a receipt. */
enum { MDA_MS = 10 * 60 * 1000 };

static const char null_sender[] = "MAILER-DAEMON";

struct mda {
	struct strings words;
};

static bool names_recipient(const struct strings *words)
{
	for (size_t i = 0; i < words->count; i++) {
		for (const char *c = strchr(words->at[i], '%'); c; c = strchr(c, '%')) {
			if (c[1] == 'T')
				return true;
			c += c[1] == '%' ? 2 : 1;
		}
	}
	return false;
}

int mda_check(const char *command, struct fault *why)
{
	struct strings *programs;
	size_t count;

	if (words_pipeline(command, &programs, &count, why) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		strings_free(&programs[i]);
	free(programs);
	if (count != 1)
		return fault_set(why, FAULT_USAGE, "one program takes the message, not a pipe: %s",
			command);
	return pipeline_check(command, why);
}

/* One word with %T, %F and %% replaced: a value becomes nothing but a part of this word. */
static void expand(const char *word, const char *sender, const char *recipient,
	struct buf *out)
{
	for (const char *c = word; *c; c++) {
		if (*c != '%' || !strchr("TF%", c[1]) || !c[1]) {
			buf_add_byte(out, *c);
			continue;
		}
		c++;
		buf_add_text(out, *c == 'T' ? recipient : *c == 'F' ? sender : "%");
	}
}

/* RFC 5321 allows an address that begins with a dash; a program would take it for an option. */
static int fill_words(const struct mda *mda, const char *sender, const char *recipient,
	struct strings *out, struct fault *why)
{
	if (!*sender || *sender == '-')
		sender = null_sender;
	for (size_t i = 0; i < mda->words.count; i++) {
		AUTO_BUF word = { 0 };

		expand(mda->words.at[i], sender, recipient, &word);
		if (word.len && word.ptr[0] == '-' && mda->words.at[i][0] != '-')
			return fault_set(why, FAULT_DATA,
				"recipient %s: begins with a dash, as options do", recipient);
		strings_give(out, buf_give(&word));
	}
	return 0;
}

static enum receipt_verdict verdict_of(int status)
{
	switch (status) {
	case 0:
		return RECEIPT_STORED;
	case 64:
	case 65:
	case 67:
	case 68:
	case 69:
	case 70:
	case 76:
	case 77:
	case 100: /* qmail */
		return RECEIPT_REFUSED;
	default:
		return RECEIPT_DEFERRED;
	}
}

static int run_for(const struct mda *mda, const struct taker_message *m, const char *recipient,
	int *status, struct fault *why)
{
	AUTO_STRINGS words = { 0 };
	struct child_plan plan = { .in = m->fd, .out = STDERR_FILENO, .err = CHILD_INHERIT,
		.own_group = true };
	struct child child = CHILD_NONE;

	if (fill_words(mda, m->sender, recipient, &words, why) < 0)
		return -1;
	if (lseek(m->fd, 0, SEEK_SET) < 0)
		return fault_set(why, FAULT_TEMP, "read the message: %s", strerror(errno));
	plan.argv = words.at;
	if (child_start(&plan, &child, why) < 0)
		return -1;
	return child_wait(&child, clock_deadline(MDA_MS), status, why);
}

static void take(void *arg, const struct taker_message *m, struct taker_result *results)
{
	const struct mda *mda = arg;

	for (size_t i = 0; i < m->to.count; i++) {
		struct taker_result *r = &results[i];
		int status = 0;

		if (run_for(mda, m, m->to.at[i], &status, &r->why) < 0) {
			r->verdict = r->why.kind == FAULT_DATA ? RECEIPT_REFUSED : RECEIPT_DEFERRED;
			continue;
		}
		r->verdict = verdict_of(status);
		if (status > 128)
			fault_set(&r->why, FAULT_TEMP, "%s: ended by signal %d", mda->words.at[0],
				status - 128);
		else if (status)
			fault_set(&r->why, FAULT_TEMP, "%s: exit status %d", mda->words.at[0],
				status);
	}
}

int mda_take(const char *command, const char *recipient, struct fault *why)
{
	struct mda mda = { 0 };
	const struct taker taker = { .target = command, .recipient = recipient, .take = take,
		.arg = &mda };
	struct taker own = taker;
	int result;

	if (words_split(command, &mda.words, why) < 0)
		return -1;
	own.whole = !names_recipient(&mda.words);
	result = taker_run(&own, STDIN_FILENO, why);
	strings_free(&mda.words);
	return result;
}
