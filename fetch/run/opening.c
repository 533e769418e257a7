/*
 * Threads that log in: see opening.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/run/opening.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>

struct opening {
	struct source *source;
	pthread_t thread;
	int cancel_fd;
	int done_fd;
	int result;
	struct fault why;
	atomic_bool over;
};

static void *run(void *arg)
{
	struct opening *o = arg;

	o->result = o->source->ops->open(o->source, o->cancel_fd, &o->why);
	atomic_store(&o->over, true);
	(void)eventfd_write(o->done_fd, 1);
	return NULL;
}

int opening_start(struct source *s, int cancel_fd, int done_fd, struct opening **out,
	struct fault *why)
{
	struct opening *o = mem_zero(1, sizeof(*o));
	int error;

	o->source = s;
	o->cancel_fd = cancel_fd;
	o->done_fd = done_fd;
	source_stage(s, "login");
	error = pthread_create(&o->thread, NULL, run, o);
	if (error != 0) {
		free(o);
		return fault_set(why, FAULT_TEMP, "no thread: %s", strerror(error));
	}
	*out = o;
	return 0;
}

bool opening_is_over(struct opening *o)
{
	return atomic_load(&o->over);
}

int opening_end(struct opening *o, struct fault *why)
{
	int result;

	pthread_join(o->thread, NULL);
	result = o->result;
	if (result < 0)
		*why = o->why;
	free(o);
	return result;
}
