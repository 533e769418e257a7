/*
 * mr-deliver: puts mail into mailboxes.
 *
 *	mr-deliver [options] [FILE ...]    messages or a stream on stdin, or in files
 *	mr-deliver log                     what went where
 *	mr-deliver doctor                  is the ledger sound, and what to do if not
 *
 * Exit status: 0 all is on stable storage; 64 usage; 69 a rule rejected it (--refuse); 75
 * something is not, and is still where it came from; 78 configuration. Nothing is printed
 * when all is well.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "common/mail/programs.h"
#include "deliver/doctor.h"
#include "deliver/log.h"
#include "deliver/receive.h"

struct choices {
	const char *config;
	const char *inbox;
	bool mbox;
	bool message;
	bool refuse;
	bool verbose;
	bool version;
	bool help;
};

static const char usage[] = "mr-deliver [-v] [-c FILE] [--inbox TARGET] [--mbox | --message] "
			    "[--refuse] [FILE ...]\n       mr-deliver log [-n NUMBER]\n"
			    "       mr-deliver doctor";

static const struct {
	const char *name;
	int (*main)(int argc, char **argv, struct fault *why);
} verbs[] = {
	{ "log", log_main },
	{ "doctor", doctor_main },
};

static enum intake_mode mode_of(int fd, const struct choices *wish, bool is_file)
{
	if (wish->mbox)
		return INTAKE_MBOX;
	if (wish->message)
		return INTAKE_MESSAGE;
	return is_file ? intake_mode_of_file(fd) : INTAKE_AUTO;
}

static int receive_from(struct run *r, int fd, const char *name, enum intake_mode mode,
	struct fault *why)
{
	AUTO_INTAKE *in = intake_open(fd, name, mode);

	return receive(r, in, why);
}

static int receive_files(struct run *r, const struct choices *wish, char **files,
	struct fault *why)
{
	int result = 0;

	if (!*files)
		return receive_from(r, STDIN_FILENO, "standard input",
			mode_of(STDIN_FILENO, wish, false), why);
	for (; *files && result == 0; files++) {
		AUTO_FD fd = open(*files, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return fault_set(why, FAULT_TEMP, "open %s: %s", *files, strerror(errno));
		result = receive_from(r, fd, *files, mode_of(fd, wish, true), why);
	}
	return result;
}

static int deliver(const struct choices *wish, const struct deliver_settings *settings,
	const struct stores *stores, const struct program_settings *programs, char **files)
{
	struct fault why = { 0 };
	struct run r;
	int result;

	umask(settings->group_readable ? 027 : 077);
	result = run_open(&r, settings, stores, &why);
	r.outgoing.config = wish->config;
	r.refuse = wish->refuse;
	r.programs = programs;
	if (result == 0)
		result = receive_files(&r, wish, files, &why);
	if (result < 0)
		r.status = status_worse(r.status, say_fault(&why));
	run_close(&r);
	say_detail("%llu stored, %llu not", (unsigned long long)r.stored,
		(unsigned long long)r.deferred);
	return r.status;
}

/* --inbox takes the place of both stores: folders then lie below it. */
static int override_inbox(const struct choices *wish, struct stores *stores, struct fault *why)
{
	if (!wish->inbox)
		return 0;
	stores_clear(stores);
	if (stores_read(wish->inbox, NULL, stores, why) == 0)
		return 0;
	if (why->kind == FAULT_CONFIG)
		why->kind = FAULT_USAGE;
	return fault_prefix(why, "--inbox");
}

static int start(const struct choices *wish, char **files, struct fault *why)
{
	AUTO_CONFIG *config = NULL;
	struct deliver_settings settings = { 0 };
	struct stores stores = { 0 };
	struct program_settings programs = { 0 };
	int status = -1;

	if (config_open(wish->config, &config, why) < 0)
		return -1;
	if (deliver_settings_read(config, &settings, &stores, why) == 0 &&
		override_inbox(wish, &stores, why) == 0 &&
		programs_read(config, &programs, why) == 0)
		status = deliver(wish, &settings, &stores, &programs, files);
	programs_free(&programs);
	deliver_settings_free(&settings);
	stores_clear(&stores);
	return status;
}

/* A batch holds a file per message, a folder three directories. */
static void raise_limits(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max < 65536 ? files.rlim_max : 65536;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	/* A file size limit is an error of write, not the end. */
	(void)signal(SIGXFSZ, SIG_IGN);
}

static int run_verb(int argc, char **argv, int *status, struct fault *why)
{
	for (size_t i = 0; argc > 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(argv[0], verbs[i].name) != 0)
			continue;
		*status = verbs[i].main(argc, argv, why);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct choices wish = { 0 };
	const struct option_row rows[] = {
		{ .letter = 'c', .name = "config", .argument = "FILE", .value = &wish.config,
			.help = "read this configuration file" },
		{ .letter = 'i', .name = "inbox", .argument = "TARGET", .value = &wish.inbox,
			.help = "deliver here: maildir:DIRECTORY or mbox:FILE" },
		{ .name = "mbox", .flag = &wish.mbox, .help = "the input is an mbox" },
		{ .name = "message", .flag = &wish.message,
			.help = "the input is one message, whatever it begins with" },
		{ .name = "refuse", .flag = &wish.refuse,
			.help = "reject by exit status 69 and a reason on stderr" },
		{ .letter = 'v', .name = "verbose", .flag = &wish.verbose, .help = "say more" },
		{ .letter = 'h', .name = "help", .flag = &wish.help, .help = "this text" },
		{ .name = "version", .flag = &wish.version, .help = "the version" },
		OPTION_END,
	};
	struct fault why = { 0 };
	int status = -1;

	io_start();
	say_start("mr-deliver");
	if (options_take(rows, &argc, &argv, &why) < 0)
		return say_fault(&why);
	say_verbose(wish.verbose);
	if (wish.help) {
		options_help(usage, rows);
		return 0;
	}
	if (wish.version) {
		options_version();
		return 0;
	}
	raise_limits();
	if (!run_verb(argc, argv, &status, &why)) {
		if (wish.mbox && wish.message)
			fault_set(&why, FAULT_USAGE, "--mbox and --message exclude each other");
		else
			status = start(&wish, argv, &why);
	}
	return status < 0 ? say_fault(&why) : status;
}
