/*
 * Which messages are fetched: see choice.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/choice.h"

#include "common/base/calendar.h"
#include "common/base/units.h"
#include "common/base/utf8.h"

enum { DAY = 24 * 60 * 60 };

/* date = 4DIGIT "-" 2DIGIT "-" 2DIGIT */
static bool date_read(struct slice text, int64_t *out)
{
	struct calendar c = { 0 };
	struct slice piece;
	uint64_t year, month, day;

	if (text.len != 10 || !slice_cut(&text, '-', &piece) || !slice_number(piece, &year) ||
		!slice_cut(&text, '-', &piece) || !slice_number(piece, &month) ||
		!slice_number(text, &day))
		return false;
	c.year = (int64_t)year;
	c.month = (int)month;
	c.day = (int)day;
	return calendar_join(&c, out);
}

bool choice_since(const struct choice *c, int64_t now, int64_t *day)
{
	int64_t age;

	if (!c->since)
		return false;
	if (date_read(slice_text(c->since), day))
		return true;
	if (!units_time(slice_text(c->since), &age))
		return false;
	*day = now - age / 1000;
	*day -= *day % DAY;
	return true;
}

/*
 * What goes to the server as it stands must end where it ends: quotes and parentheses are
 * closed, there is no literal and no line end. Only quoted text may be beyond ASCII.
 */
static const char *search_flaw(const char *text)
{
	bool quoted = false;
	int depth = 0;

	if (!utf8_valid(slice_text(text)))
		return "is not written in UTF-8";
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return "holds a control character";
		if (*c == '"')
			quoted = !quoted;
		else if (quoted && *c == '\\' && (c[1] == '"' || c[1] == '\\'))
			c++;
		else if (quoted)
			continue;
		else if (*c == '{')
			return "holds a literal";
		else if ((unsigned char)*c >= 0x80)
			return "holds letters beyond ASCII that are not in quotes";
		else if (*c == '(')
			depth++;
		else if (*c == ')' && --depth < 0)
			return "closes a parenthesis that it did not open";
	}
	if (quoted || depth)
		return quoted ? "does not close its quotes" : "does not close a parenthesis";
	return slice_trim(slice_text(text)).len ? NULL : "is empty";
}

int choice_check(const struct choice *c, bool imap, struct fault *why)
{
	const char *flaw = c->search ? search_flaw(c->search) : NULL;
	const char *only = c->search ? "search" : c->unseen ? "unseen" : c->since ? "since" : NULL;
	int64_t day;

	if (!imap && only)
		return fault_set(why, FAULT_CONFIG, "%s is for IMAP: remove it", only);
	if (flaw)
		return fault_set(why, FAULT_CONFIG, "search %s", flaw);
	if (c->since && !choice_since(c, 0, &day))
		return fault_set(why, FAULT_CONFIG,
			"since = \"%s\" is no day (2026-01-31) and no age (30d)", c->since);
	return 0;
}

bool choice_is_partial(const struct choice *c)
{
	return c->since || c->newest || c->first == CHOICE_NOW || c->max_size;
}

/* FNV-1a, 64 bits. */
static uint64_t digest(uint64_t so_far, const char *name, const char *value)
{
	const char *const texts[] = { name, value };

	for (size_t i = 0; i < 2; i++) {
		/* The NUL behind it, too: two texts are never another two. */
		for (size_t k = 0; k <= strlen(texts[i]); k++)
			so_far = (so_far ^ (unsigned char)texts[i][k]) * 1099511628211u;
	}
	return so_far;
}

uint64_t choice_digest(const struct choice *c, bool keep)
{
	uint64_t sum = digest(14695981039346656037u, "keep", keep ? "1" : "0");
	AUTO_BUF newest = { 0 };
	AUTO_BUF size = { 0 };

	if (c->search)
		sum = digest(sum, "search", c->search);
	if (c->unseen)
		sum = digest(sum, "unseen", "1");
	if (c->since)
		sum = digest(sum, "since", c->since);
	if (c->first != CHOICE_ALL)
		sum = digest(sum, "first", "now");
	buf_addf(&newest, "%ld", c->newest);
	if (c->newest)
		sum = digest(sum, "newest", buf_text(&newest));
	buf_addf(&size, "%llu", (unsigned long long)c->max_size);
	if (c->max_size)
		sum = digest(sum, "max-size", buf_text(&size));
	if (c->oversize != CHOICE_SKIP)
		sum = digest(sum, "oversize", c->oversize == CHOICE_HEADER ? "header" : "discard");
	return sum;
}
