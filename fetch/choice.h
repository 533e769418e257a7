/*
 * The settings of an account about which messages are fetched at all.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_CHOICE_H
#define FETCH_CHOICE_H

#include "common/base/settings.h"

enum choice_first { CHOICE_ALL, CHOICE_NOW };
enum choice_oversize { CHOICE_SKIP, CHOICE_HEADER, CHOICE_DISCARD };

struct choice {
	char *search; /* IMAP: keys of SEARCH (RFC 3501 section 6.4.4); NULL: all */
	bool unseen;  /* IMAP */
	char *since;  /* IMAP: "2026-01-31" or an age; NULL: ever */
	long newest;  /* of each folder; 0: all */
	int first;    /* enum choice_first */
	long max_messages; /* in one run; 0: any */
	uint64_t max_bytes; /* in one run; 0: any */
	uint64_t max_size; /* of one message; 0: any */
	int oversize;      /* enum choice_oversize */
};

#define CHOICE_SETTINGS(type, member)                                                        \
	SETTING(type, member.search, "search", TEXT, NULL,                                   \
		"IMAP: fetch what this SEARCH finds"),                                       \
	SETTING(type, member.unseen, "unseen", BOOL, "false",                                \
		"IMAP: fetch only what nobody has read"),                                    \
	SETTING(type, member.since, "since", TEXT, NULL,                                     \
		"IMAP: fetch what came since a day, or is not older"),                       \
	SETTING_RANGE(type, member.newest, "newest", 1, 1000000000, "0",                     \
		"of each folder, fetch only so many of the newest"),                   \
	SETTING_CHOOSE(type, member.first, "first", "all|now", "all",                        \
		"what the first run does with what is there"),                         \
	SETTING_RANGE(type, member.max_messages, "max-messages", 1, 1000000000, "0",         \
		"fetch so many in one run"),                                                 \
	SETTING(type, member.max_bytes, "max-bytes", BYTES, NULL,                            \
		"fetch so much in one run"),                                                 \
	SETTING(type, member.max_size, "max-size", BYTES, NULL,                              \
		"leave larger messages at the server"),                                      \
	SETTING_CHOOSE(type, member.oversize, "oversize", "skip|header|discard", "skip",     \
		"what becomes of larger ones")

/* Can they be, and do they go together? FAULT_CONFIG, without the place. */
int choice_check(const struct choice *c, bool imap, struct fault *why);

/* Midnight (UTC) of the day that `since` means, in seconds since 1970; false: not set. */
bool choice_since(const struct choice *c, int64_t now, int64_t *day);

/* May something stay unfetched that is there, whatever its flags become? */
bool choice_is_partial(const struct choice *c);

/* A digest of all that chooses; it stands in the ledger, so it never changes. */
uint64_t choice_digest(const struct choice *c, bool keep);

#endif
