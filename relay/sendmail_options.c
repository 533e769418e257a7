/*
 * sendmail's command line as a table: see sendmail_options.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/sendmail_options.h"

#include <string.h>

/* How an option takes its argument. */
enum takes {
	TAKES_NONE,
	TAKES_ARGUMENT, /* joined, else the next word */
	TAKES_JOINED,   /* joined or none */
};

struct sendmail_row {
	char letter;
	enum takes takes;
	/* What it does; NULL: harmless here, and ignored. `argument` is "" when absent. */
	int (*set)(struct sendmail_options *o, const char *argument, struct fault *why);
};

static int set_from_header(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)argument;
	(void)why;
	o->from_header = true;
	return 0;
}

static int set_ignore_dots(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)argument;
	(void)why;
	o->ignore_dots = true;
	return 0;
}

static int set_verbose(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)argument;
	(void)why;
	o->verbose = true;
	return 0;
}

static int set_sender(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)why;
	o->sender = argument;
	return 0;
}

static int set_name(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)why;
	o->name = argument;
	return 0;
}

/* -oX: only -oi changes what we read; delivery and error modes have one sensible value. */
static int set_option(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)why;
	if (argument[0] == 'i' && argument[1] == '\0')
		o->ignore_dots = true;
	return 0;
}

static int set_aliases(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)argument;
	(void)why;
	o->mode = SENDMAIL_ALIASES;
	return 0;
}

static int set_mode(struct sendmail_options *o, const char *argument, struct fault *why)
{
	static const struct {
		char letter;
		enum sendmail_mode mode;
		const char *refusal;
	} modes[] = {
		{ 'm', SENDMAIL_SUBMIT, NULL },
		{ 'p', SENDMAIL_QUEUE, NULL },
		{ 'i', SENDMAIL_ALIASES, NULL },
		{ 's', 0, "there is no SMTP on standard input: give the message and its "
			  "recipients (-t, or as arguments)" },
		{ 'd', 0, "there is no daemon: mr-relay run sends what is queued" },
		{ 'D', 0, "there is no daemon: mr-relay run sends what is queued" },
		{ 'v', 0, "addresses are verified by the smart host only" },
		{ 't', 0, "there are no rewriting rules to test" },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (argument[0] != modes[i].letter || argument[1] != '\0')
			continue;
		if (modes[i].refusal)
			return fault_set(why, FAULT_USAGE, "-b%s: %s", argument, modes[i].refusal);
		o->mode = modes[i].mode;
		return 0;
	}
	return fault_set(why, FAULT_USAGE, "-b%.20s: unknown mode", argument);
}

/* -q, -qI ID, -qR SITE, -qS SITE: one run of all; a number would be a daemon's interval. */
static int set_queue_run(struct sendmail_options *o, const char *argument, struct fault *why)
{
	if (argument[0] >= '0' && argument[0] <= '9')
		return fault_set(why, FAULT_USAGE,
			"-q%.20s: there is no daemon: call mr-relay run by cron", argument);
	o->mode = SENDMAIL_RUN;
	return 0;
}

/* Another configuration than the caller thinks of would be worse than none. */
static int refuse_config(struct sendmail_options *o, const char *argument, struct fault *why)
{
	(void)o;
	(void)argument;
	return fault_set(why, FAULT_USAGE,
		"-C: not under this name; mr-relay -c FILE names the configuration");
}

static const struct sendmail_row rows[] = {
	{ 't', TAKES_NONE, set_from_header },
	{ 'i', TAKES_NONE, set_ignore_dots },
	{ 'f', TAKES_ARGUMENT, set_sender },
	{ 'r', TAKES_ARGUMENT, set_sender },
	{ 'F', TAKES_ARGUMENT, set_name },
	{ 'b', TAKES_ARGUMENT, set_mode },
	{ 'o', TAKES_ARGUMENT, set_option },
	{ 'q', TAKES_JOINED, set_queue_run },
	{ 'v', TAKES_NONE, set_verbose },
	{ 'I', TAKES_NONE, set_aliases },
	{ 'C', TAKES_ARGUMENT, refuse_config },
	{ 'A', TAKES_ARGUMENT, NULL }, /* -Ac, -Am: which sendmail.cf */
	{ 'B', TAKES_ARGUMENT, NULL }, /* body type: we look at the body */
	{ 'E', TAKES_NONE, NULL },
	{ 'G', TAKES_NONE, NULL },     /* a gateway submits */
	{ 'J', TAKES_NONE, NULL },
	{ 'L', TAKES_ARGUMENT, NULL }, /* syslog tag */
	{ 'M', TAKES_ARGUMENT, NULL },
	{ 'N', TAKES_ARGUMENT, NULL }, /* DSN conditions */
	{ 'O', TAKES_ARGUMENT, NULL }, /* long options of sendmail.cf */
	{ 'R', TAKES_ARGUMENT, NULL }, /* what a DSN returns */
	{ 'U', TAKES_NONE, NULL },
	{ 'V', TAKES_ARGUMENT, NULL }, /* envelope id */
	{ 'X', TAKES_ARGUMENT, NULL }, /* a traffic log: no file is ever opened for it */
	{ 'd', TAKES_JOINED, NULL },
	{ 'e', TAKES_JOINED, NULL },   /* -em and so on: old spelling of -oem */
	{ 'h', TAKES_ARGUMENT, NULL }, /* hop count */
	{ 'm', TAKES_NONE, NULL },
	{ 'n', TAKES_NONE, NULL },     /* no aliasing */
	{ 'p', TAKES_ARGUMENT, NULL }, /* protocol and host it came from */
	{ 's', TAKES_NONE, NULL },
	{ 'x', TAKES_NONE, NULL },
};

static const struct sendmail_row *find_row(char letter)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].letter == letter)
			return &rows[i];
	}
	return NULL;
}

static int unknown_option(char letter, struct fault *why)
{
	if (letter > ' ' && letter <= '~')
		return fault_set(why, FAULT_USAGE, "unknown option -%c", letter);
	return fault_set(why, FAULT_USAGE, "unknown option -\\x%02x", (unsigned char)letter);
}

/* One word that begins with "-": its letters, the last of which may take an argument. */
static int read_word(char ***at, char **end, struct sendmail_options *o, struct fault *why)
{
	for (const char *letter = **at + 1; *letter; letter++) {
		const struct sendmail_row *row = find_row(*letter);
		const char *argument = letter + 1;

		if (!row)
			return unknown_option(*letter, why);
		if (row->takes == TAKES_NONE)
			argument = "";
		else if (row->takes == TAKES_ARGUMENT && *argument == '\0') {
			if (*at + 1 == end)
				return fault_set(why, FAULT_USAGE, "-%c needs an argument",
					*letter);
			argument = *++*at;
		}
		if (row->set && row->set(o, argument, why) < 0)
			return -1;
		if (row->takes != TAKES_NONE)
			return 0;
	}
	return 0;
}

int sendmail_options_read(int argc, char **argv, struct sendmail_options *out,
	struct fault *why)
{
	char **at = argv + (argc > 0 ? 1 : 0);
	char **end = argv + argc;
	bool closed = false;

	*out = (struct sendmail_options){ 0 };
	for (; at < end && (*at)[0] == '-' && (*at)[1] != '\0'; at++) {
		if (strcmp(*at, "--") == 0) {
			closed = true;
			at++;
			break;
		}
		if ((*at)[1] == '-')
			return fault_set(why, FAULT_USAGE, "unknown option %.60s", *at);
		if (read_word(&at, end, out, why) < 0)
			return -1;
	}
	out->recipients = at;
	out->count = (int)(end - at);
	for (; at < end; at++) {
		if ((*at)[0] == '-' && !closed)
			return fault_set(why, FAULT_USAGE,
				"%.60s behind a recipient: options come first", *at);
	}
	return 0;
}
