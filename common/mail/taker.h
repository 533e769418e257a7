/*
 * The last program of the pipe when it is not mr-deliver: a mail stream in, one message
 * after the other to somebody who stores it, receipts out.
 *
 * Somebody takes a message for each recipient on his own. Where some did and others are to
 * be tried again, the ledger remembers who has it, so that nobody gets it twice. A message
 * that is taken for all, or for none, leaves no trace there.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_TAKER_H
#define COMMON_MAIL_TAKER_H

#include "common/base/fault.h"
#include "common/mail/receipt.h"

struct taker_message {
	const struct frame *frame;
	struct slice header;  /* its first 256 KiB at most; LF line ends, as all of it */
	const char *sender;   /* mail-from, else Return-Path, else the null sender "" */
	struct strings to;    /* those who have it not yet, at least one */
	int fd;               /* all its bytes; the offset is the reader's */
	uint64_t size;
	bool eight_bit;       /* it holds bytes over 127 */
};

/* What became of it for one recipient. */
struct taker_result {
	enum receipt_verdict verdict;
	struct fault why; /* unless stored */
};

struct taker {
	const char *target;    /* names it in the ledger: "lmtp:/run/dovecot/lmtp" */
	const char *recipient; /* of messages without rcpt-to */
	bool whole;            /* it is taken once, whoever the recipients are: `to` is the first */
	/* Fills results[i] for to.at[i]. */
	void (*take)(void *arg, const struct taker_message *m, struct taker_result *results);
	void *arg;
};

/*
 * Until the end of the stream on `fd`. What goes wrong has been said: a line on stderr for
 * each message that is not taken (LIMIT: ten, then their number). FAULT_TEMP: something was
 * deferred, the stream broke off or was none; FAULT_DATA: something was refused.
 */
int taker_run(const struct taker *taker, int fd, struct fault *why);

#endif
