/*
 * trust = "first-use": the key that a server had when it was first met.
 *
 * STATE/known-servers/HOST:PORT, one file for each server whatever accounts are there: "#"
 * lines for people, then the fingerprint (pin.h). Removing the file forgets the key.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_KNOWN_KEY_H
#define COMMON_NET_KNOWN_KEY_H

#include "common/net/pin.h"

struct known_key {
	char *path; /* owned */
	bool there;
	struct pin key;
};

void known_key_free(struct known_key *k);

/* `name` is host:port. FAULT_CONFIG: there is a file, but no fingerprint can be read. */
int known_key_read(const char *name, struct known_key *out, struct fault *why);

/*
 * Durable, mode 0600, and told in one line on stderr. When another process was faster, its
 * key counts: FAULT_TEMP if that is another one. The key is to be believed after 0 only.
 */
int known_key_add(struct known_key *k, const char *name, const struct pin *key,
	struct fault *why);

/* Adds why `key` is refused: both fingerprints, the file, and what to do. */
void known_key_complain(const struct known_key *k, const struct pin *key, struct buf *out);

#endif
