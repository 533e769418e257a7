/*
 * Commands around a connection: see hook.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/hook.h"

#include "common/base/say.h"
#include "common/net/command.h"

enum {
	BEFORE_MS = 60 * 1000, /* LIMIT: it may dial, or wake a machine */
	AFTER_MS = 10 * 1000   /* LIMIT: other accounts wait meanwhile */
};

extern char **environ;

struct hook {
	char *command;
	char *name; /* of the account or smart host */
	char *host;
};

static void hook_free(struct hook *h)
{
	free(h->command);
	free(h->name);
	free(h->host);
	free(h);
}

static void add_variable(struct strings *env, const char *name, const char *value)
{
	AUTO_BUF text = { 0 };

	buf_addf(&text, "%s=%s", name, value ? value : "");
	strings_add(env, buf_slice(&text));
}

static int run(const char *text, const char *name, const char *host, int64_t limit_ms,
	int cancel_fd, struct fault *why)
{
	char *const argv[] = COMMAND_SHELL(text);
	struct command command = { .argv = argv, .limit_ms = limit_ms };
	AUTO_STRINGS env = { 0 };

	for (char **one = environ; *one; one++) {
		struct slice variable = slice_text(*one);

		if (!slice_starts(variable, "MAILRAIL_ACCOUNT=") &&
			!slice_starts(variable, "MAILRAIL_HOST="))
			strings_add(&env, variable);
	}
	add_variable(&env, "MAILRAIL_ACCOUNT", name);
	add_variable(&env, "MAILRAIL_HOST", host);
	command.env = env.at;
	return command_run(&command, cancel_fd, NULL, why);
}

int hook_before(const struct server *server, int cancel_fd, struct hook **after,
	struct fault *why)
{
	struct hook *h;

	*after = NULL;
	if (server->way.preconnect && run(server->way.preconnect, server->name, server->host,
		BEFORE_MS, cancel_fd, why) < 0) {
		why->kind = FAULT_TEMP;
		return fault_prefix(why, "%s%sthe preconnect of %s",
			server->place ? server->place : "", server->place ? ": " : "",
			server->host);
	}
	if (!server->way.postconnect)
		return 0;
	h = mem_zero(1, sizeof(*h));
	h->command = mem_text(server->way.postconnect);
	h->name = mem_text(server->name);
	h->host = mem_text(server->host);
	*after = h;
	return 0;
}

void hook_after(struct hook *h)
{
	struct fault why;

	if (!h)
		return;
	if (run(h->command, h->name, h->host, AFTER_MS, -1, &why) < 0)
		say("the postconnect of %s: %s", h->host, why.text);
	hook_free(h);
}
