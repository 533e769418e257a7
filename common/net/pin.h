/*
 * Fingerprints by which a server is known: of its key, or of its certificate.
 *
 *	pin = "sha256:" ( base64 / hex ) / "cert-sha256:" hex
 *
 * The first is SHA-256 of the SubjectPublicKeyInfo (RFC 7469 section 2.4), which stays when
 * a certificate is renewed for the same key; the second of the whole certificate (DER).
 * Hex has 64 digits of either case, with or without colons; base64 has 44 characters.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_PIN_H
#define COMMON_NET_PIN_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

enum { PIN_BYTES = 32 };

struct pin {
	bool certificate; /* of the certificate, not of the key */
	unsigned char digest[PIN_BYTES];
};

/* Blanks around it are let pass. False when it is none. */
bool pin_read(struct slice text, struct pin *out);

/* Adds it as it should be written: a key in base64, a certificate in hex. */
void pin_write(const struct pin *pin, struct buf *out);

/* FAULT_CONFIG for the first of the list that is none. */
int pins_check(const struct strings *list, struct fault *why);

/* Is the key or the certificate on the list? */
bool pins_match(const struct strings *list, const struct pin *key,
	const struct pin *certificate);

#endif
