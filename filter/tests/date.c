/*
 * date and currentdate (RFC 5260 sections 4 and 5): a part of the date in a field, or of
 * the run's clock.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/date.h"
#include "filter/language/complaint.h"
#include "filter/keys.h"
#include "filter/tests/date_parts.h"
#include "filter/tests/fields.h"
#include "filter/tests/test.h"

enum { TAG_ZONE, TAG_ORIGINALZONE };

static const struct tag date_tags[] = {
	[TAG_ZONE] = { "zone", 0, 1, VALUE_STRING },
	[TAG_ORIGINALZONE] = { "originalzone", 0, 1, VALUE_NONE },
	{ NULL, 0, 0, VALUE_NONE },
};

static const struct tag current_tags[] = {
	[TAG_ZONE] = { "zone", 0, 1, VALUE_STRING },
	{ NULL, 0, 0, VALUE_NONE },
};

#define PARTS "expected year, month, day, date, julian, hour, minute, second, time, " \
	"iso8601, std11, zone or weekday"

static int check_part(struct checker *checker, const struct node *node,
	const struct template *part)
{
	const struct template *zone = NULL;
	int minutes;

	if (part->constant && date_part(part->text) < 0)
		return checker_complain_at(checker, part,
			"unknown part of a date \"%.*s\", " PARTS,
			SLICE_ARG(slice_first(part->text, 40)));
	if (node->tags & 1U << TAG_ZONE)
		zone = node->tag_values[TAG_ZONE].strings.at;
	if (zone && zone->constant && !date_zone(zone->text, &minutes))
		return checker_complain_at(checker, zone,
			"\"%.*s\" is no time zone, expected \"+hhmm\" or \"-hhmm\"",
			SLICE_ARG(slice_first(zone->text, 40)));
	return 0;
}

static int check_date(struct checker *checker, struct node *node)
{
	/* Section 4: of several fields only the first. */
	if (node->index.number == 0)
		node->index.number = 1;
	return check_part(checker, node, node->strings[1].at);
}

static int check_current(struct checker *checker, struct node *node)
{
	return check_part(checker, node, node->strings[0].at);
}

struct looking {
	struct keys *keys;
	int part;
	enum { ZONE_LOCAL, ZONE_ORIGINAL, ZONE_GIVEN } kind;
	int given;
};

static int try_time(struct looking *l, int64_t when, int original)
{
	AUTO_BUF value = { 0 };
	int zone = l->kind == ZONE_GIVEN            ? l->given :
			l->kind == ZONE_ORIGINAL ? original :
						   date_local_zone(when);

	date_part_put(&value, l->part, when, zone);
	return keys_try(l->keys, buf_slice(&value));
}

/* LIMIT: semicolons behind which a date is looked for. */
enum { SEMICOLONS_MAX = 8 };

/*
 * The date is the whole value, or what stands behind a semicolon, the last such: one in the
 * comment behind a date has none behind it.
 */
static bool find_date(struct slice value, int64_t *when, int *zone)
{
	size_t at = value.len;

	for (int tries = 0; tries < SEMICOLONS_MAX; tries++) {
		while (at > 0 && value.ptr[at - 1] != ';')
			at--;
		if (at == 0)
			break;
		if (date_read_header(slice_from(value, at), when, zone))
			return true;
		at--;
	}
	return date_read_header(value, when, zone);
}

static int try_field(struct message *message, size_t field, void *context)
{
	AUTO_BUF value = { 0 };
	int64_t when;
	int zone;

	message_raw_value(message, field, &value);
	if (!find_date(buf_slice(&value), &when, &zone))
		return 0;
	return try_time(context, when, zone);
}

/* What the arguments say that may hold variables. */
static int read_arguments(struct run *run, const struct node *node,
	const struct template *part_name, struct looking *out)
{
	AUTO_BUF room = { 0 };
	struct slice text;

	if (run_expand(run, part_name, &room, &text) < 0)
		return -1;
	out->part = date_part(text);
	if (out->part < 0)
		return run_fail(run, "unknown part of a date \"%.*s\"",
			SLICE_ARG(slice_first(text, 40)));
	if (!(node->tags & 1U << TAG_ZONE))
		return 0;
	out->kind = ZONE_GIVEN;
	if (run_expand(run, node->tag_values[TAG_ZONE].strings.at, &room, &text) < 0)
		return -1;
	if (!date_zone(text, &out->given))
		return run_fail(run, "\"%.*s\" is no time zone, expected \"+hhmm\" or \"-hhmm\"",
			SLICE_ARG(slice_first(text, 40)));
	return 0;
}

static int test_field_date(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	AUTO_BUF room = { 0 };
	struct looking l = { .keys = &keys };
	struct slice name;
	int got;

	if (node->tags & 1U << TAG_ORIGINALZONE)
		l.kind = ZONE_ORIGINAL;
	if (read_arguments(run, node, node->strings[1].at, &l) < 0 ||
		run_expand(run, node->strings[0].at, &room, &name) < 0 ||
		keys_start(&keys, run, node, &node->strings[2]) < 0)
		return -1;
	got = fields_each_named(run, node, name, try_field, &l);
	return got != 0 ? got : keys_finish(&keys);
}

static int test_current(struct run *run, const struct node *node)
{
	AUTO_KEYS keys = { 0 };
	struct looking l = { .keys = &keys };
	int got;

	if (read_arguments(run, node, node->strings[0].at, &l) < 0 ||
		keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	got = try_time(&l, run->now, 0);
	return got != 0 ? got : keys_finish(&keys);
}

const struct word test_date = {
	.name = "date",
	.capability = CAPABILITY_DATE,
	.uses = USES_MATCH | USES_LIST | USES_INDEX,
	.tags = date_tags,
	.positions = "ssS",
	.check = check_date,
	.test = test_field_date,
};

const struct word test_currentdate = {
	.name = "currentdate",
	.capability = CAPABILITY_DATE,
	.uses = USES_MATCH | USES_LIST,
	.tags = current_tags,
	.positions = "sS",
	.check = check_current,
	.test = test_current,
};
