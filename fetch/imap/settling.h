/*
 * How far a folder's stored messages have come at their server: see settle.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_SETTLING_H
#define FETCH_IMAP_SETTLING_H

#include "fetch/imap/letters.h"
#include "fetch/imap/plan.h"
#include "fetch/imap/uidset.h"

/* The way of a message; what the plan does not want is passed over. */
enum imap_stage {
	IMAP_STAGE_SET,     /* STORE +FLAGS */
	IMAP_STAGE_CLEAR,   /* STORE -FLAGS */
	IMAP_STAGE_MOVE,    /* MOVE, or COPY: then on to the next */
	IMAP_STAGE_MARK,    /* STORE +FLAGS (\Deleted) */
	IMAP_STAGE_EXPUNGE,
	IMAP_STAGES,        /* all is done */
};

struct imap_settling {
	struct imap_plan plan;
	struct buf permanent;             /* of PERMANENTFLAGS, without parentheses */
	bool permanent_known;
	bool undeletable;                 /* \Deleted is not among them */
	struct uidset queue[IMAP_STAGES]; /* what is to be sent next */
	struct uidset resumed;            /* of an earlier run: what of it is there? */
	struct uidset there;              /* the answer */
	struct uidset others;             /* marked \Deleted, by whomever */
	bool others_known;
	struct uidset due;                /* kept until today, now on its way out */
	bool create, created;             /* the target: to be made; was tried */
	struct imap_letters fed;          /* wait for their receipt */
	struct imap_letters stored;       /* rows to be written */
	struct uidset ended;              /* rows to be taken away */
	bool ended_all;
	bool has_rows;
	bool stale;                       /* many of them are about nothing */
};

void imap_settling_free(struct imap_settling *s);

#endif
