/*
 * Opening a wire: what is refused before anything is contacted, and how long it may take.
 * That it opens is shown by t/1010-login.t, with a real server.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/base/clock.h"
#include "common/net/trust.h"
#include "common/net/wire.h"

/* Takes connections and says nothing. */
static int silent_listener(long *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, 4) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

static void refuses_before_contact(void **state)
{
	static const struct {
		const char *host;
		char *ca;
	} rows[] = { { "", NULL }, { "a b", NULL }, { "user@host", NULL }, { "host/path", NULL },
		{ "host?x", NULL }, { "host\r\n", NULL }, { "localhost", "/nonexistent/ca.pem" } };
	struct wire *w = NULL;
	struct fault why;

	(void)state;
	assert_int_equal(wire_start(&why), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct trust_rules trust = { .ca_file = rows[i].ca };
		const struct wire_plan plan = { .host = rows[i].host, .trust = &trust,
			.port = 1, .timeout_ms = 1000, .cancel_fd = -1 };

		assert_int_equal(wire_open(&plan, &w, &why), -1);
		assert_int_equal(why.kind, FAULT_CONFIG);
	}
}

/* A host that answers nothing: the cancel descriptor ends the opening at once. */
static void stops_while_opening(void **state)
{
	struct fault why;
	struct wire *w = NULL;
	int64_t begin = clock_tick();
	struct wire_plan plan = { .protocol = WIRE_SMTP, .tls = WIRE_TLS_NONE,
		.host = "127.0.0.1", .timeout_ms = 20000 };
	int silent = silent_listener(&plan.port);
	int stop[2];

	(void)state;
	assert_true(silent >= 0);
	assert_int_equal(wire_start(&why), 0);
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(write(stop[1], "x", 1), 1);
	plan.cancel_fd = stop[0];
	assert_int_equal(wire_open(&plan, &w, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_non_null(strstr(why.text, "stopped while connecting"));
	assert_true(clock_tick() - begin < 5000);
	close(stop[0]);
	close(stop[1]);
	close(silent);
}

/* The same without cancel: its own time is over. */
static void gives_up_opening(void **state)
{
	struct wire_plan plan = { .protocol = WIRE_SMTP, .tls = WIRE_TLS_NONE,
		.host = "127.0.0.1", .timeout_ms = 300, .cancel_fd = -1 };
	int silent = silent_listener(&plan.port);
	int64_t begin = clock_tick();
	struct wire *w = NULL;
	struct fault why;

	(void)state;
	assert_true(silent >= 0);
	assert_int_equal(wire_start(&why), 0);
	assert_int_equal(wire_open(&plan, &w, &why), -1);
	assert_int_equal(why.kind, FAULT_TEMP);
	assert_non_null(strstr(why.text, "no session within"));
	assert_in_range(clock_tick() - begin, 250, 5000);
	close(silent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_before_contact),
		cmocka_unit_test(stops_while_opening),
		cmocka_unit_test(gives_up_opening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
