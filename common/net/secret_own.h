/*
 * The places where a secret may lie. For common/net/secret*.c only.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_SECRET_OWN_H
#define COMMON_NET_SECRET_OWN_H

#include "common/net/secret.h"

/* Faults say what is wrong with the place; secret_get puts setting and server before it. */

/*
 * Runs it without stdin and terminal, for 60 s at most; the first line of its stdout is the
 * secret. FAULT_CONFIG: it fails (with the last line of its stderr) or prints none;
 * FAULT_TEMP: cancel_fd became readable.
 */
int secret_run(char *const *argv, int cancel_fd, char **out, struct fault *why);

/* The first line of $CREDENTIALS_DIRECTORY/NAME. */
int secret_credential(const char *name, char **out, struct fault *why);

/*
 * The password of user at host in a netrc file: 1, 0 when it has none (also when the file
 * does not exist), or -1: FAULT_CONFIG when it is malformed, is no plain file, or has the
 * password and can be read by others.
 */
int secret_netrc(const char *path, const char *host, const char *user, char **out,
	struct fault *why);

/*
 * Asks on the terminal, once per process for each server and user. 1 typed; 0 nobody is
 * there to ask: stdin or stderr is no terminal, or we are not in its foreground; -1:
 * FAULT_CONFIG nothing was typed, FAULT_TEMP cancel_fd or a signal.
 */
int secret_prompt(const struct server *server, int cancel_fd, char **out, struct fault *why);

/* The first line as an owned text: 1, 0 when it is empty, -1 when it holds a NUL. */
int secret_first_line(struct slice text, char **out);

/* "FILE:LINE: the SETTING of HOST" before the sentence; returns -1. */
int secret_prefix(const struct server *server, const char *setting, struct fault *why);

void secret_wipe_buf(struct buf *b);

#endif
