/*
 * What becomes of a message at its server once it is stored here: one plan for a folder.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_PLAN_H
#define FETCH_IMAP_PLAN_H

#include "fetch/account.h"

enum imap_end {
	IMAP_KEEP,
	IMAP_DELETE,
	IMAP_MOVE, /* to `target` */
};

struct imap_plan {
	enum imap_end end;
	struct buf set;     /* flags as STORE takes them, "\\Seen $Done"; empty: none */
	struct buf clear;
	const char *target; /* wire name, borrowed; of what is moved; NULL: nothing ever is */
};

void imap_plan_free(struct imap_plan *p);

/*
 * The plan of the account's settings. `target` is the folder of move-to; or, where deleting
 * is a move (Gmail), the trash; else NULL.
 */
void imap_plan_make(const struct account *a, const char *target, struct imap_plan *out);

/* Anything to be done with what is stored? Then a folder is SELECTed, not EXAMINEd. */
bool imap_plan_changes(const struct imap_plan *p);

/*
 * RFC 3501 section 7.1: flags that are not in PERMANENTFLAGS ("\\Seen \\Deleted \\*") are
 * not kept by the server: they are taken out of the plan, and added to *lost.
 */
bool imap_plan_lists(struct slice list, struct slice flag); /* one of "a b c" */
void imap_plan_permit(struct imap_plan *p, struct slice permanent, struct strings *lost);

#endif
