/*
 * Rejected mail (RFC 5429), when its header is known: who can be told, and how.
 *
 *	the caller can refuse (--refuse)     exit status 69, the reason on stderr
 *	the sender can be told               a report (common/mail/report) to the queue
 *	nobody must be told                  the message is kept
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_REJECT_H
#define DELIVER_REJECT_H

#include "deliver/arrival.h"

/* What is left to do: NULL, it is refused or its report is made; else why it is to be kept. */
const char *reject_end(struct run *r, struct arrival *a, struct part *p, struct slice header);

#endif
