/*
 * What a provider sends back through the browser, without a socket (RFC 6749 section 4.1.2,
 * RFC 8252 section 7).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_REDIRECT_H
#define COMMON_NET_OAUTH_REDIRECT_H

#include "common/base/buf.h"
#include "common/base/fault.h"

/* LIMIT: head of a request, or what is pasted: browsers stop at 8 KiB of URL or so. */
enum { REDIRECT_MAX = 16 * 1024 };

/*
 * A redirect URL to this machine: "http://127.0.0.1[:PORT][/PATH]", or localhost. false: it
 * leads elsewhere, and the user has to bring the answer.
 */
struct redirect {
	const char *url;   /* as configured; borrowed */
	struct slice host; /* "http://127.0.0.1" */
	long port;         /* 0: any */
	struct slice path; /* "" or "/..." */
};
bool redirect_parse(const char *url, struct redirect *out);

/* The head of a request: 1 whole, *target is the path with query of a GET (empty: no GET, or
 * no HTTP); 0 more is to come. */
int redirect_request(struct slice head, struct slice *target);

/* Whether a target is the one of the redirect URL (a root path may be "" or "/"). */
bool redirect_is_ours(const struct redirect *r, struct slice target);

/*
 * The answer in a target or a URL. 1: *code is filled; 0: not ours: no state, or another
 * one; -1 FAULT_LOGIN: the provider says no, in its words, or there is no code in it.
 */
int redirect_answer(struct slice target, const char *state, struct buf *code,
	struct fault *why);

#endif
