/*
 * Threads for what blocks: see errand.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/run/errand.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "common/base/buf.h"

struct errand {
	errand_run run;
	void *arg;
	pthread_t thread;
	int cancel_fd;
	int done_fd;
	int result;
	struct fault why;
	atomic_bool over;
};

static void *run(void *arg)
{
	struct errand *e = arg;

	e->result = e->run(e->arg, e->cancel_fd, &e->why);
	atomic_store(&e->over, true);
	(void)eventfd_write(e->done_fd, 1);
	return NULL;
}

int errand_start(errand_run what, void *arg, int cancel_fd, int done_fd, struct errand **out,
	struct fault *why)
{
	struct errand *e = mem_zero(1, sizeof(*e));
	int error;

	e->run = what;
	e->arg = arg;
	e->cancel_fd = cancel_fd;
	e->done_fd = done_fd;
	error = pthread_create(&e->thread, NULL, run, e);
	if (error != 0) {
		free(e);
		return fault_set(why, FAULT_TEMP, "no thread: %s", strerror(error));
	}
	*out = e;
	return 0;
}

bool errand_is_over(struct errand *e)
{
	return atomic_load(&e->over);
}

int errand_end(struct errand *e, struct fault *why)
{
	int result;

	pthread_join(e->thread, NULL);
	result = e->result;
	if (result < 0)
		*why = e->why;
	free(e);
	return result;
}
