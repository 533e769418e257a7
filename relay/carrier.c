/*
 * mr-carrier: the part of mr-relay that has the network. mr-relay starts it; nobody needs
 * to call it by hand.
 *
 *	mr-carrier [-c FILE] [-v] run [--once | --stay]
 *	mr-carrier [-c FILE] [-v] carry TARGET
 *
 * run and run --once make one pass over the queue; --stay stays until it is empty, in the
 * background. Exit status: 0 nothing waits for another try; 75 something does, 76, 77 and 78
 * as the smart host's faults are.
 * carry: 0 all is stored; 75 something is not, 65 something was refused for good.
 *
 * SPDX-License-Identifier: ISC
 */
#include <signal.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "relay/carry_server.h"
#include "relay/run.h"
#include "relay/stay.h"

#define USAGE "mr-carrier [OPTIONS] run [--once | --stay] | carry TARGET"

/* The one thing that a signal may touch. */
static volatile sig_atomic_t stop_wanted;

static void want_stop(int signal_number)
{
	(void)signal_number;
	stop_wanted = 1;
}

static void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = want_stop };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

struct carrier {
	const char *file;
	bool quiet;
	enum fault_kind worst;
};

static int read_settings(const char *file, struct relay_settings *settings,
	struct smarthost *host, struct fault *why)
{
	AUTO_CONFIG *config = NULL;

	if (config_open(file, &config, why) < 0 ||
		relay_settings_read(config, settings, why) < 0)
		return -1;
	return smarthost_read(config, host, why);
}

/* The configuration is read for each pass: who mends it need not know of us. */
static int one_pass(struct carrier *c, const struct queue *q, struct run_report *report,
	struct fault *why)
{
	AUTO_RELAY_SETTINGS settings = { 0 };
	AUTO_SMARTHOST host = { 0 };
	struct run_plan plan = { .settings = &settings, .quiet = c->quiet, .stop = &stop_wanted };
	int found = read_settings(c->file, &settings, &host, why);

	if (found < 0)
		return -1;
	plan.host = found ? &host : NULL;
	if (!found)
		say_detail("no smart host is configured");
	return run_pass(&plan, q, report, why);
}

static int stay_pass(void *state, const struct queue *q, size_t *left, int64_t *next)
{
	struct run_report report = { .next = INT64_MAX };
	struct fault why;
	int result = one_pass(state, q, &report, &why);

	if (result < 0) {
		say_fault(&why);
		return -1;
	}
	*left = report.left;
	*next = report.next;
	return result;
}

static int run(struct carrier *c, bool staying, struct fault *why)
{
	const struct stay_plan plan = { .pass = stay_pass, .state = c, .stop = &stop_wanted };
	AUTO_RELAY_SETTINGS settings = { 0 };
	AUTO_SMARTHOST host = { 0 };
	AUTO_QUEUE queue = QUEUE_NONE;
	struct run_report report = { 0 };

	if (read_settings(c->file, &settings, &host, why) < 0 ||
		queue_open(settings.queue, &queue, why) < 0)
		return -1;
	if (staying)
		return stay(&plan, &queue, why);
	if (one_pass(c, &queue, &report, why) < 0)
		return -1;
	if (!host.name && report.left > 0)
		return fault_set(why, FAULT_CONFIG,
			"no smart host is configured: %zu messages wait", report.left);
	c->worst = report.worst;
	return 0;
}

/* Ended by a signal it leaves what has no receipt to the source, as it should. */
static int carry(const char *file, const char *target)
{
	AUTO_CONFIG *config = NULL;
	AUTO_RELAY_SETTINGS settings = { 0 };
	struct fault why = { 0 };
	bool said = false;

	if (wire_start(&why) < 0 || config_open(file, &config, &why) < 0 ||
		relay_settings_read(config, &settings, &why) < 0)
		return say_fault(&why);
	if (carry_server(&settings, target, &said, &why) == 0)
		return 0;
	return said ? (int)why.kind : say_fault(&why);
}

int main(int argc, char **argv)
{
	struct carrier c = { 0 };
	bool verbose = false;
	bool help = false;
	bool once = false;
	bool staying = false;
	struct fault why = { 0 };
	const struct option_row rows[] = {
		{ .letter = 'c', .name = "config", .argument = "FILE", .help = "configuration",
			.value = &c.file },
		{ .letter = 'v', .name = "verbose", .help = "say what is done", .flag = &verbose },
		{ .name = "help", .help = "this text", .flag = &help },
		OPTION_END,
	};
	const struct option_row run_rows[] = {
		{ .name = "once", .help = "one pass", .flag = &once },
		{ .name = "stay", .help = "stay until the queue is empty", .flag = &staying },
		OPTION_END,
	};

	io_start();
	say_start("mr-relay");
	if (options_take(rows, &argc, &argv, &why) < 0)
		return say_fault(&why);
	if (help) {
		options_help(USAGE, rows);
		return 0;
	}
	say_verbose(verbose);
	if (argc == 2 && strcmp(argv[0], "carry") == 0)
		return carry(c.file, argv[1]);
	if (argc == 0 || strcmp(argv[0], "run") != 0) {
		fault_set(&why, FAULT_USAGE, "usage: %s", USAGE);
		return say_fault(&why);
	}
	if (options_take(run_rows, &argc, &argv, &why) < 0)
		return say_fault(&why);
	if (argc > 0 || (once && staying)) {
		fault_set(&why, FAULT_USAGE, argc > 0 ? "run takes no arguments" :
			  "--once and --stay exclude each other");
		return say_fault(&why);
	}
	c.quiet = staying;
	catch_signals();
	if (wire_start(&why) < 0 || run(&c, staying, &why) < 0)
		return say_fault(&why);
	return (int)c.worst;
}
