/*
 * RFC 1939 section 7: APOP, the digest of a challenge in the greeting and the password.
 *
 * MD5 can be made to collide, and a server that may choose any bytes for its challenge can
 * so learn a password in a few hundred logins (CVE-2007-1558). Hence only a challenge that
 * is a msg-id of RFC 5322 in ASCII is answered, and only who names APOP gets it at all.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_APOP_H
#define COMMON_NET_APOP_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/*
 * msg-id = "<" dot-atom-text "@" (dot-atom-text / "[" *dtext "]") ">". The end
 * of a greeting, from its first "<"; false when that is none, but looks like one.
 */
bool apop_challenge(struct slice greeting, struct slice *challenge);

/* Adds 32 hex digits. FAULT_CONFIG: this machine does no MD5. */
int apop_digest(struct slice challenge, const char *secret, struct buf *out,
	struct fault *why);

#endif
