/*
 * Which folders an IMAP account has, and which of them are wanted.
 *
 * A name of the server may become part of a path: what has control characters, a part "."
 * or "..", or begins with "/" is told as trouble and left out.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_FOLDERS_H
#define FETCH_IMAP_FOLDERS_H

#include "common/net/login.h"
#include "fetch/imap/foldername.h"
#include "fetch/imap/talk.h"

struct folder {
	char *wire;      /* its name as the server writes it */
	char *uses;      /* its attributes: "\HasNoChildren \Sent"; "" */
	bool subscribed; /* known only where that was asked for */
	/* What LIST ... RETURN (STATUS) said, where it was asked for; 0: not told. */
	struct imap_status status;
};

struct folders {
	struct folder *at;
	size_t count, room;
	struct strings wire;  /* the names of all of them, once more */
	struct folder_names names; /* how the server writes them */
	struct fault trouble; /* a name that nobody can use; the others are there */
};

#define AUTO_FOLDERS __attribute__((cleanup(folders_free))) struct folders
void folders_free(struct folders *f);

/* What is wanted of a server; all borrowed. */
struct folders_wish {
	const struct session *session; /* its capabilities; NULL: none */
	const struct strings *items;   /* see pick.h */
	bool subscribed;               /* only those */
	const char *status;            /* items of STATUS to ask with LIST, if it can; or NULL */
};

/*
 * The folders that are wanted, in the order of `items` where these are names and patterns,
 * else in the server's. Names are taken as they are: selecting them tells when they are not
 * there. Where everything is listed an absent name is among them, too.
 */
int folders_list(struct imap_talk *talk, const struct folders_wish *wish, struct folders *out,
	struct fault *why);

/* By its name at the server; NULL: it is not among them. */
struct folder *folders_find(const struct folders *f, const char *wire);

/* One of them is not wanted after all. */
void folders_drop(struct folders *f, const char *wire);

/*
 * The name at the server, added to *wire, of a folder that is not to be listed: by its name,
 * whether it is there or not, or by its special use ("\Trash"): nothing is added when the
 * server marks none. After folders_list.
 */
int folders_look(struct imap_talk *talk, const struct session *session, struct folders *f,
	const char *item, struct buf *wire, struct fault *why);

#endif
