/*
 * mr-relay: the submission of mail and its queue, as people and programs call it.
 *
 *	mr-relay [-c FILE] [-v] [VERB] ...      verbs: submit (also without a verb), queue, show,
 *	                                        delete, flush, run, carry
 *	sendmail, mailq, runq, newaliases       under these names their command lines
 *
 * What it accepts is in the queue, on stable storage, before it says 0; it never touches
 * the network: mr-carrier does. Exit status: DESIGN section 11, relay/README.md.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "relay/carry.h"
#include "relay/carry_target.h"
#include "relay/list.h"
#include "relay/start.h"
#include "relay/submit.h"

#define USAGE "mr-relay [OPTIONS] [VERB] [ARGUMENTS]\n\
  (no verb) or submit   take a message from standard input, as sendmail does\n\
  queue                 list what is queued\n\
  show ID               one message with its envelope\n\
  delete ID ...         take messages out, without a word to their senders\n\
  flush                 send now all that waits\n\
  run                   send what is due\n\
  carry TARGET          a mail stream in, receipts out: queue:, smtp:HOST[:PORT],\n\
                        lmtp:HOST:PORT, lmtp:/SOCKET\n\
options:"

struct call {
	struct relay_settings settings;
	bool verbose;
	int argc; /* what stands behind the verb; argv[-1] is the verb itself */
	char **argv;
};

static int call_submit(struct call *call, struct fault *why);

static int no_arguments(const struct call *call, const char *verb, struct fault *why)
{
	if (call->argc == 0)
		return 0;
	return fault_set(why, FAULT_USAGE, "%s takes no arguments", verb);
}

static int print_flush(struct fault *why)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return fault_set(why, FAULT_TEMP, "write standard output failed");
}

static int call_queue(struct call *call, struct fault *why)
{
	AUTO_QUEUE queue = QUEUE_NONE;

	if (no_arguments(call, "queue", why) < 0 ||
		queue_open(call->settings.queue, &queue, why) < 0 ||
		list_queue(&queue, stdout, why) < 0)
		return -1;
	return print_flush(why);
}

static int call_show(struct call *call, struct fault *why)
{
	AUTO_QUEUE queue = QUEUE_NONE;

	if (call->argc != 1)
		return fault_set(why, FAULT_USAGE, "show takes one ID");
	if (queue_open(call->settings.queue, &queue, why) < 0 ||
		list_show(&queue, call->argv[0], stdout, why) < 0)
		return -1;
	return print_flush(why);
}

static int call_delete(struct call *call, struct fault *why)
{
	AUTO_QUEUE queue = QUEUE_NONE;

	if (call->argc == 0)
		return fault_set(why, FAULT_USAGE, "delete takes IDs");
	if (queue_open(call->settings.queue, &queue, why) < 0)
		return -1;
	for (int i = 0; i < call->argc; i++) {
		if (list_delete(&queue, call->argv[i], why) < 0)
			return -1;
	}
	return 0;
}

static int call_run(struct call *call, struct fault *why)
{
	return start_instead(&call->settings, call->verbose, call->argv - 1, call->argc + 1, why);
}

static int call_flush(struct call *call, struct fault *why)
{
	AUTO_QUEUE queue = QUEUE_NONE;
	char run[] = "run";
	char *const arguments[] = { run, NULL };

	if (no_arguments(call, "flush", why) < 0 ||
		queue_open(call->settings.queue, &queue, why) < 0 || list_flush(&queue, why) < 0)
		return -1;
	return start_instead(&call->settings, call->verbose, arguments, 1, why);
}

static int call_carry(struct call *call, struct fault *why)
{
	AUTO_CARRY_TARGET target = { 0 };

	if (call->argc != 1)
		return fault_set(why, FAULT_USAGE,
			"carry takes one target: queue:, smtp:HOST or lmtp:SOCKET");
	if (strcmp(call->argv[0], "queue:") == 0)
		return carry_queue(&call->settings, STDIN_FILENO, why);
	if (carry_target_read(call->argv[0], &target, why) < 0)
		return -1;
	return start_instead(&call->settings, call->verbose, call->argv - 1, 2, why);
}

static const struct verb {
	const char *name;
	int (*call)(struct call *call, struct fault *why);
} verbs[] = {
	{ "submit", call_submit },
	{ "queue", call_queue },
	{ "show", call_show },
	{ "delete", call_delete },
	{ "flush", call_flush },
	{ "run", call_run },
	{ "carry", call_carry },
};

/* sendmail's command line; argv[-1] is the verb or the program's name. */
static int call_submit(struct call *call, struct fault *why)
{
	struct sendmail_options options;
	AUTO_FREE char *id = NULL;
	char run[] = "run";
	char *const arguments[] = { run, NULL };

	if (sendmail_options_read(call->argc + 1, call->argv - 1, &options, why) < 0)
		return -1;
	call->verbose = call->verbose || options.verbose;
	say_verbose(call->verbose);
	switch (options.mode) {
	case SENDMAIL_ALIASES:
		return 0;
	case SENDMAIL_QUEUE:
		call->argc = 0;
		return call_queue(call, why);
	case SENDMAIL_RUN:
		return start_instead(&call->settings, call->verbose, arguments, 1, why);
	case SENDMAIL_SUBMIT:
		break;
	}
	if (submit(&call->settings, &options, STDIN_FILENO, &id, why) < 0)
		return -1;
	say_detail("queued as %s", id);
	start_runner(&call->settings, NULL);
	return 0;
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; name && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

static int with_settings(struct call *call, const char *file,
	int (*action)(struct call *call, struct fault *why), struct fault *why)
{
	AUTO_CONFIG *config = NULL;
	int result = config_open(file, &config, why);

	if (result == 0)
		result = relay_settings_read(config, &call->settings, why);
	if (result == 0)
		result = action(call, why);
	relay_settings_free(&call->settings);
	return result;
}

/*
 * Global options stand before the verb. What is no global option, nor a verb, begins
 * sendmail's command line.
 */
static int call_mr_relay(char **argv, struct fault *why)
{
	const char *file = NULL;
	bool help = false;
	bool version = false;
	struct call call = { 0 };
	const struct option_row rows[] = {
		{ .letter = 'c', .name = "config", .argument = "FILE", .help = "configuration",
			.value = &file },
		{ .letter = 'v', .name = "verbose", .help = "say what is done",
			.flag = &call.verbose },
		{ .name = "help", .help = "this text", .flag = &help },
		{ .name = "version", .help = "the version", .flag = &version },
		OPTION_END,
	};
	const struct verb *verb;
	char **rest = argv + 1;
	int count = 0;

	/* One option at a time, so that the first of sendmail's is left alone. */
	while (*rest && (strncmp(*rest, "-c", 2) == 0 || strcmp(*rest, "-v") == 0 ||
				(strncmp(*rest, "--", 2) == 0 && (*rest)[2] != '\0'))) {
		count = strcmp(*rest, "-c") == 0 || strcmp(*rest, "--config") == 0 ? 2 : 1;
		rest += rest[1] ? count : 1;
	}
	count = (int)(rest - argv);
	if (options_take(rows, &count, &argv, why) < 0)
		return -1;
	if (help)
		options_help(USAGE, rows);
	if (version)
		options_version();
	if (help || version)
		return 0;
	say_verbose(call.verbose);
	verb = find_verb(*rest);
	call.argv = verb ? rest + 1 : rest;
	while (call.argv[call.argc])
		call.argc++;
	return with_settings(&call, file, verb ? verb->call : call_submit, why);
}

static int call_plain(int argc, char **argv, int (*action)(struct call *, struct fault *),
	struct fault *why)
{
	struct call call = { .argc = argc - 1, .argv = argv + 1 };

	return with_settings(&call, NULL, action, why);
}

static int call_newaliases(struct call *call, struct fault *why)
{
	(void)call;
	(void)why;
	return 0;
}

/* mailq and runq take sendmail's options, which change nothing about them. */
static int call_mailq(struct call *call, struct fault *why)
{
	struct sendmail_options options;

	if (sendmail_options_read(call->argc + 1, call->argv - 1, &options, why) < 0)
		return -1;
	call->argc = 0;
	return call_queue(call, why);
}

static int call_runq(struct call *call, struct fault *why)
{
	struct sendmail_options options;
	char run[] = "run";
	char *const arguments[] = { run, NULL };

	if (sendmail_options_read(call->argc + 1, call->argv - 1, &options, why) < 0)
		return -1;
	return start_instead(&call->settings, options.verbose, arguments, 1, why);
}

int main(int argc, char **argv)
{
	static const struct verb names[] = {
		{ "sendmail", call_submit },
		{ "mailq", call_mailq },
		{ "runq", call_runq },
		{ "newaliases", call_newaliases },
	};
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "mr-relay";
	struct fault why = { 0 };

	io_start();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i].name) != 0)
			continue;
		say_start(names[i].name);
		return call_plain(argc, argv, names[i].call, &why) < 0 ? say_fault(&why) : 0;
	}
	say_start("mr-relay");
	if (argc == 0)
		return FAULT_USAGE;
	return call_mr_relay(argv, &why) < 0 ? say_fault(&why) : 0;
}
