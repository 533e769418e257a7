/*
 * One request over HTTPS: a form out, an answer in (RFC 6749 section 3.2). No redirect is
 * followed, no cookie kept, nothing shown.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_HTTPS_H
#define COMMON_NET_HTTPS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"
#include "common/net/way.h"

/* LIMIT: of an answer. Tokens are a few KiB. */
enum { HTTPS_ANSWER_MAX = 64 * 1024 };

/* https://, or http:// to this machine (127.0.0.1, [::1], localhost); no user in it. */
bool https_url_is_safe(const char *url);

struct https_plan {
	const char *url;
	const char *ca_file;  /* PEM, instead of the system's; NULL: the system's */
	/* For https:// its proxy is used, without one that of the environment; else none. */
	const struct way *way;
	const char *proxy_password;
	int64_t timeout_ms;   /* for the whole of it */
	int cancel_fd;        /* readable: give up (-1: none); borrowed */
};

struct https_answer {
	long status;          /* 0: none came */
	int64_t retry_after;  /* seconds, of Retry-After; 0: none */
	struct buf body;      /* wiped by https_answer_wipe */
};

#define AUTO_HTTPS_ANSWER __attribute__((cleanup(https_answer_wipe))) struct https_answer
void https_answer_wipe(struct https_answer *a);

/*
 * Blocking: POSTs the form (wire_start was called before). 0 whatever the status says; *out
 * may be filled in part after a fault. FAULT_CONFIG: a URL that is not safe, a ca_file that
 * cannot be read; FAULT_TEMP: network, certificate, time, cancel; FAULT_PROTOCOL: an answer
 * over the limit. Sentences begin with the URL's host.
 */
int https_post(const struct https_plan *plan, struct slice form, struct https_answer *out,
	struct fault *why);

#endif
