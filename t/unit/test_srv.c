/*
 * SRV records: what is read from an answer, hostile answers, and the order of RFC 2782.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>

#include "common/net/srv.h"

/* A header with `n` answers, no question. */
#define HEAD(n) "\x12\x34\x81\x80\0\0\0" n "\0\0\0\0"
/* Owner "a", type SRV, class IN, TTL 0. */
#define OWNER "\1a\0\0\x21\0\1\0\0\0\0"
#define TEXT(text) (text), sizeof(text) - 1

static const struct row {
	const char *label;
	const char *bytes;
	size_t len;
	int result;
	const char *want; /* "target:port priority weight;"... */
	bool denied;
} rows[] = {
	{ "none", TEXT(HEAD("\0")), 0, "", false },
	{ "one", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\3\xe1\1h\1d\0"), 0, "h.d:993 5 7;", false },
	{ "two", TEXT(HEAD("\2") OWNER "\0\x0b\0\0\0\1\0\x8f\1h\1d\0"
		OWNER "\0\x0b\0\1\0\2\3\xe1\1i\1d\0"), 0, "h.d:143 0 1;i.d:993 1 2;", false },
	{ "the target is a pointer to the owner", TEXT(HEAD("\1") OWNER "\0\x08\0\0\0\0\0\1\xc0\x0c"),
		0, "a:1 0 0;", false },
	{ "not offered", TEXT(HEAD("\1") OWNER "\0\7\0\0\0\0\0\0\0"), 0, "", true },
	{ "an alias before it", TEXT(HEAD("\2") "\1a\0\0\5\0\1\0\0\0\0\0\3\1b\0"
		OWNER "\0\x0b\0\5\0\7\3\xe1\1h\1d\0"), 0, "h.d:993 5 7;", false },
	{ "another class", TEXT(HEAD("\1") "\1a\0\0\x21\0\3\0\0\0\0" "\0\x0b\0\5\0\7\3\xe1\1h\1d\0"),
		0, "", false },
	{ "port 0", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\0\0\1h\1d\0"), 0, "", false },
	{ "an address as target", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\3\xe1\1h\1" "9\0"), 0, "",
		false },
	{ "a blank in the target", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\3\xe1\1 \1d\0"), 0, "",
		false },
	{ "a quote in the target", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\3\xe1\1\"\1d\0"), 0, "",
		false },
	{ "a dot within a label", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\3\xe1\1.\1d\0"), 0, "",
		false },
	{ "a line end in the target", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\3\xe1\1\n\1d\0"), 0, "",
		false },
	{ "8-bit", TEXT(HEAD("\1") OWNER "\0\x0b\0\5\0\7\3\xe1\1\xe4\1d\0"), 0, "", false },
	{ "empty", TEXT(""), -1, "", false },
	{ "cut in the header", TEXT("\x12\x34\x81"), -1, "", false },
	{ "fewer records than told", TEXT(HEAD("\2") OWNER "\0\x0b\0\5\0\7\3\xe1\1h\1d\0"), -1, "",
		false },
	{ "cut in the target", TEXT(HEAD("\1") OWNER "\0\x0a\0\5\0\7\3\xe1\1h"), -1, "", false },
	{ "no target", TEXT(HEAD("\1") OWNER "\0\6\0\5\0\7\3\xe1"), -1, "", false },
	{ "shorter still", TEXT(HEAD("\1") OWNER "\0\2\0\5"), -1, "", false },
	{ "a pointer to itself", TEXT(HEAD("\1") OWNER "\0\x08\0\0\0\0\0\1\xc0\x1f"), -1, "",
		false },
	{ "a pointer beyond the end", TEXT(HEAD("\1") OWNER "\0\x08\0\0\0\0\0\1\xff\xff"), -1, "",
		false },
	{ "nonsense", TEXT("GET / HTTP/1.0\r\n\r\n"), -1, "", false },
};

static void run_row(void **state)
{
	const struct row *row = *state;
	AUTO_SRV_LIST list = { 0 };
	AUTO_BUF got = { 0 };
	struct fault why;

	assert_int_equal(srv_parse(slice_of(row->bytes, row->len), &list, &why), row->result);
	if (row->result < 0)
		return;
	for (size_t i = 0; i < list.count; i++)
		buf_addf(&got, "%s:%u %u %u;", list.at[i].target, (unsigned)list.at[i].port,
			(unsigned)list.at[i].priority, (unsigned)list.at[i].weight);
	assert_string_equal(buf_text(&got), row->want);
	assert_int_equal(list.denied, row->denied);
}

/* Says what it is told to; the limits it was asked for are summed up. */
static const uint32_t *script;
static uint32_t asked;

static uint32_t scripted(uint32_t limit)
{
	uint32_t number = *script++;

	asked = asked * 100 + limit;
	return number < limit ? number : limit - 1;
}

static void check_order(const uint32_t *numbers, const char *want)
{
	static const struct { const char *name; uint16_t priority, weight; } given[] = {
		{ "z", 9, 0 }, { "a", 1, 2 }, { "b", 1, 0 }, { "c", 1, 3 }, { "y", 5, 1 },
	};
	AUTO_SRV_LIST list = { 0 };
	AUTO_BUF got = { 0 };

	list.at = mem_zero(5, sizeof(*list.at));
	for (list.count = 0; list.count < 5; list.count++)
		list.at[list.count] = (struct srv){ .target = mem_text(given[list.count].name),
			.priority = given[list.count].priority, .weight = given[list.count].weight };
	script = numbers;
	asked = 0;
	srv_order(&list, scripted);
	for (size_t i = 0; i < list.count; i++)
		buf_add_text(&got, list.at[i].target);
	assert_string_equal(buf_text(&got), want);
}

static void orders(void **state)
{
	static const uint32_t least[] = { 0, 0, 0, 0, 0 };
	static const uint32_t most[] = { 99, 99, 99, 99, 99 };
	static const uint32_t second[] = { 1, 9, 9, 0, 0 };

	(void)state;
	check_order(least, "bacyz");
	assert_int_equal(asked, 606040201);
	check_order(most, "cabyz");
	check_order(second, "acbyz");
}

static void many(void **state)
{
	AUTO_BUF text = { 0 };
	AUTO_SRV_LIST list = { 0 };
	struct fault why;

	(void)state;
	buf_add(&text, "\x12\x34\x81\x80\0\0\x07\xd0\0\0\0\0", 12);
	for (int i = 0; i < 2000; i++)
		buf_add(&text, TEXT(OWNER "\0\x0b\0\5\0\7\3\xe1\1h\1d\0"));
	assert_int_equal(srv_parse(buf_slice(&text), &list, &why), 0);
	assert_int_equal(list.count, 50);
}

static void resolvers(void **state)
{
	struct sockaddr_in a;

	(void)state;
	assert_true(srv_resolver_read("127.0.0.1:5353", &a));
	assert_int_equal(ntohs(a.sin_port), 5353);
	assert_int_equal(ntohl(a.sin_addr.s_addr), 0x7f000001);
	assert_true(srv_resolver_read("10.0.0.1", &a));
	assert_int_equal(ntohs(a.sin_port), 53);
	assert_false(srv_resolver_read("", &a));
	assert_false(srv_resolver_read("127.0.0.1:", &a));
	assert_false(srv_resolver_read("127.0.0.1:0", &a));
	assert_false(srv_resolver_read("127.0.0.1:65536", &a));
	assert_false(srv_resolver_read("127.0.0.1:53:53", &a));
	assert_false(srv_resolver_read("localhost:53", &a));
}

static void hosts(void **state)
{
	char label[65];

	(void)state;
	memset(label, 'a', 64);
	label[64] = 0;
	assert_false(srv_is_host(label));
	label[63] = 0;
	assert_true(srv_is_host(label));
	assert_true(srv_is_host("imap.example.org"));
	assert_true(srv_is_host("9.example"));
	assert_false(srv_is_host(""));
	assert_false(srv_is_host("."));
	assert_false(srv_is_host("a..b"));
	assert_false(srv_is_host("a."));
	assert_false(srv_is_host("127.0.0.1"));
	assert_false(srv_is_host("a\"b"));
	assert_false(srv_is_host("a b"));
}

int main(void)
{
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[ROWS + 4];
	size_t n = 0;

	for (; n < ROWS; n++)
		tests[n] = (struct CMUnitTest){ rows[n].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(orders);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(many);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(resolvers);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(hosts);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
