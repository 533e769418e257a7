/*
 * Ways to a server: see way.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/way.h"

#include <arpa/inet.h>
#include <sys/un.h>

static bool is_host(struct slice host)
{
	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = (unsigned char)host.ptr[i];

		if (c <= ' ' || c == 127 || strchr("/@?#%\\\"<>", host.ptr[i]))
			return false;
	}
	return host.len > 0 && host.len <= 255;
}

/* host [":" port], brackets around an address with colons. */
static bool read_place(struct slice place, struct slice *host, struct slice *port)
{
	ptrdiff_t end = slice_find_byte(place, ']');
	struct slice rest = slice_from(place, end < 0 ? 0 : (size_t)end + 1);
	ptrdiff_t colon = slice_find_byte(rest, ':');
	uint64_t number;

	if ((end >= 0) != slice_starts(place, "["))
		return false;
	if (colon < 0 || (end >= 0 && colon != 0))
		return false;
	*port = slice_from(rest, (size_t)colon + 1);
	*host = slice_first(place, place.len - port->len - 1);
	return is_host(*host) && slice_number(*port, &number) && number > 0 && number < 65536;
}

bool way_proxy_read(const char *proxy, struct way_proxy *out)
{
	static const char *const schemes[] = { "socks5h", "socks5", "socks4a", "http" };
	struct slice rest = slice_text(proxy);
	ptrdiff_t end = slice_find(rest, SLICE("://"));
	ptrdiff_t at;
	bool known = false;

	*out = (struct way_proxy){ .scheme = slice_first(rest, end < 0 ? 0 : (size_t)end) };
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		known |= slice_is(out->scheme, schemes[i]);
	if (!known)
		return false;
	slice_skip(&rest, (size_t)end + 3);
	if (slice_ends_case(rest, "/"))
		rest.len--;
	at = slice_find_byte(rest, '@');
	if (at == 0)
		return false;
	if (at > 0) {
		out->user = slice_first(rest, (size_t)at);
		slice_skip(&rest, (size_t)at + 1);
	}
	return slice_find_byte(out->user, ':') < 0 && read_place(rest, &out->host, &out->port);
}

static int check_proxy(const struct way *w, struct fault *why)
{
	struct way_proxy proxy = { 0 };
	bool named = w->proxy && strcmp(w->proxy, "environment") != 0;

	/* It is not shown: somebody may have written a password into it. */
	if (named && !way_proxy_read(w->proxy, &proxy))
		return fault_set(why, FAULT_CONFIG, "proxy is not \"environment\" and not "
			"SCHEME://[USER@]HOST:PORT with socks5h, socks5, socks4a or http (a "
			"password is given by proxy-password-command)");
	if (w->proxy_password_command && proxy.user.len == 0)
		return fault_set(why, FAULT_CONFIG,
			"proxy-password-command without a user in proxy");
	return 0;
}

static int check_source(const struct way *w, struct fault *why)
{
	unsigned char address[sizeof(struct in6_addr)];
	int family;

	if (!w->source_address)
		return 0;
	family = strchr(w->source_address, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(family, w->source_address, address) != 1)
		return fault_set(why, FAULT_CONFIG, "source-address \"%s\" is no address",
			w->source_address);
	if ((w->family == WAY_IPV4 && family == AF_INET6) ||
		(w->family == WAY_IPV6 && family == AF_INET))
		return fault_set(why, FAULT_CONFIG,
			"source-address \"%s\" is not of the family that is set",
			w->source_address);
	return 0;
}

int way_check(const struct way *w, struct fault *why)
{
	const char *first = w->tunnel ? "tunnel" : w->unix_socket ? "unix-socket" : "proxy";
	const char *second = w->proxy ? "proxy" : "unix-socket";
	const char *net = w->source_address ? "source-address" : "family";

	if ((w->tunnel != NULL) + (w->unix_socket != NULL) + (w->proxy != NULL) > 1)
		return fault_set(why, FAULT_CONFIG, "%s and %s are both set: which is it?", first,
			second);
	if ((w->tunnel || w->unix_socket) && (w->source_address || w->family != WAY_ANY))
		return fault_set(why, FAULT_CONFIG, "%s has no meaning with %s", net, first);
	if (w->unix_socket &&
		strlen(w->unix_socket) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return fault_set(why, FAULT_CONFIG, "unix-socket %s: the path is too long for a "
			"socket", w->unix_socket);
	return check_proxy(w, why) < 0 ? -1 : check_source(w, why);
}
