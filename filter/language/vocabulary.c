/*
 * The words of the language: see vocabulary.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/vocabulary.h"

#include "filter/commands/command.h"
#include "filter/tests/test.h"

static const struct word *const commands[] = {
	&command_require,
	&command_if,
	&command_elsif,
	&command_else,
	&command_stop,
	&command_keep,
	&command_fileinto,
	&command_redirect,
	&command_discard,
	&command_include,
	&command_return,
	&command_global,
	&command_error,
	&command_vacation,
	&command_notify,
	&command_reject,
	&command_ereject,
	&command_set,
	&command_setflag,
	&command_addflag,
	&command_removeflag,
	&command_foreverypart,
	&command_break,
	&command_extracttext,
	&command_addheader,
	&command_deleteheader,
	&command_execute,
	&command_filter,
	&command_pipe,
	&command_program,
	&command_defer,
	&command_debug_log,
	&command_replace,
	&command_enclose,
	NULL,
};

static const struct word *const tests[] = {
	&test_address,
	&test_allof,
	&test_anyof,
	&test_envelope,
	&test_exists,
	&test_false,
	&test_header,
	&test_not,
	&test_size,
	&test_true,
	&test_string,
	&test_body,
	&test_hasflag,
	&test_ihave,
	&test_environment,
	&test_mailboxexists,
	&test_valid_notify_method,
	&test_notify_method_capability,
	&test_date,
	&test_currentdate,
	&test_duplicate,
	&test_spamtest,
	&test_virustest,
	&test_specialuse_exists,
	&test_valid_ext_list,
	&test_execute,
	&test_filter,
	&test_program,
	&test_raw,
	&test_score,
	&test_weight,
	NULL,
};

static const struct {
	const char *name;
	capability_set bit;
} capabilities[] = {
	{ "fileinto", CAPABILITY_FILEINTO },
	{ "envelope", CAPABILITY_ENVELOPE },
	{ "encoded-character", CAPABILITY_ENCODED_CHARACTER },
	{ "copy", CAPABILITY_COPY },
	{ "variables", CAPABILITY_VARIABLES },
	{ "body", CAPABILITY_BODY },
	{ "relational", CAPABILITY_RELATIONAL },
	{ "imap4flags", CAPABILITY_IMAP4FLAGS },
	{ "mailbox", CAPABILITY_MAILBOX },
	{ "regex", CAPABILITY_REGEX },
	{ "comparator-i;ascii-numeric", CAPABILITY_NUMERIC },
	{ "comparator-i;unicode-casemap", CAPABILITY_CASEMAP_UNICODE },
	{ "comparator-i;octet", CAPABILITY_BASE },
	{ "comparator-i;ascii-casemap", CAPABILITY_BASE },
	{ "index", CAPABILITY_INDEX },
	{ "mime", CAPABILITY_MIME },
	{ "foreverypart", CAPABILITY_FOREVERYPART },
	{ "extracttext", CAPABILITY_EXTRACTTEXT },
	{ "include", CAPABILITY_INCLUDE },
	{ "duplicate", CAPABILITY_DUPLICATE },
	{ "ihave", CAPABILITY_IHAVE },
	{ "environment", CAPABILITY_ENVIRONMENT },
	{ "vnd.dovecot.environment", CAPABILITY_DOVECOT_ENVIRONMENT },
	{ "editheader", CAPABILITY_EDITHEADER },
	{ "replace", CAPABILITY_REPLACE },
	{ "enclose", CAPABILITY_ENCLOSE },
	{ "vacation", CAPABILITY_VACATION },
	/* RFC 6131 section 2: it implies vacation. */
	{ "vacation-seconds", CAPABILITY_VACATION_SECONDS | CAPABILITY_VACATION },
	{ "reject", CAPABILITY_REJECT },
	{ "ereject", CAPABILITY_EREJECT },
	{ "fcc", CAPABILITY_FCC },
	{ "enotify", CAPABILITY_ENOTIFY },
	{ "subaddress", CAPABILITY_SUBADDRESS },
	{ "date", CAPABILITY_DATE },
	{ "extlists", CAPABILITY_EXTLISTS },
	{ "special-use", CAPABILITY_SPECIAL_USE },
	{ "vnd.dovecot.pipe", CAPABILITY_PIPE },
	{ "vnd.dovecot.filter", CAPABILITY_FILTER },
	{ "vnd.dovecot.execute", CAPABILITY_EXECUTE },
	{ "vnd.mailrail.program", CAPABILITY_PROGRAM },
	{ "vnd.mailrail.score", CAPABILITY_SCORE },
	{ "vnd.mailrail.defer", CAPABILITY_DEFER },
	{ "vnd.mailrail.raw", CAPABILITY_RAW },
	{ "vnd.dovecot.debug", CAPABILITY_DEBUG },
	{ "spamtest", CAPABILITY_SPAMTEST },
	{ "spamtestplus", CAPABILITY_SPAMTESTPLUS },
	{ "virustest", CAPABILITY_VIRUSTEST },
	{ NULL, 0 },
};

static const struct word *find_word(const struct word *const *list, struct slice name)
{
	for (; *list; list++) {
		/* Most differ in their first letter. */
		if (name.len > 0 && (name.ptr[0] | 0x20) == (*list)->name[0] &&
			slice_is_case(name, (*list)->name))
			return *list;
	}
	return NULL;
}

const struct word *vocabulary_command(struct slice name)
{
	return find_word(commands, name);
}

const struct word *vocabulary_test(struct slice name)
{
	return find_word(tests, name);
}

capability_set vocabulary_capability(struct slice name)
{
	for (size_t i = 0; capabilities[i].name; i++) {
		if (slice_is(name, capabilities[i].name))
			return capabilities[i].bit;
	}
	return 0;
}

const char *vocabulary_capability_name(capability_set capability)
{
	for (size_t i = 0; capabilities[i].name; i++) {
		if (capabilities[i].bit & capability)
			return capabilities[i].name;
	}
	return "?";
}

/* LIMIT: names that are compared; longer ones are no slip of the finger. */
enum { NEAR_MAX = 32 };

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance: letters to change, add or leave out. */
static size_t distance(struct slice a, const char *name)
{
	struct slice b = slice_text(name);
	size_t row[NEAR_MAX + 1];

	if (a.len > NEAR_MAX || b.len > NEAR_MAX)
		return NEAR_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 0; i < a.len; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b.len; j++) {
			bool same = (a.ptr[i] | 0x20) == (b.ptr[j] | 0x20);
			size_t change = corner + (same ? 0 : 1);

			corner = row[j + 1];
			row[j + 1] = smaller(change, smaller(row[j], corner) + 1);
		}
	}
	return row[b.len];
}

bool vocabulary_is_near(struct slice name, const char *candidate)
{
	return distance(name, candidate) < (name.len > 4 ? 3U : 2U);
}

static void nearer(struct slice name, const char *candidate, const char **best, size_t *least)
{
	size_t far = distance(name, candidate);

	if (far < *least) {
		*least = far;
		*best = candidate;
	}
}

static const char *near_word(const struct word *const *list, struct slice name)
{
	const char *best = NULL;
	size_t least = name.len > 3 ? 3 : 2;

	for (; *list; list++)
		nearer(name, (*list)->name, &best, &least);
	return best;
}

const char *vocabulary_near_command(struct slice name)
{
	return near_word(commands, name);
}

const char *vocabulary_near_test(struct slice name)
{
	return near_word(tests, name);
}

const char *vocabulary_near_capability(struct slice name)
{
	const char *best = NULL;
	size_t least = 3;

	for (size_t i = 0; capabilities[i].name; i++)
		nearer(name, capabilities[i].name, &best, &least);
	return best;
}
