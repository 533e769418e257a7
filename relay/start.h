/*
 * Starting mr-carrier, the program that has the network: in the background after a
 * submission, or in our place for mr-relay run.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_START_H
#define RELAY_START_H

#include <sys/types.h>

#include "relay/settings.h"

/*
 * Starts a runner that stays until the queue is empty (at most one does) in a session of its
 * own, with no descriptor of ours, and does not wait for it. Nothing with send = "manual"
 * or without a smart host. What goes wrong is only told with -v: the mail is safe, and the
 * next run takes it. *last, if not NULL, is the process started before (0: none), and gets
 * the new one: who stays must collect those that have ended.
 */
void start_runner(const struct relay_settings *settings, pid_t *last);

/*
 * Becomes mr-carrier with these arguments (count of them; no program name), -c and -v
 * passed on. Returns only when that fails: FAULT_CONFIG.
 */
int start_instead(const struct relay_settings *settings, bool verbose, char *const *arguments,
	int count, struct fault *why);

#endif
