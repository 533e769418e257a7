/*
 * A pipe of programs: see pipeline.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/pipeline.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/words.h"

static int start_one(struct pipeline *p, const struct strings *words, bool first,
	struct fault *why)
{
	const struct child_plan plan = {
		.argv = words->at,
		.in = first ? CHILD_PIPE : p->out,
		.out = CHILD_PIPE,
		.err = CHILD_INHERIT,
		.own_group = true,
	};
	struct child *program = &p->programs[p->count];

	if (child_start(&plan, program, why) < 0)
		return -1;
	if (first)
		p->in = program->in;
	io_close_at(&p->out);
	p->out = program->out;
	program->in = -1;
	program->out = -1;
	p->names[p->count++] = mem_text(words->at[0]);
	return 0;
}

int pipeline_start(const char *text, struct pipeline *out, struct fault *why)
{
	struct strings *commands = NULL;
	size_t count = 0;
	int result = 0;

	*out = (struct pipeline)PIPELINE_NONE;
	if (words_pipeline(text, &commands, &count, why) < 0)
		return -1;
	out->programs = mem_zero(count, sizeof(*out->programs));
	out->names = mem_zero(count, sizeof(*out->names));
	for (size_t i = 0; i < count; i++) {
		if (result == 0)
			result = start_one(out, &commands[i], i == 0, why);
		strings_free(&commands[i]);
	}
	free(commands);
	if (result < 0)
		pipeline_end(out);
	return result;
}

/* As execvp looks for it; errno says why not. */
static bool is_there(const char *program)
{
	const char *path = getenv("PATH");
	struct slice rest = slice_text(path ? path : "/bin:/usr/bin");
	struct slice folder;

	if (strchr(program, '/'))
		return access(program, X_OK) == 0;
	while (slice_cut(&rest, ':', &folder)) {
		AUTO_BUF name = { 0 };

		buf_add_slice(&name, folder.len ? folder : SLICE("."));
		buf_addf(&name, "/%s", program);
		if (access(buf_text(&name), X_OK) == 0)
			return true;
	}
	errno = ENOENT;
	return false;
}

int pipeline_check(const char *text, struct fault *why)
{
	struct strings *commands = NULL;
	size_t count = 0;
	int result = 0;

	if (words_pipeline(text, &commands, &count, why) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *program = commands[i].at[0];

		if (result == 0 && !is_there(program))
			result = fault_set(why, FAULT_CONFIG, "run %s: %s", program,
				strerror(errno));
		strings_free(&commands[i]);
	}
	free(commands);
	return result;
}

static bool is_known(int status)
{
	static const int known[] = { 0, FAULT_USAGE, FAULT_DATA, FAULT_REFUSED, FAULT_RUNTIME,
		FAULT_CREATE, FAULT_WRITE, FAULT_TEMP, FAULT_PROTOCOL, FAULT_LOGIN, FAULT_CONFIG };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (status == known[i])
			return true;
	}
	return false;
}

static int wait_one(struct child *program, const char *name, int64_t deadline, int *status,
	struct fault *why)
{
	int own = 0;
	int result = child_wait(program, deadline, &own, why);

	if (result < 0)
		fault_prefix(why, "%s", name);
	else if (own > 128 && own < 128 + NSIG)
		result = fault_set(why, FAULT_TEMP, "%s was ended by signal %d", name, own - 128);
	else if (!is_known(own))
		result = fault_set(why, FAULT_TEMP, "%s ended with status %d", name, own);
	*status = status_worse(*status, result < 0 ? FAULT_TEMP : own);
	return result;
}

int pipeline_wait(struct pipeline *p, int64_t deadline, int *status, struct fault *why)
{
	int result = 0;

	*status = 0;
	io_close_at(&p->in);
	io_close_at(&p->out);
	for (size_t i = 0; i < p->count; i++) {
		/* The first that went wrong is the one to tell about: others follow from it. */
		if (p->programs[i].pid > 0 && wait_one(&p->programs[i], p->names[i], deadline,
						      status, result == 0 ? why : NULL) < 0)
			result = -1;
	}
	return result;
}

void pipeline_end(struct pipeline *p)
{
	int status;

	for (size_t i = 0; i < p->count; i++) {
		if (p->programs[i].pid > 0)
			kill(p->programs[i].pid, SIGTERM);
	}
	pipeline_wait(p, 0, &status, NULL);
	for (size_t i = 0; i < p->count; i++)
		free(p->names[i]);
	free(p->names);
	free(p->programs);
	*p = (struct pipeline)PIPELINE_NONE;
}
