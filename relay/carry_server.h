/*
 * mr-relay carry smtp:… and lmtp:… — a mail stream to a server, receipts out: how
 * mr-fetch --to hands mail on. One connection for all messages, one result for each
 * recipient.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_CARRY_SERVER_H
#define RELAY_CARRY_SERVER_H

#include "relay/settings.h"

/*
 * Takes the stream on stdin. 2yz is stored, 5yz refused, all else deferred; so is a
 * connection that is lost between the final dot and its reply, and the message may then be
 * there twice. A message without rcpt-to goes to `to=` of the target, else to the login
 * name of who runs this; for SMTP an address without domain gets the hostname of the
 * settings. FAULT_USAGE: no such target, *said is false; else as taker_run.
 */
int carry_server(const struct relay_settings *settings, const char *target, bool *said,
	struct fault *why);

#endif
