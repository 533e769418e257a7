/*
 * What a provider answers, without a socket: JSON in, facts out (RFC 6749 section 5, RFC
 * 8628 section 3.2). Texts are checked: what is not printable ASCII is refused, so that
 * nothing of a provider can end a line of ours.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_ANSWER_H
#define COMMON_NET_OAUTH_ANSWER_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: a token; those of Microsoft reach 4 KiB, and a login line must hold one. */
enum { OAUTH_TOKEN_MAX = 16 * 1024 };

/* LIMIT: seconds that a token may say to live: from a minute to a year. */
enum { OAUTH_LIFE_MIN = 60, OAUTH_LIFE_MAX = 366 * 24 * 60 * 60 };

/* What lives for how long when the provider does not say: an hour, as most give. */
enum { OAUTH_LIFE_UNKNOWN = 3600 };

struct oauth_answer {
	char *access;  /* owned; NULL in an answer that says `error` */
	char *refresh; /* NULL: the one we have stays */
	char *scope;   /* NULL: what was asked for */
	int64_t life;  /* seconds, OAUTH_LIFE_MIN..OAUTH_LIFE_MAX */
	char *error;   /* code of section 5.2; NULL: none */
	struct buf detail; /* "error: error_description", in one line, fit to be shown */
};

#define AUTO_OAUTH_ANSWER __attribute__((cleanup(oauth_answer_wipe))) struct oauth_answer
void oauth_answer_wipe(struct oauth_answer *a);

/* 0: either `access` or `error` is there; -1 FAULT_PROTOCOL. */
int oauth_answer_read(struct slice json, struct oauth_answer *out, struct fault *why);

struct oauth_device {
	char *code;      /* secret */
	char *user_code; /* to be typed at url */
	char *url;
	char *url_complete; /* holds the code already; NULL: none */
	int64_t life;    /* seconds */
	int64_t interval; /* seconds between two questions, 1..60 */
	char *error;     /* as above */
	struct buf detail;
};

#define AUTO_OAUTH_DEVICE __attribute__((cleanup(oauth_device_wipe))) struct oauth_device
void oauth_device_wipe(struct oauth_device *d);

/* 0: either `code` or `error` is there; -1 FAULT_PROTOCOL. */
int oauth_device_read(struct slice json, struct oauth_device *out, struct fault *why);

/*
 * What an error code (of a refresh, or of a login) means to us: FAULT_LOGIN: the user must
 * log in again; FAULT_CONFIG: the application is not right; else FAULT_TEMP.
 */
enum fault_kind oauth_error_kind(const char *error);

#endif
