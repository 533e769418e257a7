/*
 * A stream to an SMTP or LMTP server: see carry_server.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/carry_server.h"

#include <errno.h>
#include <pwd.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/mail/taker.h"
#include "common/net/lmtp.h"
#include "common/net/smtp.h"
#include "relay/carry_target.h"

/* LIMIT: RFC 5321 4.5.3.1.8: every server takes so many recipients at once. */
enum { RECIPIENTS_AT_ONCE = 100 };
/* LIMIT: one piece of a message in memory. */
enum { PIECE = 64 * 1024 };
/* LIMIT: for the connection and between two bytes of it; for a reply RFC 5321's times. */
enum { OPEN_MS = 60 * 1000 };
/* LIMIT: for the reply to the final dot: mr-fetch waits a quarter of an hour for a receipt. */
enum { FINAL_MS = 10 * 60 * 1000 };
/* A server that cannot be reached is not asked again for every message. */
enum { AGAIN_MS = 30 * 1000 };

struct carry {
	const struct relay_settings *settings;
	const struct carry_target *target;
	struct session session;
	struct smtp smtp;
	bool open;
	unsigned carried;       /* transactions over this connection */
	struct fault unreached; /* why the last try failed, until `again` */
	int64_t again;
};

static int open_session(struct carry *c, struct fault *why)
{
	const struct carry_target *t = c->target;
	const struct lmtp_plan plan = { .path = t->path, .host = t->host, .port = t->port,
		.hello = c->settings->hostname, .timeout_ms = OPEN_MS };
	const struct server server = { .host = t->host, .port = t->port, .tls = (int)t->tls,
		.trust.ca_file = t->ca_file, .timeout = OPEN_MS };

	if (t->lmtp)
		return lmtp_open(&plan, &c->session, why);
	return session_open(WIRE_SMTP, &server, c->settings->hostname, -1, &c->session, why);
}

static int connect_server(struct carry *c, struct fault *why)
{
	if (c->open)
		return 0;
	if (c->unreached.kind != FAULT_NONE && clock_tick() < c->again) {
		*why = c->unreached;
		return -1;
	}
	c->unreached = (struct fault){ 0 };
	if (open_session(c, why) < 0) {
		c->unreached = *why;
		c->again = clock_deadline(AGAIN_MS);
		return -1;
	}
	smtp_begin(&c->smtp, &c->session, 0, FINAL_MS);
	c->smtp.lmtp = c->target->lmtp;
	c->open = true;
	c->carried = 0;
	return 0;
}

static void disconnect(struct carry *c)
{
	if (!c->open)
		return;
	smtp_quit(&c->smtp);
	session_close(&c->session);
	c->session = (struct session){ 0 };
	c->open = false;
}

static int read_piece(void *state, struct buf *out, struct fault *why)
{
	int fd = *(const int *)state;
	ssize_t n;

	buf_reserve(out, PIECE);
	n = io_read(fd, out->ptr + out->len, PIECE);
	if (n < 0)
		return fault_set(why, FAULT_TEMP, "read the message: %s", strerror(errno));
	out->len += (size_t)n;
	out->ptr[out->len] = '\0';
	return n > 0;
}

/* Nothing was taken or refused: over a new connection it may go at once. */
static bool is_untouched(const struct smtp_results *results)
{
	for (size_t i = 0; i < results->count; i++) {
		if (results->at[i].verdict != SMTP_DEFERRED || results->at[i].maybe_duplicate)
			return false;
	}
	return true;
}

static int send_once(struct carry *c, const struct taker_message *m, const struct strings *to,
	struct smtp_results *out, struct fault *why)
{
	int fd = m->fd;
	const struct smtp_envelope envelope = { .from = m->sender, .to = to, .size = m->size,
		.eight_bit = m->eight_bit };
	const struct smtp_source source = { .read = read_piece, .state = &fd };

	if (connect_server(c, why) < 0)
		return -1;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return fault_set(why, FAULT_TEMP, "read the message: %s", strerror(errno));
	if (smtp_send(&c->smtp, &envelope, &source, out, why) == 0) {
		c->carried++;
		return 0;
	}
	return -1;
}

static void put_result(const struct carry *c, const char *recipient,
	const struct smtp_result *from, struct taker_result *to)
{
	to->verdict = from->verdict == SMTP_DELIVERED ? RECEIPT_STORED :
		from->verdict == SMTP_REFUSED ? RECEIPT_REFUSED : RECEIPT_DEFERRED;
	if (to->verdict == RECEIPT_STORED)
		return;
	fault_set(&to->why, FAULT_TEMP, "%s: %s: %s%s",
		c->open ? wire_name(c->session.wire) : c->target->host, recipient,
		from->text ? from->text : "",
		from->maybe_duplicate ? " (it may have been taken: it may come twice)" : "");
}

static void send_group(struct carry *c, const struct taker_message *m, const struct strings *to,
	struct taker_result *results)
{
	AUTO_SMTP_RESULTS answers = { 0 };
	struct fault why = { 0 };
	bool reused = c->open && c->carried > 0;
	int sent = send_once(c, m, to, &answers, &why);

	/* Servers end a connection after so many messages, or after a pause. */
	if (sent < 0 && reused && is_untouched(&answers)) {
		disconnect(c);
		smtp_results_free(&answers);
		sent = send_once(c, m, to, &answers, &why);
	}
	for (size_t i = 0; i < to->count; i++) {
		if (i < answers.count) {
			put_result(c, to->at[i], &answers.at[i], &results[i]);
		} else {
			results[i].verdict = RECEIPT_DEFERRED;
			results[i].why = why;
		}
	}
	if (sent < 0)
		disconnect(c);
}

/* RFC 5321 section 2.3.5: what leaves us by SMTP has a domain. */
static void add_recipient(const struct carry *c, const char *address, struct strings *to)
{
	AUTO_BUF full = { 0 };

	buf_add_text(&full, address);
	if (!c->target->lmtp && !strchr(address, '@'))
		buf_addf(&full, "@%s", c->settings->hostname);
	strings_give(to, buf_give(&full));
}

static void take(void *arg, const struct taker_message *m, struct taker_result *results)
{
	struct carry *c = arg;

	for (size_t from = 0; from < m->to.count; from += RECIPIENTS_AT_ONCE) {
		AUTO_STRINGS group = { 0 };

		for (size_t i = from; i < m->to.count && group.count < RECIPIENTS_AT_ONCE; i++)
			add_recipient(c, m->to.at[i], &group);
		send_group(c, m, &group, results + from);
	}
}

static const char *login_name(void)
{
	const struct passwd *user = getpwuid(getuid());

	return user && *user->pw_name ? user->pw_name : "postmaster";
}

int carry_server(const struct relay_settings *settings, const char *text, bool *said,
	struct fault *why)
{
	AUTO_CARRY_TARGET target = { 0 };
	struct carry c = { .settings = settings, .target = &target };
	struct taker taker = { .target = text, .take = take, .arg = &c };
	int result;

	*said = false;
	if (carry_target_read(text, &target, why) < 0)
		return -1;
	*said = true;
	taker.recipient = target.to ? target.to : login_name();
	result = taker_run(&taker, STDIN_FILENO, why);
	disconnect(&c);
	return result;
}
