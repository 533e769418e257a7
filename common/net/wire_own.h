/*
 * What the files about libcurl share: common/net/wire_*.c and https.c only, no other
 * file knows it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_WIRE_OWN_H
#define COMMON_NET_WIRE_OWN_H

#include <curl/curl.h>

#include "common/net/handshake.h"
#include "common/net/tunnel.h"
#include "common/net/way.h"
#include "common/net/wire.h"

/* A connection that libcurl opens, and then carries. */
struct link {
	CURL *easy;
	CURLM *multi; /* stays: taking the handle out would close the connection */
	struct strings lines;
	enum wire_protocol protocol;
	bool greeted;  /* the first line of all came */
	bool nonsense; /* and was no greeting */
	struct handshake *handshake;
	struct known_key known; /* of first-use only */
	struct curl_slist *connect_to; /* where the host of the URL is not the one to ask */
	struct tunnel *tunnel; /* owned, or NULL */
	char error[CURL_ERROR_SIZE];
};

/* Tells libcurl all that the plan says; the plan must outlive the opening. */
int link_set(struct link *l, const struct wire_plan *plan, struct fault *why);

/* Of it, how the server is reached. */
CURLcode link_set_way(struct link *l, const struct wire_plan *plan);

/* The proxy of way->proxy; none when it is not set. */
CURLcode wire_set_proxy(CURL *easy, const struct way *way, const char *password);

/* A CURLOPT_OPENSOCKETFUNCTION: libcurl's own sockets would be left open in every program
 * that we run meanwhile. */
curl_socket_t wire_open_socket(void *state, curlsocktype purpose, struct curl_sockaddr *a);

/* Why the opening failed: libcurl's code, or -1 for "stopped". `name` is host:port. */
int link_fault(const struct link *l, const struct wire_plan *plan, int code,
	const char *name, struct fault *why);

#endif
