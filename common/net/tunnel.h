/*
 * A command whose stdin and stdout speak a server's protocol ("ssh host imapd").
 *
 * It listens on a socket that only this process may use; when that is connected to, the
 * command is started with the other end as its stdin and stdout, in a session of its own.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_TUNNEL_H
#define COMMON_NET_TUNNEL_H

#include "common/base/buf.h"
#include "common/base/fault.h"

struct tunnel;

/* *out is owned (tunnel_end). FAULT_TEMP: no sockets. */
int tunnel_start(const char *command, struct tunnel **out, struct fault *why);

/* Name of the socket in the abstract namespace (unix(7)), without the leading NUL. */
const char *tunnel_socket(const struct tunnel *t);

/* Readable: tunnel_accept has something to do. -1 when the command runs. */
int tunnel_fd(const struct tunnel *t);

/* Takes the connection and starts the command. Non-blocking; 0 also when nothing came. */
int tunnel_accept(struct tunnel *t, struct fault *why);

/* Adds the last line that the command wrote on stderr to the sentence, if any. */
void tunnel_explain(const struct tunnel *t, struct fault *why);

/* Our end must be closed. Waits a second, then ends the command and what it started. */
void tunnel_end(struct tunnel *t);

#endif
