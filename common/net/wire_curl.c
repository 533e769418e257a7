/*
 * Opening a wire, and its table over libcurl: the one file that knows libcurl (wire.h).
 *
 * Promises: no login is left to libcurl; TLS is never optional unless it was switched off;
 * a certificate that cannot be verified ends the opening; what a server says is shown to
 * nobody but in the sentence of a fault.
 *
 * SPDX-License-Identifier: ISC
 */
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/net/wire.h"

static const struct {
	const char *plain, *implicit; /* URL schemes */
	long plain_port, implicit_port, submit_port;
} schemes[] = {
	[WIRE_IMAP] = { "imap", "imaps", 143, 993, 143 },
	[WIRE_POP3] = { "pop3", "pop3s", 110, 995, 110 },
	[WIRE_SMTP] = { "smtp", "smtps", 25, 465, 587 },
};

struct link {
	CURL *easy;
	CURLM *multi; /* stays: taking the handle out would close the connection */
	struct strings lines;
	enum wire_protocol protocol;
	bool greeted;  /* the first line of all came */
	bool nonsense; /* and was no greeting */
	char error[CURL_ERROR_SIZE];
};

static void link_close(void *state)
{
	struct link *l = state;

	if (l->multi && l->easy)
		curl_multi_remove_handle(l->multi, l->easy);
	if (l->easy)
		curl_easy_cleanup(l->easy);
	if (l->multi)
		curl_multi_cleanup(l->multi);
	strings_free(&l->lines);
	free(l);
}

static void link_close_at(struct link **l)
{
	if (*l)
		link_close(*l);
}

/* libcurl's result as errno says it: the table's contract. */
static ssize_t transferred(CURLcode code, size_t n)
{
	if (code == CURLE_OK)
		return (ssize_t)n;
	errno = code == CURLE_AGAIN ? EAGAIN : code == CURLE_SEND_ERROR ? EPIPE : ECONNRESET;
	return -1;
}

static ssize_t link_recv(void *state, void *ptr, size_t len)
{
	size_t n = 0;
	CURLcode code = curl_easy_recv(((struct link *)state)->easy, ptr, len, &n);

	return transferred(code, n);
}

static ssize_t link_send(void *state, const void *ptr, size_t len)
{
	size_t n = 0;
	CURLcode code = curl_easy_send(((struct link *)state)->easy, ptr, len, &n);

	return transferred(code, n);
}

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
	(void)easy;
	(void)context;
	strings_clear(state);
	return CURLE_OK;
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

static void add_url(struct buf *url, const struct wire_plan *plan, long port)
{
	const char *scheme = plan->tls == WIRE_TLS_IMPLICIT ? schemes[plan->protocol].implicit
							    : schemes[plan->protocol].plain;
	bool bare_v6 = strchr(plan->host, ':') && plan->host[0] != '[';

	buf_addf(url, bare_v6 ? "%s://[%s]:%ld/" : "%s://%s:%ld/", scheme, plan->host, port);
	/* The path of smtp:// is the name for EHLO. */
	for (const char *p = plan->protocol == WIRE_SMTP ? plan->hello : NULL; p && *p; p++) {
		if (isalnum((unsigned char)*p) || strchr("-._", *p))
			buf_add_byte(url, *p);
		else
			buf_addf(url, "%%%02X", (unsigned char)*p);
	}
}

static CURLcode set_protection(CURL *easy, const struct wire_plan *plan)
{
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_USE_SSL,
		(long)(plan->tls == WIRE_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (plan->ca_file) {
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, plan->ca_file);
		/* Else the system's directory would be trusted beside it. */
		bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	return bad;
}

static CURLcode set_options(struct link *l, const struct wire_plan *plan, const char *url)
{
	CURL *easy = l->easy;
	const char *scheme = plan->tls == WIRE_TLS_IMPLICIT ? schemes[plan->protocol].implicit
							    : schemes[plan->protocol].plain;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_URL, url);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme);
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
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &l->lines);
	if (plan->timeout_ms > 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)plan->timeout_ms);
		bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)plan->timeout_ms);
		bad |= curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
			(long)((plan->timeout_ms + 999) / 1000));
	}
	return bad | set_protection(easy, plan);
}

/* Runs it to the hand-over: CURLE_OK, its error, or -1 for "stopped by cancel_fd". */
static int run(struct link *l, const struct wire_plan *plan)
{
	struct curl_waitfd stop = { .fd = plan->cancel_fd, .events = CURL_WAIT_POLLIN };
	int64_t end = plan->timeout_ms > 0 ? clock_deadline(plan->timeout_ms + 1000) : CLOCK_NEVER;
	int running = 1;
	int left;
	CURLMsg *news;

	if (curl_multi_add_handle(l->multi, l->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	for (;;) {
		if (curl_multi_perform(l->multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		news = curl_multi_info_read(l->multi, &left);
		if (news)
			return (int)news->data.result;
		if (clock_tick() >= end)
			return CURLE_OPERATION_TIMEDOUT;
		stop.revents = 0;
		curl_multi_poll(l->multi, &stop, plan->cancel_fd >= 0 ? 1 : 0, 1000, NULL);
		if (stop.revents)
			return -1;
	}
}

/* The last words of the server, fit to be shown; "" when it said nothing. */
static void last_words(const struct link *l, struct buf *out)
{
	struct slice line = slice_text(l->lines.count ? l->lines.at[l->lines.count - 1] : "");

	if (line.len > 0) {
		buf_add_text(out, ": it said \"");
		say_visible(out, slice_first(line, 200));
		buf_add_text(out, "\"");
	}
}

/* A server that says in its protocol's words that it will not serve now. */
static bool says_not_now(const struct link *l)
{
	struct slice line = slice_text(l->lines.count ? l->lines.at[l->lines.count - 1] : "");

	if (l->protocol == WIRE_SMTP)
		return line.len >= 3 && (line.ptr[0] == '4' || line.ptr[0] == '5');
	return slice_starts_case(line, l->protocol == WIRE_IMAP ? "* BYE" : "-ERR");
}

static int not_opened(const struct link *l, const struct wire_plan *plan, int code,
	const char *name, struct fault *why)
{
	AUTO_BUF words = { 0 };
	const char *detail = l->error[0] ? l->error : curl_easy_strerror((CURLcode)code);
	long os = 0;

	last_words(l, &words);
	curl_easy_getinfo(l->easy, CURLINFO_OS_ERRNO, &os);
	switch (code) {
	case -1:
		return fault_set(why, FAULT_TEMP, "%s: stopped while connecting", name);
	case CURLE_URL_MALFORMAT:
		return fault_set(why, FAULT_CONFIG, "%s is no name of a server", name);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return fault_set(why, FAULT_TEMP, "%s: the name cannot be resolved", name);
	case CURLE_COULDNT_CONNECT:
		return fault_set(why, FAULT_TEMP, "%s: cannot connect: %s", name,
			os ? strerror((int)os) : detail);
	case CURLE_OPERATION_TIMEDOUT:
		return fault_set(why, FAULT_TEMP, "%s: no session within %lld s%s", name,
			(long long)(plan->timeout_ms + 999) / 1000, buf_text(&words));
	case CURLE_PEER_FAILED_VERIFICATION:
		return fault_set(why, FAULT_TEMP, "%s: its certificate is not trusted: %s", name,
			detail);
	case CURLE_SSL_CACERT_BADFILE:
		return fault_set(why, FAULT_CONFIG, "no certificates can be read from ca-file %s",
			plan->ca_file ? plan->ca_file : "of the system");
	case CURLE_SSL_CONNECT_ERROR:
		return fault_set(why, FAULT_TEMP,
			"%s: no TLS (is the port one for tls = \"%s\"?): %s", name,
			plan->tls == WIRE_TLS_IMPLICIT ? "implicit" : "starttls", detail);
	case CURLE_USE_SSL_FAILED:
		return fault_set(why, FAULT_TEMP, "%s: the server does not start TLS%s", name,
			buf_text(&words));
	default:
		break;
	}
	if (l->nonsense || code == CURLE_WEIRD_SERVER_REPLY ||
		strstr(detail, "Too large response"))
		return fault_set(why, says_not_now(l) ? FAULT_TEMP : FAULT_PROTOCOL,
			"%s: the server does not greet as it should%s", name, buf_text(&words));
	return fault_set(why, FAULT_TEMP, "%s: %s%s", name, detail, buf_text(&words));
}

static int check_plan(const struct wire_plan *plan, struct fault *why)
{
	if (!host_is_sane(plan->host))
		return fault_set(why, FAULT_CONFIG, "host \"%s\" is no name of a server",
			plan->host);
	if (plan->ca_file && access(plan->ca_file, R_OK) < 0)
		return fault_set(why, FAULT_CONFIG, "ca-file %s: %s", plan->ca_file,
			strerror(errno));
	return 0;
}

static struct wire *hand_over(struct link *l, const struct wire_plan *plan, const char *name)
{
	struct wire_ops ops = { .recv = link_recv, .send = link_send, .close = link_close,
		.encrypted = plan->tls != WIRE_TLS_NONE, .name = name };
	curl_socket_t fd = CURL_SOCKET_BAD;
	struct wire *w;

	if (curl_easy_getinfo(l->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK ||
		fd == CURL_SOCKET_BAD)
		return NULL;
	ops.fd = fd;
	w = wire_from(&ops, l, plan->timeout_ms);
	wire_set_cancel(w, plan->cancel_fd);
	for (size_t i = 0; i < l->lines.count; i++)
		wire_greet(w, slice_text(l->lines.at[i]));
	return w;
}

int wire_open(const struct wire_plan *plan, struct wire **out, struct fault *why)
{
	__attribute__((cleanup(link_close_at))) struct link *l = mem_zero(1, sizeof(*l));
	long port = plan->port ? plan->port : wire_default_port(plan->protocol, plan->tls);
	AUTO_BUF url = { 0 };
	AUTO_BUF name = { 0 };
	int code;

	if (check_plan(plan, why) < 0)
		return -1;
	buf_addf(&name, "%s:%ld", plan->host, port);
	add_url(&url, plan, port);
	l->protocol = plan->protocol;
	l->easy = curl_easy_init();
	l->multi = curl_multi_init();
	if (!l->easy || !l->multi)
		return fault_set(why, FAULT_TEMP, "libcurl does not start");
	code = (int)set_options(l, plan, buf_text(&url));
	if (code != CURLE_OK)
		return fault_set(why, FAULT_TEMP, "this libcurl (%s) lacks what is needed",
			curl_version());
	code = run(l, plan);
	if (code != CURLE_OK)
		return not_opened(l, plan, code, buf_text(&name), why);
	*out = hand_over(l, plan, buf_text(&name));
	if (!*out)
		return fault_set(why, FAULT_TEMP, "%s: the connection is lost", buf_text(&name));
	l = NULL;
	return 0;
}

long wire_default_port(enum wire_protocol protocol, enum wire_tls tls)
{
	if (tls == WIRE_TLS_IMPLICIT)
		return schemes[protocol].implicit_port;
	return tls == WIRE_TLS_STARTTLS ? schemes[protocol].submit_port
					: schemes[protocol].plain_port;
}

int wire_start(struct fault *why)
{
	signal(SIGPIPE, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fault_set(why, FAULT_TEMP, "libcurl does not start");
	return 0;
}
