/*
 * What the rules discard by its header is not fetched: fetch/hand/deciding.h for IMAP.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_DECIDE_H
#define FETCH_IMAP_DECIDE_H

#include "fetch/imap/imap.h"

/* All that is wanted was chosen: what of it do the rules want? */
void imap_decide_begin(struct imap_source *s);

/* Nothing is left to be fetched of what was decided: asks for more. False: there is none. */
bool imap_decide_more(struct imap_source *s);
void imap_decide_heard(struct imap_source *s, const struct imap_fetch *fetch);

/* All headers of the survey came: waits for the rules, then goes on to fetching. */
int imap_decide_on(struct imap_source *s, struct fault *why);

#endif
