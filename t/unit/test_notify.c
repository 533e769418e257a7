/*
 * common/base/notify: datagrams to the service manager, by path and by abstract name.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/io.h"
#include "common/base/notify.h"

static char folder[] = "/tmp/mr-notify.XXXXXX";

static int listen_at(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	size_t len = strlen(name);

	memcpy(address.sun_path, name, len);
	if (*name == '@')
		address.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)), 0);
	return fd;
}

static void hears(const char *name)
{
	AUTO_FD fd = listen_at(name);
	char got[100] = "";

	setenv("NOTIFY_SOCKET", name, 1);
	notify_tell("READY=1\nSTATUS=%d accounts", 3);
	assert_int_equal(recv(fd, got, sizeof(got) - 1, 0), 25);
	assert_string_equal(got, "READY=1\nSTATUS=3 accounts");
}

static void test_path(void **state)
{
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/socket", folder);
	hears(path);
	unlink(path);
}

static void test_abstract(void **state)
{
	char name[100];

	(void)state;
	snprintf(name, sizeof(name), "@mr-notify-%ld", (long)getpid());
	hears(name);
}

/* Nothing to talk to: nothing happens. */
static void test_nobody(void **state)
{
	static const char *const names[] = { "", "/", "relative", "/no/such/socket",
		("/0123456789012345678901234567890123456789012345678901234567890123456789"
		 "0123456789012345678901234567890123456789") };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		notify_tell("READY=1");
	}
	unsetenv("NOTIFY_SOCKET");
	notify_tell("READY=1");
}

static void test_watchdog(void **state)
{
	char pid[20];

	(void)state;
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	assert_int_equal(notify_watchdog(), 0);
	setenv("WATCHDOG_USEC", "3000000", 1);
	assert_int_equal(notify_watchdog(), 1500);
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(notify_watchdog(), 1500);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(notify_watchdog(), 0);
	unsetenv("WATCHDOG_PID");
	setenv("WATCHDOG_USEC", "soon", 1);
	assert_int_equal(notify_watchdog(), 0);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_abstract),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_watchdog),
	};

	return cmocka_run_group_tests_name("notify", tests, make_folder, drop_folder);
}
