/*
 * mr-carrier run: what is due goes to the smart host.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_RUN_H
#define RELAY_RUN_H

#include <signal.h>

#include "relay/queue.h"
#include "relay/settings.h"
#include "relay/smarthost.h"

struct run_plan {
	const struct relay_settings *settings; /* borrowed */
	const struct smarthost *host;          /* borrowed; NULL: none is configured */
	bool quiet; /* nobody reads stderr: do not count as told what we say */
	const volatile sig_atomic_t *stop; /* set: leave after the message at hand */
};

struct run_report {
	enum fault_kind worst; /* what was said on the way, or an hour ago; FAULT_NONE: all well */
	size_t left;  /* messages still queued */
	int64_t next; /* earliest time at which one of them can be tried; INT64_MAX: none */
};

/*
 * One pass over the queue: sweeps it, finishes what a killed run left, sends what is due
 * unless the smart host is paused. 1: done; 0: another pass is at work, nothing was done.
 * Says what goes wrong on stderr, once an hour for the smart host, and goes on; the worst of
 * it is in *report: FAULT_TEMP when something waits for another try; FAULT_LOGIN,
 * FAULT_CONFIG, FAULT_PROTOCOL of the smart host. -1: the queue cannot be read or locked.
 */
int run_pass(const struct run_plan *plan, const struct queue *q, struct run_report *report,
	struct fault *why);

#endif
