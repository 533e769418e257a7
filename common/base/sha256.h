/*
 * SHA-256 (FIPS 180-4), for names that strangers must not be able to make collide. No
 * library: libcrypto alone would cost more than a whole run of mr-filter.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_SHA256_H
#define COMMON_BASE_SHA256_H

#include "common/base/buf.h"

/* Adds the digest of the bytes in 64 hexadecimal digits. */
void sha256_put_hex(struct buf *out, struct slice bytes);

#endif
