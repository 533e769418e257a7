/*
 * SRV records by libresolv: see srv.h. RFC 2782.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/srv.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <ctype.h>
#include <netdb.h>
#include <resolv.h>
#include <sys/random.h>

enum {
	ANSWER_BYTES = 65535, /* LIMIT: of a DNS message, its length has 16 bits */
	RECORDS_MAX = 50,     /* LIMIT: nobody offers more, and each may be tried */
	WAIT_S = 3,           /* LIMIT: for one answer of one name server */
	TRIES = 2,
	FIXED = 6             /* bytes of priority, weight, port */
};

void srv_list_free(struct srv_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i].target);
	free(list->at);
	*list = (struct srv_list){ 0 };
}

bool srv_is_host(const char *name)
{
	size_t label = 0;
	bool digits = true; /* the label at hand */
	size_t len = 0;

	for (; name[len]; len++) {
		unsigned char c = (unsigned char)name[len];

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
			digits = true;
			continue;
		}
		if (c > 126 || (!isalnum(c) && c != '-' && c != '_') || ++label > 63)
			return false;
		digits = digits && isdigit(c);
	}
	/* A last label of digits alone makes it an address (RFC 1123 section 2.1). */
	return label > 0 && !digits && len <= 253;
}

static void add(struct srv_list *list, const unsigned char *fixed, const char *target)
{
	struct srv one = { .priority = (uint16_t)ns_get16(fixed),
		.weight = (uint16_t)ns_get16(fixed + 2), .port = (uint16_t)ns_get16(fixed + 4) };

	if (!*target) {
		list->denied = true;
		return;
	}
	if (one.port == 0 || !srv_is_host(target) || list->count == RECORDS_MAX)
		return;
	one.target = mem_text(target);
	list->at = mem_grow(list->at, list->count + 1, sizeof(*list->at));
	list->at[list->count++] = one;
}

int srv_parse(struct slice answer, struct srv_list *out, struct fault *why)
{
	ns_msg message;
	ns_rr record;
	char target[NS_MAXDNAME];

	if (answer.len > ANSWER_BYTES ||
		ns_initparse((const unsigned char *)answer.ptr, (int)answer.len, &message) < 0)
		return fault_set(why, FAULT_PROTOCOL, "the answer is malformed");
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		if (ns_parserr(&message, ns_s_an, i, &record) < 0)
			return fault_set(why, FAULT_PROTOCOL, "the answer is malformed");
		/* Aliases may stand before what they lead to. */
		if (ns_rr_type(record) != ns_t_srv || ns_rr_class(record) != ns_c_in)
			continue;
		if (ns_rr_rdlen(record) <= FIXED ||
			ns_name_uncompress(ns_msg_base(message), ns_msg_end(message),
				ns_rr_rdata(record) + FIXED, target, sizeof(target)) < 0)
			return fault_set(why, FAULT_PROTOCOL, "an SRV record is malformed");
		/* The root is written as "." by some libraries, as "" by others. */
		add(out, ns_rr_rdata(record), strcmp(target, ".") == 0 ? "" : target);
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct srv *x = a;
	const struct srv *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	/* Those of weight 0 stand before the others when the sums are made. */
	return (x->weight != 0) - (y->weight != 0);
}

/* RFC 2782, "Weight": takes one of the first `count` to the front. */
static void draw(struct srv *at, size_t count, uint32_t (*below)(uint32_t))
{
	uint32_t sum = 0;
	uint32_t number;
	size_t chosen = 0;
	struct srv one;

	for (size_t i = 0; i < count; i++)
		sum += at[i].weight;
	number = below(sum + 1);
	for (sum = at[0].weight; sum < number; sum += at[chosen].weight)
		chosen++;
	one = at[chosen];
	memmove(at + 1, at, chosen * sizeof(*at));
	at[0] = one;
}

void srv_order(struct srv_list *list, uint32_t (*below)(uint32_t limit))
{
	if (list->count == 0)
		return;
	qsort(list->at, list->count, sizeof(*list->at), compare);
	for (size_t i = 0; i < list->count; i++) {
		size_t end = i + 1;

		while (end < list->count && list->at[end].priority == list->at[i].priority)
			end++;
		draw(list->at + i, end - i, below);
	}
}

static uint32_t chance(uint32_t limit)
{
	uint32_t number;

	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		abort();
	return (uint32_t)((uint64_t)number * limit >> 32);
}

bool srv_resolver_read(const char *text, struct sockaddr_in *out)
{
	struct slice rest = slice_text(text);
	struct slice address;
	AUTO_FREE char *copy = NULL;
	uint64_t port = 53;

	*out = (struct sockaddr_in){ .sin_family = AF_INET };
	if (!slice_cut(&rest, ':', &address))
		return false;
	copy = slice_copy(address);
	if (inet_pton(AF_INET, copy, &out->sin_addr) != 1)
		return false;
	if (address.len < strlen(text) && (!slice_number(rest, &port) || port < 1 || port > 65535))
		return false;
	out->sin_port = htons((uint16_t)port);
	return true;
}

static int ask(res_state state, const char *question, struct srv_list *out, struct fault *why)
{
	AUTO_FREE unsigned char *answer = mem_get(ANSWER_BYTES);
	int len = res_nquery(state, question, ns_c_in, ns_t_srv, answer, ANSWER_BYTES);

	if (len >= 0)
		return srv_parse(slice_of(answer, len > ANSWER_BYTES ? ANSWER_BYTES : (size_t)len),
			out, why);
	switch (state->res_h_errno) {
	case HOST_NOT_FOUND:
	case NO_DATA:
		return 0;
	case TRY_AGAIN:
		return fault_set(why, FAULT_TEMP, "the name server does not answer");
	default:
		return fault_set(why, FAULT_TEMP, "the name server refuses");
	}
}

int srv_find(const struct sockaddr_in *resolver, const char *service, const char *domain,
	struct srv_list *out, struct fault *why)
{
	struct __res_state state = { 0 };
	AUTO_BUF question = { 0 };
	int result;

	*out = (struct srv_list){ 0 };
	buf_addf(&question, "%s.%s", service, domain);
	if (res_ninit(&state) < 0)
		return fault_set(why, FAULT_TEMP, "the resolver cannot be used: resolv.conf(5)");
	if (resolver) {
		state.nsaddr_list[0] = *resolver;
		state.nscount = 1;
	}
	state.retrans = WAIT_S;
	state.retry = TRIES;
	result = ask(&state, buf_text(&question), out, why);
	res_nclose(&state);
	if (result < 0) {
		srv_list_free(out);
		return fault_prefix(why, "%s", buf_text(&question));
	}
	srv_order(out, chance);
	return 0;
}
