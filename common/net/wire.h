/*
 * A connection to a mail server: bytes out, bytes and lines in (DESIGN section 6).
 *
 * libcurl resolves, connects (happy eyeballs, or the way that is given), speaks TLS (1.2 at
 * least) or STARTTLS and checks the certificate, with CURLOPT_CONNECT_ONLY and no
 * user name; then bytes are ours. The first command of ours must be a barrier with its own
 * tag (session_open does that): what came with libcurl's last answer is lost.
 *
 * wire_open blocks (a thread may call it) and the wire may then be used by one other
 * thread. Everything else is non-blocking unless it says "Blocking".
 *
 * The end of the stream says nothing about completeness, TLS or not: that comes from the
 * protocol. After a timeout, a cancel or any fault the stream is dead: close it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_WIRE_H
#define COMMON_NET_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

struct trust_rules;
struct handshake_facts;
struct way;

enum wire_protocol { WIRE_IMAP, WIRE_POP3, WIRE_SMTP };
enum wire_tls { WIRE_TLS_IMPLICIT, WIRE_TLS_STARTTLS, WIRE_TLS_NONE };

struct wire_plan {
	enum wire_protocol protocol;
	enum wire_tls tls;
	const char *host;     /* name or address, no brackets needed */
	long port;            /* 0: the protocol's, by tls */
	const struct trust_rules *trust; /* NULL: the default rules; borrowed */
	const struct way *way; /* NULL: straight; borrowed */
	const char *proxy_password; /* for the user in way->proxy; borrowed */
	const char *hello;    /* SMTP: our name for EHLO (NULL: the machine's) */
	int64_t timeout_ms;   /* for the opening as a whole, and between two bytes later */
	int cancel_fd;        /* readable: give up (-1: none); borrowed */
};

struct wire;

/* Once, before threads: libcurl's own start; SIGPIPE is ignored from then on. */
int wire_start(struct fault *why);

/* FAULT_CONFIG: no such host syntax, trust_rules_check, way_check. Contacts nobody. */
int wire_check(const struct wire_plan *plan, struct fault *why);

/*
 * Blocking, for timeout_ms at most. FAULT_CONFIG: what wire_check says. FAULT_TEMP: network,
 * certificate, STARTTLS not offered, a server that says "not now" (BYE, 421).
 * FAULT_PROTOCOL: a greeting that is none.
 */
int wire_open(const struct wire_plan *plan, struct wire **out, struct fault *why);

/* The port that stands for 0. */
long wire_default_port(enum wire_protocol protocol, enum wire_tls tls);

/* The send/receive table below the wire, so that tests can use a socket pair. */
struct wire_ops {
	/* Bytes, 0 end of stream, -1 with errno (EAGAIN: nothing now). Never block. */
	ssize_t (*recv)(void *state, void *ptr, size_t len);
	/* After EAGAIN it is called again with the same address and length. */
	ssize_t (*send)(void *state, const void *ptr, size_t len);
	void (*close)(void *state);
	/* Adds to a sentence about its end what is known of the reason; NULL: nothing. */
	void (*explain)(void *state, struct fault *why);
	int fd;           /* for poll; borrowed, `close` ends it */
	bool encrypted;
	const char *name; /* "host:port" for sentences; copied */
};
struct wire *wire_from(const struct wire_ops *ops, void *state, int64_t timeout_ms);

/* Table for a connected socket, which is owned then (a tunnel, a socket pair). */
struct wire *wire_from_socket(int fd, const char *name, bool encrypted, int64_t timeout_ms);

/*
 * Puts a layer between the wire and its table: *below and *below_state get what was there,
 * for the layer to use and, in its close, to close. Of `ops` only the functions count.
 */
void wire_layer(struct wire *w, const struct wire_ops *ops, void *state,
	struct wire_ops *below, void **below_state);

void wire_close(struct wire *w); /* without a word: LOGOUT and QUIT are the caller's */
#define AUTO_WIRE __attribute__((cleanup(wire_close_at))) struct wire
void wire_close_at(struct wire **w);

/* "host:port", for sentences. */
const char *wire_name(const struct wire *w);
bool wire_is_encrypted(const struct wire *w);

/* What TLS told of the server (handshake.h); NULL without TLS, or when we did not open it. */
const struct handshake_facts *wire_facts(const struct wire *w);
void wire_set_facts(struct wire *w, const struct handshake_facts *facts); /* copied */

/* Server lines seen by libcurl since the last start of TLS (greeting, capabilities). */
const struct strings *wire_greeting(const struct wire *w);
void wire_greet(struct wire *w, struct slice line); /* adds one; for those who open a wire */

/* What is queued and comes from now on (or no longer) holds a secret: wire_trace.h. */
void wire_hide(struct wire *w, bool hide);

/* From now on: another time between two bytes; another cancel descriptor (-1: none). */
void wire_set_timeout(struct wire *w, int64_t timeout_ms);
void wire_set_cancel(struct wire *w, int cancel_fd);

/*
 * An end (clock_tick, CLOCK_NEVER: none) that bytes do not move, against a server that
 * drips. It is in wire_deadline and in the blocking calls.
 */
void wire_set_end(struct wire *w, int64_t tick);

/* Adds to the send queue; no I/O. The queue and the send chunk keep libcurl's rule (same
 * address after EAGAIN). The time for an answer begins anew. */
void wire_queue(struct wire *w, const void *ptr, size_t len);
void wire_queuef(struct wire *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
size_t wire_queued(const struct wire *w); /* bytes not yet sent */

/* Sends what can be sent now. 0, or -1 (FAULT_TEMP: connection lost). */
int wire_send(struct wire *w, struct fault *why);

/*
 * Reads what is there now (all that TLS holds) into wire_input. 1: got bytes, or the input
 * holds `limit` bytes already (take some first); 0: nothing now; 2: the server closed (what
 * it sent before is in wire_input); -1: FAULT_TEMP. Reads no further than `limit` bytes of
 * input: then more may wait although poll is silent, so take and call again until 0 or 2.
 */
int wire_receive(struct wire *w, size_t limit, struct fault *why);

/* For "2" where more was awaited: FAULT_TEMP with what is known of the reason; -1. */
int wire_closed(const struct wire *w, struct fault *why);

/* What was received and not yet taken: look (until the next receive), then wire_take. */
struct slice wire_input(const struct wire *w);
void wire_take(struct wire *w, size_t len);

/* For poll sets: descriptor, events wanted now, and the time of the next timeout. */
int wire_fd(const struct wire *w);
short wire_events(const struct wire *w);
int64_t wire_deadline(const struct wire *w); /* clock_tick; moves with each byte */

/*
 * Blocking: sends the queue, waits for a whole line, gives it without CRLF or LF (valid
 * until the next call). Lines over `limit` are FAULT_PROTOCOL. The server's close, a
 * timeout and cancel are FAULT_TEMP. Sending goes on while it waits.
 */
int wire_read_line(struct wire *w, size_t limit, struct slice *line, struct fault *why);

/*
 * Blocking: waits until something can be received or sent; call it only when wire_receive
 * said 0 or was not called for lack of room to send. FAULT_TEMP on timeout, cancel.
 */
int wire_wait(struct wire *w, struct fault *why);

#endif
