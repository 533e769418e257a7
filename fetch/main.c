/*
 * mr-fetch: takes mail from IMAP and POP3 servers and writes it as a stream.
 *
 *	mr-fetch [-v] [-c FILE] [--again] [--into PIPELINE | ...] [ACCOUNT ...]
 *	mr-fetch [-v] [-c FILE] watch [--into PIPELINE | ...] [ACCOUNT ...]
 *	mr-fetch [-v] [-c FILE] check | folders | mark [ACCOUNT ...]
 *	mr-fetch [-v] [-c FILE] login [--open] [ACCOUNT ...]
 *	mr-fetch [-v] [-c FILE] setup [OPTION ...] ADDRESS
 *	mr-fetch [-v] [-c FILE] state export [ACCOUNT ...] | state import
 *	mr-fetch [-v] [-c FILE] status [--json] [ACCOUNT ...]
 *
 * Contract: what comes out on stdout is a mail stream (mailrail-stream(5)), whole with its
 * last line whatever happens. A message is deleted or remembered at its server only when a
 * receipt says that it is stored. Exit status: 0, 64, 75, 76, 77, 78, the worst of all
 * accounts; one line on stderr for each that is in trouble.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "common/net/wire_trace.h"
#include "fetch/verbs/carry.h"
#include "fetch/verbs/check.h"
#include "fetch/verbs/folders.h"
#include "fetch/verbs/login.h"
#include "fetch/verbs/mark.h"
#include "fetch/verbs/setup.h"
#include "fetch/verbs/status.h"
#include "fetch/run/run.h"
#include "fetch/take/take.h"
#include "fetch/watch/watch.h"

struct wishes {
	const char *config;
	const char *trace;
	struct take_wish take;
	bool again;
	bool open;
	bool json;
	bool verbose;
	bool quiet;
	bool help;
	bool version;
};

static const char usage[] =
	"mr-fetch [-v] [-c FILE] [--trace FILE] [--again] [--into PIPELINE] [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] [--again] --mda COMMAND [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] [--again] --to TARGET [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] [--again] --files DIR [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] watch [--into PIPELINE | ...] [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] check [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] folders [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] login [--open] [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] mark [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] setup [OPTION ...] ADDRESS\n"
	"       mr-fetch [-v] [-c FILE] state export [ACCOUNT ...]\n"
	"       mr-fetch [-v] [-c FILE] state import\n"
	"       mr-fetch [-v] [-c FILE] status [--json] [ACCOUNT ...]";

struct verb {
	const char *name;
	int (*run)(const struct accounts *accounts); /* NULL: it fetches (watch) */
	int (*run_open)(const struct accounts *accounts); /* with --open; NULL: takes none */
	int (*run_json)(const struct accounts *accounts); /* the same for --json */
};

static const struct verb verbs[] = {
	{ "check", check_accounts, NULL, NULL },
	{ "folders", list_folders, NULL, NULL },
	{ "login", login_accounts, login_opening, NULL },
	{ "mark", mark_accounts, NULL, NULL },
	{ "state export", export_state, NULL, NULL },
	{ "state import", import_state, NULL, NULL },
	{ "status", status_accounts, NULL, status_json },
	{ "watch", NULL, NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

/* The first words name it: one, or two ("state export"), which are joined in argv[0]. */
static const struct verb *verb_of(int *argc, char **argv, struct buf *name)
{
	buf_set(name, slice_text(argv[0]));
	if (strcmp(argv[0], "state") == 0 && *argc > 1)
		buf_addf(name, " %s", argv[1]);
	for (const struct verb *v = verbs; v->name; v++) {
		if (strcmp(buf_text(name), v->name) != 0)
			continue;
		if (strchr(v->name, ' ')) {
			memmove(&argv[1], &argv[2], (size_t)(*argc - 1) * sizeof(*argv));
			--*argc;
		}
		return v;
	}
	return NULL;
}

static bool fetches(const struct verb *verb)
{
	return !verb || !verb->run;
}

/* The stream must not go to a terminal; all else that fails leaves a whole one behind. */
static int fail(const struct verb *verb, const struct wishes *w, const struct fault *why)
{
	if (fetches(verb) && !take_is_wished(&w->take) && !w->help && !w->version &&
		!isatty(STDOUT_FILENO))
		run_nothing();
	return say_fault(why);
}

static int misused(const char *what)
{
	struct fault why;

	fault_set(&why, FAULT_USAGE, "%s", what);
	return say_fault(&why);
}

/* Who stores the mail: an option says so, else the configuration; an empty line is stdout. */
static int choose_taker(const struct wishes *w, const struct config *config, struct buf *line,
	long *sessions, struct fault *why)
{
	AUTO_TAKE_SETTINGS set = { 0 };
	struct take_wish wish = w->take;

	if (take_settings_read(config, &set, why) < 0)
		return -1;
	*sessions = set.sessions;
	if (!take_is_wished(&wish))
		wish = (struct take_wish){ set.into, set.mda, set.to, set.files };
	return take_line(&wish, w->config, line, why);
}

static int act(const struct verb *verb, const struct wishes *w, const struct strings *names)
{
	AUTO_CONFIG *config = NULL;
	AUTO_ACCOUNTS accounts = { 0 };
	AUTO_BUF line = { 0 };
	struct run_plan plan = { .accounts = &accounts, .again = w->again,
		.named = names->count > 0, .always = w->verbose,
		.quiet = w->quiet };
	struct watch_plan watching = { .accounts = &accounts, .config = w->config,
		.names = names, .always = w->verbose };
	struct fault why;

	if (!fetches(verb) && (take_is_wished(&w->take) || w->again))
		return misused("--into, --mda, --to, --files and --again are for fetching");
	if (verb && fetches(verb) && w->again)
		return misused("--again is for one run, not for watch");
	if (verb && w->open && !verb->run_open)
		return misused("--open is for login");
	if (verb && w->json && !verb->run_json)
		return misused("--json is for status");
	if (config_open(w->config, &config, &why) < 0 ||
		accounts_read(config, names, &accounts, &why) < 0)
		return fail(verb, w, &why);
	if (fetches(verb) && choose_taker(w, config, &line, &plan.sessions, &why) < 0)
		return fail(verb, w, &why);
	plan.into = line.len ? buf_text(&line) : NULL;
	watching.sessions = plan.sessions;
	plan.config = watching.file = config_path(config);
	watching.into = plan.into;
	if (fetches(verb) && !plan.into && isatty(STDOUT_FILENO))
		return misused("stdout is a terminal: try mr-fetch --into "
			       "'mr-filter | mr-deliver', or mr-fetch check");
	if (!verb)
		return run_fetch(&plan);
	if (fetches(verb))
		return watch_accounts(&watching);
	if (w->json)
		return verb->run_json(&accounts);
	return w->open ? verb->run_open(&accounts) : verb->run(&accounts);
}

/* For the owner alone: there are no secrets in it, but names of people and folders. */
static int trace_to(const char *path, struct fault *why)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return fault_set(why, FAULT_USAGE, "--trace %s: %s", path, strerror(errno));
	wire_trace_to(fd);
	return 0;
}

int main(int argc, char **argv)
{
	struct wishes w = { 0 };
	const struct option_row rows[] = {
		{ 'c', "config", "FILE", "read this configuration", NULL, &w.config, NULL },
		{ 'v', "verbose", NULL, "tell what is done", &w.verbose, NULL, NULL },
		{ 0, "trace", "FILE", "write there what servers and we say", NULL, &w.trace, NULL },
		{ 'q', "quiet", NULL, "no progress on a terminal", &w.quiet, NULL, NULL },
		{ 0, "again", NULL, "forget what was fetched, fetch it all", &w.again, NULL, NULL },
		{ 0, "into", "PIPELINE", "run this pipe: 'mr-filter | mr-deliver'", NULL,
			&w.take.into, NULL },
		{ 0, "mda", "COMMAND", "run this for each message", NULL, &w.take.mda, NULL },
		{ 0, "to", "TARGET", "smtp:HOST or lmtp:SOCKET", NULL, &w.take.to, NULL },
		{ 0, "files", "DIR", "write each message into a file", NULL, &w.take.files, NULL },
		{ 'h', "help", NULL, "this text", &w.help, NULL, NULL },
		{ 0, "version", NULL, "the version", &w.version, NULL, NULL },
		OPTION_END,
	};
	const struct option_row verb_rows[] = {
		{ 0, "into", "PIPELINE", "watch: run this pipe", NULL, &w.take.into, NULL },
		{ 0, "mda", "COMMAND", "watch: the same", NULL, &w.take.mda, NULL },
		{ 0, "to", "TARGET", "watch: the same", NULL, &w.take.to, NULL },
		{ 0, "files", "DIR", "watch: the same", NULL, &w.take.files, NULL },
		{ 0, "open", NULL, "login: start a browser (xdg-open)", &w.open, NULL, NULL },
		{ 0, "json", NULL, "status: for programs", &w.json, NULL, NULL },
		OPTION_END,
	};
	const struct verb *verb = NULL;
	AUTO_STRINGS names = { 0 };
	AUTO_BUF said = { 0 };
	struct fault why;

	io_start();
	say_start("mr-fetch");
	if (take_is_called(argc, argv))
		return take_run(argv);
	if (options_take(rows, &argc, &argv, &why) < 0)
		return fail(verb, &w, &why);
	say_verbose(w.verbose);
	if (w.help || w.version) {
		w.help ? options_help(usage, rows) : options_version();
		return 0;
	}
	if (w.trace && trace_to(w.trace, &why) < 0)
		return fail(verb, &w, &why);
	/* It has options of its own, and makes the configuration. */
	if (argc > 0 && strcmp(argv[0], "setup") == 0)
		return setup_run(w.config, argc, argv);
	if (argc > 0) {
		verb = verb_of(&argc, argv, &said);
		if (!verb && account_is_verb(argv[0])) {
			fault_set(&why, FAULT_USAGE,
				"\"%s\" is no verb and no account (see --help)",
				buf_text(&said));
			return fail(verb, &w, &why);
		}
	}
	if (verb && options_take(verb_rows, &argc, &argv, &why) < 0)
		return fail(verb, &w, &why);
	for (int i = 0; i < argc; i++)
		strings_add(&names, slice_text(argv[i]));
	return act(verb, &w, &names);
}
