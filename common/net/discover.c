/*
 * From a domain to candidates: see discover.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/discover.h"

#include <strings.h>

/* LIMIT: a name server that is silent for so many questions will be for the others, too. */
enum { TROUBLES_MAX = 2 };

/* In order of preference: implicit TLS first. */
static const struct service {
	const char *label;
	enum wire_protocol protocol;
	enum wire_tls tls;
} services[] = {
	{ "_imaps._tcp", WIRE_IMAP, WIRE_TLS_IMPLICIT },
	{ "_imap._tcp", WIRE_IMAP, WIRE_TLS_STARTTLS },
	{ "_pop3s._tcp", WIRE_POP3, WIRE_TLS_IMPLICIT },
	{ "_pop3._tcp", WIRE_POP3, WIRE_TLS_STARTTLS },
	{ "_submissions._tcp", WIRE_SMTP, WIRE_TLS_IMPLICIT },
	{ "_submission._tcp", WIRE_SMTP, WIRE_TLS_STARTTLS },
};

/* Where there is no record; "%" stands for the domain. */
static const struct guess {
	const char *host;
	enum wire_protocol protocol;
	long port;
	enum wire_tls tls;
} guesses[] = {
	{ "imap.%", WIRE_IMAP, 993, WIRE_TLS_IMPLICIT },
	{ "mail.%", WIRE_IMAP, 993, WIRE_TLS_IMPLICIT },
	{ "%", WIRE_IMAP, 993, WIRE_TLS_IMPLICIT },
	{ "pop.%", WIRE_POP3, 995, WIRE_TLS_IMPLICIT },
	{ "mail.%", WIRE_POP3, 995, WIRE_TLS_IMPLICIT },
	{ "%", WIRE_POP3, 995, WIRE_TLS_IMPLICIT },
	{ "smtp.%", WIRE_SMTP, 465, WIRE_TLS_IMPLICIT },
	{ "smtp.%", WIRE_SMTP, 587, WIRE_TLS_STARTTLS },
	{ "mail.%", WIRE_SMTP, 465, WIRE_TLS_IMPLICIT },
	{ "mail.%", WIRE_SMTP, 587, WIRE_TLS_STARTTLS },
};

/* What the records say of one protocol. */
struct records {
	struct discover_list list;
	unsigned best; /* the lowest priority */
	bool denied;
};

static void list_free(struct discover_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i].host);
	free(list->at);
	*list = (struct discover_list){ 0 };
}

void discovered_free(struct discovered *d)
{
	list_free(&d->access);
	list_free(&d->submission);
	strings_free(&d->troubles);
}

static void add(struct discover_list *list, struct discover_server one)
{
	list->at = mem_grow(list->at, list->count + 1, sizeof(*list->at));
	list->at[list->count++] = one;
}

static void move_all(struct discover_list *from, struct discover_list *to)
{
	for (size_t i = 0; i < from->count; i++)
		add(to, from->at[i]);
	free(from->at);
	*from = (struct discover_list){ 0 };
}

static bool lies_in(const char *host, const char *domain)
{
	size_t len = strlen(domain);
	size_t all = strlen(host);

	return strcasecmp(host, domain) == 0 ||
		(all > len && host[all - len - 1] == '.' &&
			strcasecmp(host + all - len, domain) == 0);
}

static void look_up(const struct discover_wish *wish, enum wire_protocol protocol,
	struct records *out, struct strings *troubles)
{
	*out = (struct records){ .best = UINT16_MAX + 1 };
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		AUTO_SRV_LIST found = { 0 };
		struct fault why;

		if (services[i].protocol != protocol || troubles->count == TROUBLES_MAX)
			continue;
		if (srv_find(wish->resolver, services[i].label, wish->domain, &found, &why) < 0) {
			strings_add(troubles, slice_text(why.text));
			continue;
		}
		out->denied |= found.denied;
		for (size_t k = 0; k < found.count; k++) {
			const struct srv *one = &found.at[k];

			if (one->priority < out->best)
				out->best = one->priority;
			add(&out->list, (struct discover_server){ protocol, services[i].tls,
				mem_text(one->target), one->port, DISCOVER_RECORD,
				!lies_in(one->target, wish->domain) });
		}
	}
}

static void guess(const char *domain, enum wire_protocol protocol, struct discover_list *out)
{
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		const struct guess *g = &guesses[i];
		AUTO_BUF host = { 0 };

		if (g->protocol != protocol)
			continue;
		buf_add(&host, g->host, strlen(g->host) - 1);
		buf_add_text(&host, domain);
		if (!srv_is_host(buf_text(&host)))
			continue;
		add(out, (struct discover_server){ protocol, g->tls, buf_give(&host), g->port,
			DISCOVER_GUESS, false });
	}
}

static void add_known(struct discover_list *list, enum wire_protocol protocol, const char *host,
	enum wire_tls tls)
{
	long port = protocol == WIRE_SMTP && tls == WIRE_TLS_STARTTLS ? 587 :
		wire_default_port(protocol, tls);

	if (host)
		add(list, (struct discover_server){ protocol, tls, mem_text(host), port,
			DISCOVER_KNOWN, false });
}

static void take_known(const struct discover_wish *wish, struct discovered *out)
{
	const struct provider *p = out->provider;

	if (wish->imap)
		add_known(&out->access, WIRE_IMAP, p->imap, WIRE_TLS_IMPLICIT);
	if (wish->pop3)
		add_known(&out->access, WIRE_POP3, p->pop3, WIRE_TLS_IMPLICIT);
	add_known(&out->submission, WIRE_SMTP, p->smtp,
		p->starttls ? WIRE_TLS_STARTTLS : WIRE_TLS_IMPLICIT);
}

/* RFC 6186 section 3.4: the protocol with the lowest priority first; of equals IMAP. */
static void take_access(const struct discover_wish *wish, struct discovered *out)
{
	struct records imap = { .best = UINT16_MAX + 1 };
	struct records pop3 = { .best = UINT16_MAX + 1 };

	if (wish->imap)
		look_up(wish, WIRE_IMAP, &imap, &out->troubles);
	if (wish->pop3)
		look_up(wish, WIRE_POP3, &pop3, &out->troubles);
	if (pop3.best < imap.best)
		move_all(&pop3.list, &out->access);
	move_all(&imap.list, &out->access);
	move_all(&pop3.list, &out->access);
	if (out->access.count > 0)
		return;
	out->denied = imap.denied || pop3.denied;
	if (wish->imap && !out->denied)
		guess(wish->domain, WIRE_IMAP, &out->access);
	if (wish->pop3 && !out->denied)
		guess(wish->domain, WIRE_POP3, &out->access);
}

void discover_servers(const struct discover_wish *wish, struct discovered *out)
{
	struct records submission;

	*out = (struct discovered){ .provider = provider_find(wish->domain) };
	if (out->provider) {
		take_known(wish, out);
		return;
	}
	take_access(wish, out);
	look_up(wish, WIRE_SMTP, &submission, &out->troubles);
	move_all(&submission.list, &out->submission);
	if (out->submission.count == 0 && !submission.denied)
		guess(wish->domain, WIRE_SMTP, &out->submission);
}
