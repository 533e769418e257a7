/*
 * Tokens on disk: one file for each provider and user, shared by all processes of a user.
 *
 * $XDG_STATE_HOME/mailrail/tokens/KEY (mode 0600 in 0700), JSON, replaced whole and synced.
 * The lock is STATE/run/oauth-KEY.lock; what is written must have been read under it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_OAUTH_STORE_H
#define COMMON_NET_OAUTH_STORE_H

#include <stdint.h>

#include "common/base/stage.h"

/* LIMIT: of the file. */
enum { OAUTH_STORE_MAX = 64 * 1024 };

/* Owned texts, seconds since 1970. All zero: nobody has logged in. */
struct oauth_store {
	char *client_id;  /* whose tokens these are */
	char *scope;      /* what was asked for */
	char *refresh;    /* NULL: the provider gave none */
	char *access;
	int64_t expires;  /* of `access` */
	int64_t obtained;
	int64_t login;    /* when the user logged in */
	int64_t forced;   /* when a token was last renewed because a server refused it */
	/* Why no token can be had: until then nobody asks again. */
	int trouble;      /* enum fault_kind; FAULT_NONE */
	int64_t until;    /* FAULT_LOGIN: not before a new login */
	int64_t tries;    /* in a row */
	char *words;
};

#define AUTO_OAUTH_STORE __attribute__((cleanup(oauth_store_wipe))) struct oauth_store
void oauth_store_wipe(struct oauth_store *s);

/* *out is replaced. 1 there, 0 nobody has logged in, -1: FAULT_TEMP cannot be read,
 * FAULT_CONFIG it is damaged. */
int oauth_store_read(const char *key, struct oauth_store *out, struct fault *why);

/* 1: *lock is ours (io_close_at ends it); 0: somebody else has it; -1 FAULT_TEMP. */
int oauth_store_lock(const char *key, int *lock, struct fault *why);

struct oauth_writer {
	struct stage stage;
	int dir; /* owned */
};

#define AUTO_OAUTH_WRITER __attribute__((cleanup(oauth_writer_end))) struct oauth_writer
#define OAUTH_WRITER_NONE { .stage = STAGE_NONE, .dir = -1 }
void oauth_writer_end(struct oauth_writer *w);

/*
 * With the lock held. Makes room on disk before a provider is asked: a refresh token that
 * was exchanged and cannot be stored would be lost. FAULT_TEMP.
 */
int oauth_store_begin(const char *key, struct oauth_writer *out, struct fault *why);

/* Synced, file and directory, when it returns 0. FAULT_TEMP. Ends the writer. */
int oauth_store_write(const char *key, const struct oauth_store *s, struct oauth_writer *w,
	struct fault *why);

/* The file as JSON, and back: for the two above and for tests. -1: damaged. */
void oauth_store_put(const struct oauth_store *s, struct buf *out);
int oauth_store_parse(struct slice json, struct oauth_store *out);

#endif
