/*
 * Who submits: login name and full name of the real user, and the From field made of them.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_IDENTITY_H
#define RELAY_IDENTITY_H

#include "common/base/buf.h"

/* Adds the login name of the real uid ("uid-N" without an entry): never the environment's. */
void identity_login(struct buf *out);

/* Adds the full name of the real user (gecos up to a comma, "&" is the login name). */
void identity_full_name(struct buf *out);

/*
 * Adds `"Full Name" <address>`, RFC 2047 encoded where it must be; the address alone when
 * the name is empty. Control characters of the name become blanks.
 */
void identity_put_from(struct slice name, struct slice address, struct buf *out);

#endif
