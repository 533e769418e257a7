/*
 * Submission: one message from a descriptor into the queue, as sendmail takes it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_SUBMIT_H
#define RELAY_SUBMIT_H

#include "relay/sendmail_options.h"
#include "relay/settings.h"

/*
 * Reads the message from `fd` to its end (or, without ignore_dots, to a line of one dot)
 * and queues it, durably; no network. *id is owned: what the message is called in the
 * queue. Recipients are the arguments and, with from_header, those of the header too.
 * FAULT_USAGE: no recipients given. FAULT_DATA: bad addresses, or none in the header.
 * FAULT_CREATE, FAULT_WRITE: the spool. FAULT_TEMP: empty input, and all else.
 */
int submit(const struct relay_settings *settings, const struct sendmail_options *options,
	int fd, char **id, struct fault *why);

#endif
