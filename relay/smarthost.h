/*
 * The section "smarthost" of the configuration: groups that each describe one server.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_SMARTHOST_H
#define RELAY_SMARTHOST_H

#include "common/net/server.h"

struct smarthost {
	struct server server;
	char *name;       /* owned: the group's */
	int64_t patience; /* milliseconds for one reply; 0: RFC 5321's five minutes */
};

#define AUTO_SMARTHOST __attribute__((cleanup(smarthost_free))) struct smarthost

/*
 * Reads the group "default", or the first if none bears that name; the others are read as
 * well, so that a mistake in them is found now. 1 found; 0 there is none; -1 FAULT_CONFIG.
 */
int smarthost_read(const struct config *config, struct smarthost *out, struct fault *why);
void smarthost_free(struct smarthost *s);

#endif
