/*
 * A program for each message, as procmail, maildrop or dovecot-lda are called.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_TAKE_MDA_H
#define FETCH_TAKE_MDA_H

#include "common/base/fault.h"

/* FAULT_USAGE: a command line that cannot be split; FAULT_CONFIG: no such program. */
int mda_check(const char *command, struct fault *why);

/*
 * Takes the stream on stdin. The command is split into words, without a shell; in them %T
 * is the recipient, %F the sender (MAILER-DAEMON for the null sender), %% a percent sign.
 * With %T it runs once for each recipient, else once for each message. The message stands
 * on its stdin with LF line ends, its stdout is our stderr.
 *
 * 0 is stored; 64 to 70 but 66, 76, 77 and 100 refused; all else, a signal and ten minutes
 * without an end deferred. As taker_run.
 */
int mda_take(const char *command, const char *recipient, struct fault *why);

#endif
