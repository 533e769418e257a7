/*
 * Certificates that end soon: see expiry.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/expiry.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/base/calendar.h"
#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/net/handshake.h"

enum { DAY = 24 * 60 * 60 };

void expiry_words(int64_t ends, int64_t now, struct buf *out)
{
	int64_t days = (ends - now) / DAY;
	struct calendar at;

	calendar_split(ends, &at);
	if (ends <= now)
		buf_add_text(out, "has ended on");
	else if (days == 0)
		buf_add_text(out, "ends within a day, on");
	else
		buf_addf(out, "ends in %lld day%s, on", (long long)days, days == 1 ? "" : "s");
	buf_addf(out, " %04d-%02d-%02d", (int)at.year, at.month, at.day);
}

/* Told within the last day? If not, it is noted as told now. In doubt it is told. */
static bool was_told(const char *note)
{
	struct fault ignored;
	AUTO_FREE char *dir = paths_locks(&ignored);
	AUTO_FD at = dir ? paths_open(dir, 0700, &ignored) : -1;
	AUTO_FD fd = at >= 0 ? openat(at, note, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	int64_t now = clock_wall();
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	/* Empty: made just now. The byte says that it was told at that time. */
	if (st.st_size > 0 && st.st_mtime <= now && now - st.st_mtime < DAY)
		return true;
	(void)!pwrite(fd, "\n", 1, 0);
	return false;
}

void expiry_tell(const struct wire *w, int64_t warn_ms, const char *who, const char *note,
	bool always)
{
	const struct handshake_facts *facts = wire_facts(w);
	int64_t now = clock_wall();
	AUTO_BUF words = { 0 };
	bool told;

	if (!facts || facts->ends == 0 || warn_ms <= 0 || facts->ends - now > warn_ms / 1000)
		return;
	told = was_told(note);
	if (told && !always && !isatty(STDERR_FILENO))
		return;
	expiry_words(facts->ends, now, &words);
	say("%s: the certificate of %s %s", who, wire_name(w), buf_text(&words));
}
