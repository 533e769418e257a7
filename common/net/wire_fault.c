/*
 * Why a wire could not be opened, as a sentence: see wire_own.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/wire_own.h"

#include "common/base/say.h"

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

int link_fault(const struct link *l, const struct wire_plan *plan, int code,
	const char *name, struct fault *why)
{
	AUTO_BUF words = { 0 };
	AUTO_BUF shown = { 0 };
	const char *detail;
	const char *own = plan->trust ? plan->trust->ca_file : NULL;
	bool strict = plan->trust && plan->trust->least == TRUST_TLS_1_3;
	long os = 0;

	/* It may quote names out of the certificate. */
	say_visible(&shown, slice_text(
		l->error[0] ? l->error : curl_easy_strerror((CURLcode)code)));
	detail = buf_text(&shown);
	last_words(l, &words);
	curl_easy_getinfo(l->easy, CURLINFO_OS_ERRNO, &os);
	if (handshake_refusal(l->handshake))
		return fault_set(why, FAULT_TEMP, "%s: its certificate is not trusted: %s", name,
			handshake_refusal(l->handshake));
	switch (code) {
	case -1:
		return fault_set(why, FAULT_TEMP, "%s: stopped while connecting", name);
	case CURLE_URL_MALFORMAT:
		return fault_set(why, FAULT_CONFIG, "%s is no name of a server", name);
	case CURLE_COULDNT_RESOLVE_PROXY:
		return fault_set(why, FAULT_TEMP, "%s: the name of the proxy cannot be resolved",
			name);
	case CURLE_COULDNT_RESOLVE_HOST:
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
		return fault_set(why, FAULT_CONFIG, "no certificates can be read from %s",
			own ? own : "the files of the system");
	case CURLE_SSL_CONNECT_ERROR:
		/* Said as "handshake failure" where no cipher is common to two versions. */
		if (strstr(detail, "protocol version") || strstr(detail, "unsupported protocol") ||
			(strict && strstr(detail, "handshake failure")))
			return fault_set(why, FAULT_TEMP,
				"%s: the server has no TLS that is new enough (tls-min): %s", name,
				detail);
		if (plan->way && plan->way->tunnel)
			return fault_set(why, FAULT_TEMP, "%s: no TLS in the tunnel (a command that "
				"speaks without it wants tls = \"none\"): %s", name, detail);
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
