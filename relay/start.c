/*
 * Starting the carrier: see start.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/start.h"

#include <errno.h>
#include <linux/close_range.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/child.h"
#include "common/base/say.h"

static void add_command(const struct relay_settings *settings, bool verbose,
	struct strings *words)
{
	strings_give(words, child_sibling("mr-carrier"));
	if (settings->config) {
		strings_add(words, SLICE("-c"));
		strings_add(words, slice_text(settings->config));
	}
	if (verbose)
		strings_add(words, SLICE("-v"));
}

void start_runner(const struct relay_settings *settings, pid_t *last)
{
	AUTO_STRINGS words = { 0 };
	struct child_plan plan = { .in = CHILD_NULL, .out = CHILD_NULL, .err = CHILD_NULL,
		.own_session = true };
	struct child child = CHILD_NONE;
	struct fault why = { 0 };

	if (settings->send == RELAY_SEND_MANUAL)
		return;
	if (!settings->smarthost) {
		say_detail("no smart host is configured: the message waits in the queue");
		return;
	}
	add_command(settings, false, &words);
	strings_add(&words, SLICE("run"));
	strings_add(&words, SLICE("--stay"));
	plan.argv = words.at;
	/* A caller who reads a pipe of ours to its end must not wait for the runner. */
	(void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	if (last && *last > 0)
		(void)waitpid(*last, NULL, WNOHANG);
	if (child_start(&plan, &child, &why) < 0)
		say_detail("no runner was started: %s", why.text);
	if (last)
		*last = child.pid;
}

int start_instead(const struct relay_settings *settings, bool verbose, char *const *arguments,
	int count, struct fault *why)
{
	AUTO_STRINGS words = { 0 };

	add_command(settings, verbose, &words);
	for (int i = 0; i < count; i++)
		strings_add(&words, slice_text(arguments[i]));
	execvp(words.at[0], words.at);
	return fault_set(why, FAULT_CONFIG, "run %s: %s", words.at[0], strerror(errno));
}
