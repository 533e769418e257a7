/*
 * The costly half of SCRAM: from password, salt and count to a key (RFC 5802 section 3).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SCRAM_H
#define COMMON_NET_SCRAM_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/*
 * LIMIT: iterations that a server may ask for. It chooses them, we do the work: RFC 7677
 * wants 4096 at least, and nobody is known to take more than a hundred thousand.
 */
enum { SCRAM_ITERATIONS_MAX = 1000000 };

/*
 * SaltedPassword in hex (as libgsasl wants it) into the empty *out. The password is
 * prepared by SASLprep (RFC 4013), `salt` is base64 and `iterations` decimal, both as the
 * server said. FAULT_PROTOCOL: they are none, or too many; FAULT_CONFIG: a password that
 * SASLprep forbids.
 */
int scram_salted_password(bool sha256, const char *password, const char *salt,
	const char *iterations, struct buf *out, struct fault *why);

#endif
