/*
 * What libcurl is told before it opens a wire: see wire_own.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/wire_own.h"

#include <ctype.h>

static const struct {
	const char *plain, *implicit; /* URL schemes */
	long plain_port, implicit_port, submit_port;
} schemes[] = {
	[WIRE_IMAP] = { "imap", "imaps", 143, 993, 143 },
	[WIRE_POP3] = { "pop3", "pop3s", 110, 995, 110 },
	[WIRE_SMTP] = { "smtp", "smtps", 25, 465, 587 },
};

static bool is_greeting(struct slice line, enum wire_protocol protocol)
{
	switch (protocol) {
	case WIRE_IMAP:
		return slice_starts(line, "* ");
	case WIRE_POP3:
		return slice_starts_case(line, "+OK") || slice_starts_case(line, "-ERR");
	case WIRE_SMTP:
		break;
	}
	return line.len >= 3 && line.ptr[0] >= '2' && line.ptr[0] <= '5';
}

/*
 * One line from the server, before the hand-over. libcurl bounds them all at 300 KiB, and
 * would wait for a greeting behind any other first line until the time is over.
 */
static size_t on_line(char *ptr, size_t size, size_t count, void *state)
{
	struct link *l = state;
	struct slice line = slice_trim(slice_of(ptr, size * count));

	strings_add(&l->lines, line);
	l->nonsense |= !l->greeted && !is_greeting(line, l->protocol);
	l->greeted = true;
	return l->nonsense ? 0 : size * count;
}

/* TLS begins: what was said before it in clear may be anybody's. */
static CURLcode on_tls(CURL *easy, void *context, void *state)
{
	struct link *l = state;

	(void)easy;
	strings_clear(&l->lines);
	handshake_prepare(l->handshake, context);
	return CURLE_OK;
}

static const char *scheme_of(const struct wire_plan *plan)
{
	return plan->tls == WIRE_TLS_IMPLICIT ? schemes[plan->protocol].implicit
					      : schemes[plan->protocol].plain;
}

static bool host_is_sane(const char *host)
{
	size_t len = strlen(host);

	if (len == 0 || len > 255)
		return false;
	for (const char *p = host; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c <= ' ' || c == 127 || strchr("/@?#%\\\"<>", *p))
			return false;
	}
	return true;
}

static void add_host(struct buf *out, const char *host, long port)
{
	bool bare_v6 = strchr(host, ':') && host[0] != '[';

	buf_addf(out, bare_v6 ? "[%s]:%ld" : "%s:%ld", host, port);
}

/* libcurl takes the name for SNI and for the certificate from the URL. */
static void add_url(struct buf *url, const struct wire_plan *plan, long port)
{
	buf_addf(url, "%s://", scheme_of(plan));
	add_host(url, plan->trust && plan->trust->name ? plan->trust->name : plan->host, port);
	buf_add_byte(url, '/');
	/* The path of smtp:// is the name for EHLO. */
	for (const char *p = plan->protocol == WIRE_SMTP ? plan->hello : NULL; p && *p; p++) {
		if (isalnum((unsigned char)*p) || strchr("-._", *p))
			buf_add_byte(url, *p);
		else
			buf_addf(url, "%%%02X", (unsigned char)*p);
	}
}

/* CURLOPT_CONNECT_TO: any host and port of the URL ("::") to these. */
static CURLcode set_place(struct link *l, const struct wire_plan *plan, long port)
{
	AUTO_BUF place = { 0 };

	if (!plan->trust || !plan->trust->name)
		return CURLE_OK;
	buf_add_text(&place, "::");
	add_host(&place, plan->host, port);
	l->connect_to = curl_slist_append(NULL, buf_text(&place));
	return l->connect_to ? curl_easy_setopt(l->easy, CURLOPT_CONNECT_TO, l->connect_to)
			     : CURLE_OUT_OF_MEMORY;
}

static CURLcode set_rules(CURL *easy, const struct trust_rules *rules)
{
	CURLcode bad = CURLE_OK;

	if (rules->least == TRUST_TLS_1_3)
		bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
	if (rules->ca_file || rules->ca_dir) {
		/* Each alone would leave the system's other one trusted beside it. */
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, rules->ca_file);
		bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, rules->ca_dir);
	}
	if (rules->way != TRUST_CA) {
		/* Then handshake.h alone decides, and does. */
		bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (rules->cert_file) {
		bad |= curl_easy_setopt(easy, CURLOPT_SSLCERT, rules->cert_file);
		bad |= curl_easy_setopt(easy, CURLOPT_SSLKEY,
			rules->key_file ? rules->key_file : rules->cert_file);
	}
	return bad;
}

static CURLcode set_protection(CURL *easy, const struct wire_plan *plan)
{
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_USE_SSL,
		(long)(plan->tls == WIRE_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	return plan->trust ? bad | set_rules(easy, plan->trust) : bad;
}

static CURLcode set_options(struct link *l, const struct wire_plan *plan, const char *url)
{
	CURL *easy = l->easy;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_URL, url);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme_of(plan));
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, l->error);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, l);
	bad |= curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, l);
	if (plan->timeout_ms > 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)plan->timeout_ms);
		bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)plan->timeout_ms);
		bad |= curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
			(long)((plan->timeout_ms + 999) / 1000));
	}
	return bad | set_protection(easy, plan);
}

int wire_check(const struct wire_plan *plan, struct fault *why)
{
	const struct trust_rules *rules = plan->trust;

	if (!host_is_sane(plan->host))
		return fault_set(why, FAULT_CONFIG, "host \"%s\" is no name of a server",
			plan->host);
	if (rules && rules->name && !host_is_sane(rules->name))
		return fault_set(why, FAULT_CONFIG, "tls-name \"%s\" is no name of a server",
			rules->name);
	if (plan->way && way_check(plan->way, why) < 0)
		return -1;
	return rules ? trust_rules_check(rules, plan->tls != WIRE_TLS_NONE, why) : 0;
}

int link_set(struct link *l, const struct wire_plan *plan, struct fault *why)
{
	long port = plan->port ? plan->port : wire_default_port(plan->protocol, plan->tls);
	AUTO_BUF url = { 0 };

	add_url(&url, plan, port);
	if (set_options(l, plan, buf_text(&url)) != CURLE_OK ||
		set_place(l, plan, port) != CURLE_OK || link_set_way(l, plan) != CURLE_OK)
		return fault_set(why, FAULT_TEMP, "this libcurl (%s) lacks what is needed",
			curl_version());
	return 0;
}

long wire_default_port(enum wire_protocol protocol, enum wire_tls tls)
{
	if (tls == WIRE_TLS_IMPLICIT)
		return schemes[protocol].implicit_port;
	return tls == WIRE_TLS_STARTTLS ? schemes[protocol].submit_port
					: schemes[protocol].plain_port;
}
