/*
 * The one file that knows libcurl: a connection to a mail server (DESIGN section 6).
 *
 * libcurl resolves, connects (happy eyeballs, proxies), speaks TLS or STARTTLS and checks
 * the certificate, with CURLOPT_CONNECT_ONLY and no user name; then bytes are ours. The
 * first command of ours must be a barrier with its own tag (login does that).
 *
 * wire_open blocks (a thread may call it) and the wire may then be used by one other
 * thread. Everything else is non-blocking unless a deadline is given.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_WIRE_H
#define COMMON_NET_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

enum wire_protocol { WIRE_IMAP, WIRE_POP3, WIRE_SMTP };
enum wire_tls { WIRE_TLS_IMPLICIT, WIRE_TLS_STARTTLS, WIRE_TLS_NONE };

struct wire_plan {
	enum wire_protocol protocol;
	enum wire_tls tls;
	const char *host;
	long port;            /* 0: the protocol's, by tls */
	const char *ca_file;  /* NULL: the system's */
	const char *hello;    /* SMTP: our name for EHLO; NULL elsewhere */
	int64_t timeout_ms;   /* for the opening as a whole, and between two bytes later */
	int cancel_fd;        /* readable: give up (-1: none) */
};

struct wire;

/* Once, before threads. */
int wire_start(struct fault *why);

/* FAULT_TEMP for the network and certificates, FAULT_PROTOCOL for a nonsense greeting. */
int wire_open(const struct wire_plan *plan, struct wire **out, struct fault *why);

/* The send/receive table below the wire, so that tests can use a socket pair. */
struct wire_ops {
	/* bytes, 0 end of stream, -1 with errno (EAGAIN: nothing now). */
	ssize_t (*recv)(void *state, void *ptr, size_t len);
	ssize_t (*send)(void *state, const void *ptr, size_t len);
	void (*close)(void *state);
	int fd;
};
struct wire *wire_from(const struct wire_ops *ops, void *state, int64_t timeout_ms);

void wire_close(struct wire *w); /* without a word: LOGOUT and QUIT are the caller's */

/* Server lines seen by libcurl since the last start of TLS (greeting, capabilities). */
const struct strings *wire_greeting(const struct wire *w);
bool wire_is_encrypted(const struct wire *w);

/* Adds to the send queue; no I/O. Queue and send chunk keep their addresses (libcurl.md). */
void wire_queue(struct wire *w, const void *ptr, size_t len);
void wire_queuef(struct wire *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
size_t wire_queued(const struct wire *w);

/* Sends what can be sent now. 0, or -1 (FAULT_TEMP: connection lost). */
int wire_send(struct wire *w, struct fault *why);

/*
 * Reads what is there now (all that TLS holds) into wire_input. 1: got bytes; 0: nothing
 * now; 2: the server closed; -1: FAULT_TEMP. Stops when the input holds `limit` bytes.
 */
int wire_receive(struct wire *w, size_t limit, struct fault *why);

/* What was received and not yet taken: look, then wire_take. */
struct slice wire_input(const struct wire *w);
void wire_take(struct wire *w, size_t len);

/* For poll sets: descriptor, events wanted now, and the time of the next timeout. */
int wire_fd(const struct wire *w);
short wire_events(const struct wire *w);
int64_t wire_deadline(const struct wire *w); /* clock_tick; moves with each byte */

/*
 * Blocking: sends the queue, waits for a whole line, gives it without CRLF (valid until
 * the next call). Lines over `limit` are FAULT_PROTOCOL. The server's close, a timeout and
 * cancel are FAULT_TEMP.
 */
int wire_read_line(struct wire *w, size_t limit, struct slice *line, struct fault *why);

/* Blocking: waits until something can be received or sent. FAULT_TEMP on timeout, cancel. */
int wire_wait(struct wire *w, struct fault *why);

#endif
