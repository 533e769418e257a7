/*
 * Which recipients of a message have it, while others are still to be tried: rows among
 * mr-deliver's actions (delivery.h), of kind "hand".
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef MAIL_LEDGER_HANDED_H
#define MAIL_LEDGER_HANDED_H

#include "common/base/buf.h"
#include "common/mail/frame.h"
#include "common/mail/ledger/ledger.h"

/* 1: this one has it, 0: not, -1. */
int handed_read(struct ledger *l, const struct frame *frame, const char *target,
	const char *recipient, struct fault *why);

/* These have it: durable when this returns 0. */
int handed_write(struct ledger *l, const struct frame *frame, const char *target,
	const struct strings *recipients, struct fault *why);

/* All have it: the rows go. */
int handed_end(struct ledger *l, const struct frame *frame, struct fault *why);

#endif
