/*
 * Addresses without a domain get one (RFC 6409 section 8.4, RFC 5322 section 3.4).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_QUALIFY_H
#define RELAY_QUALIFY_H

#include "common/base/buf.h"

/*
 * Adds the body of an address field (folded as it stands) with "@host" behind every
 * addr-spec that lacks a domain: "root (Cron Daemon)" becomes "root@host (Cron Daemon)".
 * All other bytes stay as they are, folding, comments and what is malformed included.
 * Linear in the length. True when anything was added to the field.
 */
bool qualify_addresses(struct slice body, const char *host, struct buf *out);

#endif
