/*
 * Names of messages in a Maildir: see maildir_name.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/maildir_name.h"

#include <time.h>
#include <unistd.h>

#include "common/base/stage.h"

void maildir_put_name(struct buf *out, const char *host, uint64_t size)
{
	static unsigned long count;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	buf_addf(out, "%lld.M%06ldP%ldQ%luR", (long long)now.tv_sec, now.tv_nsec / 1000,
		(long)getpid(), ++count);
	stage_random_name(out, 10);
	buf_addf(out, ".%s,S=%llu", host, (unsigned long long)size);
}

void maildir_put_letters(struct buf *out, struct slice flags)
{
	static const struct {
		const char *flag;
		char letter;
	} rows[] = {
		{ "\\Draft", 'D' },
		{ "\\Flagged", 'F' },
		{ "$Forwarded", 'P' },
		{ "\\Answered", 'R' },
		{ "\\Seen", 'S' },
		{ "\\Deleted", 'T' },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice rest = flags;
		struct slice one;
		bool found = false;

		while (!found && slice_cut(&rest, ' ', &one))
			found = slice_is_case(one, rows[i].flag);
		if (found)
			buf_add_byte(out, rows[i].letter);
	}
}

bool maildir_same_name(const char *name, const char *base)
{
	size_t len = strcspn(base, ":");

	return strncmp(name, base, len) == 0 && (name[len] == '\0' || name[len] == ':');
}
