/*
 * The section "relay" of the configuration, with what the machine fills in.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_SETTINGS_H
#define RELAY_SETTINGS_H

#include "common/base/settings.h"

enum relay_send { RELAY_SEND_AUTO, RELAY_SEND_MANUAL };

struct relay_settings {
	char *hostname; /* qualifies addresses, EHLO, Message-ID; never NULL once read */
	char *sender;   /* for who gives none with -f; NULL: login name @ hostname */
	char *queue;    /* the spool directory; never NULL once read */
	int send;       /* enum relay_send */
	int64_t lifetime; /* milliseconds */
	char *config;   /* absolute path for the runner; NULL: the default file */
	bool smarthost; /* at least one is configured */
};

extern const struct setting relay_rows[];

#define AUTO_RELAY_SETTINGS __attribute__((cleanup(relay_settings_free))) struct relay_settings

/*
 * Reads it; hostname from /etc/mailname or the kernel when not set, no network.
 * FAULT_CONFIG: also for a hostname that could not stand behind an @.
 */
int relay_settings_read(const struct config *config, struct relay_settings *out,
	struct fault *why);
void relay_settings_free(struct relay_settings *s);

#endif
