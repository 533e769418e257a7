/*
 * Telling libcurl how a server is reached: see wire_own.h and way.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/wire_own.h"

#include <sys/socket.h>

curl_socket_t wire_open_socket(void *state, curlsocktype purpose, struct curl_sockaddr *a)
{
	(void)state;
	(void)purpose;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

CURLcode wire_set_proxy(CURL *easy, const struct way *way, const char *password)
{
	CURLcode bad = curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	struct way_proxy proxy;
	AUTO_BUF url = { 0 };
	AUTO_FREE char *user = NULL;

	if (way->proxy && strcmp(way->proxy, "environment") == 0)
		return bad;
	/* Empty: nothing that the environment says of proxies counts. */
	bad |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	if (!way->proxy || !way_proxy_read(way->proxy, &proxy))
		return bad | curl_easy_setopt(easy, CURLOPT_PROXY, "");
	buf_addf(&url, "%.*s://%.*s:%.*s", SLICE_ARG(proxy.scheme), SLICE_ARG(proxy.host),
		SLICE_ARG(proxy.port));
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY, buf_text(&url));
	if (proxy.user.len == 0)
		return bad;
	user = slice_copy(proxy.user);
	bad |= curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, user);
	return bad | curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, password ? password : "");
}

static CURLcode set_addresses(CURL *easy, const struct way *way)
{
	static const long families[] = { [WAY_ANY] = CURL_IPRESOLVE_WHATEVER,
		[WAY_IPV4] = CURL_IPRESOLVE_V4, [WAY_IPV6] = CURL_IPRESOLVE_V6 };
	const char *source = way->source_address;
	int family = way->family;
	AUTO_BUF name = { 0 };

	/* From an address only those of its kind can be reached. */
	if (source)
		family = strchr(source, ':') ? WAY_IPV6 : WAY_IPV4;
	if (source)
		buf_addf(&name, "host!%s", source);
	return curl_easy_setopt(easy, CURLOPT_IPRESOLVE, families[family]) |
		curl_easy_setopt(easy, CURLOPT_INTERFACE, source ? buf_text(&name) : NULL);
}

CURLcode link_set_way(struct link *l, const struct wire_plan *plan)
{
	static const struct way straight = { 0 };
	const struct way *way = plan->way ? plan->way : &straight;
	CURLcode bad = curl_easy_setopt(l->easy, CURLOPT_OPENSOCKETFUNCTION, wire_open_socket);

	bad |= wire_set_proxy(l->easy, way, plan->proxy_password);
	bad |= set_addresses(l->easy, way);
	if (way->unix_socket)
		bad |= curl_easy_setopt(l->easy, CURLOPT_UNIX_SOCKET_PATH, way->unix_socket);
	if (l->tunnel)
		bad |= curl_easy_setopt(l->easy, CURLOPT_ABSTRACT_UNIX_SOCKET,
			tunnel_socket(l->tunnel));
	return bad;
}
