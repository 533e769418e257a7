/*
 * A file for each message.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_TAKE_FILES_H
#define FETCH_TAKE_FILES_H

#include "common/base/fault.h"

/*
 * Takes the stream on stdin into DIR, made when missing. A file is TIME-DIGEST.eml: when
 * the server got the message (else its Date, else 0) in UTC, and a digest of its id. A
 * message that comes again gets the same name: is it the same byte for byte, nothing is
 * done; else it becomes TIME-DIGEST-2.eml, for nothing is ever overwritten. LF line ends,
 * mode 0600; synced with its directory before the receipt. As taker_run.
 */
int files_take(const char *dir, const char *recipient, struct fault *why);

#endif
