/*
 * Asking for a password on the terminal, without echo, once per process.
 *
 * The terminal is as it was when we are done, however we are done (but for SIGKILL).
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/net/secret_own.h"

/* LIMIT: a line of a terminal in canonical mode. */
enum { LINE_BYTES = 4096 };

/* LIMIT: who went away is not waited for: other accounts may want the terminal. */
enum { PROMPT_MS = 5 * 60 * 1000 };

/* What was typed, until the process ends. */
struct typed {
	struct typed *next;
	char *key;
	char *text;
};

/* One question at a time; also guards the list. */
static pthread_mutex_t terminal = PTHREAD_MUTEX_INITIALIZER;
static struct typed *typed_list;

/* A signal during the question: which, and a pipe that tells the thread that asks. */
static volatile sig_atomic_t caught;
static int told[2] = { -1, -1 };

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static void on_signal(int number)
{
	int error = errno;

	caught = number;
	if (write(told[1], "", 1) < 0)
		caught = number;
	errno = error;
}

static char *key_of(const struct server *server)
{
	AUTO_BUF key = { 0 };

	buf_addf(&key, "%s %ld %s", server->host, server->port,
		server->user ? server->user : "");
	return buf_give(&key);
}

static struct typed **find(const struct server *server)
{
	AUTO_FREE char *key = key_of(server);
	struct typed **at = &typed_list;

	while (*at && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	return at;
}

static void forget(struct typed **at)
{
	struct typed *t = *at;

	if (!t)
		return;
	*at = t->next;
	explicit_bzero(t->text, strlen(t->text));
	free(t->text);
	free(t->key);
	free(t);
}

void secret_forget(const struct server *server)
{
	pthread_mutex_lock(&terminal);
	forget(find(server));
	pthread_mutex_unlock(&terminal);
}

/* At exit no thread that still runs may keep us: better left than waited for. */
static void forget_all(void)
{
	if (pthread_mutex_trylock(&terminal) != 0)
		return;
	while (typed_list)
		forget(&typed_list);
	pthread_mutex_unlock(&terminal);
}

static void remember(const struct server *server, const char *text)
{
	static bool registered;
	struct typed *t = mem_zero(1, sizeof(*t));

	if (!registered)
		registered = atexit(forget_all) == 0;
	t->key = key_of(server);
	t->text = mem_text(text);
	t->next = typed_list;
	typed_list = t;
}

/* The terminal of a person who waits for us: not cron's, not that of a job in the back. */
static int open_terminal(void)
{
	AUTO_FD fd = -1;
	int given;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return -1;
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || tcgetpgrp(fd) != getpgrp())
		return -1;
	given = fd;
	fd = -1;
	return given;
}

static void ask(int fd, const struct server *server)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF shown = { 0 };

	buf_addf(&text, "%s at %s", server->user ? server->user : "the user", server->host);
	say_visible(&shown, buf_slice(&text));
	buf_clear(&text);
	buf_addf(&text, "%s: password for %s: ", say_program(), buf_text(&shown));
	(void)io_write_all(fd, text.ptr, text.len, "terminal", NULL);
}

/* Waits for the line: its length, or -1. */
static ssize_t answer(int fd, int cancel_fd, char *line, struct fault *why)
{
	int64_t deadline = clock_deadline(PROMPT_MS);
	struct pollfd set[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = cancel_fd, .events = POLLIN },
		{ .fd = told[0], .events = POLLIN },
	};
	ssize_t n;

	do {
		n = poll(set, 3, clock_poll_timeout(deadline));
	} while (n < 0 && errno == EINTR && !caught);
	if (caught || n < 0 || set[1].revents)
		return fault_set(why, FAULT_TEMP, "stopped");
	if (n == 0)
		return fault_set(why, FAULT_CONFIG, "nothing was typed within %d s",
			PROMPT_MS / 1000);
	n = io_read(fd, line, LINE_BYTES);
	if (n > 0 && line[n - 1] == '\n')
		n--;
	if (n <= 0)
		return fault_set(why, FAULT_CONFIG, "nothing was typed");
	return n;
}

static int with_echo_off(int fd, const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	struct termios before;
	struct termios quiet;
	char line[LINE_BYTES];
	ssize_t n;

	if (tcgetattr(fd, &before) < 0)
		return fault_set(why, FAULT_TEMP, "terminal: %s", strerror(errno));
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	quiet.c_lflag |= ICANON | ISIG;
	quiet.c_iflag |= ICRNL;
	/* Stopped by ^Z we would leave it without echo. */
	quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
	/* Flushed: what was typed ahead was typed for something else, and was shown. */
	if (tcsetattr(fd, TCSAFLUSH, &quiet) < 0)
		return fault_set(why, FAULT_TEMP, "terminal: %s", strerror(errno));
	ask(fd, server);
	n = answer(fd, cancel_fd, line, why);
	tcsetattr(fd, TCSAFLUSH, &before);
	(void)io_write_all(fd, "\n", 1, "terminal", NULL);
	if (n > 0 && secret_first_line(slice_of(line, (size_t)n), out) <= 0)
		n = fault_set(why, FAULT_CONFIG, "what was typed is no password");
	explicit_bzero(line, sizeof(line));
	return n < 0 ? -1 : 0;
}

/* A signal ends the question first, then does what it would have done. */
static int with_signals(int fd, const struct server *server, int cancel_fd, char **out,
	struct fault *why)
{
	const struct sigaction ours = { .sa_handler = on_signal };
	struct sigaction before[SIGNALS];
	int result;

	if (pipe2(told, O_CLOEXEC | O_NONBLOCK) < 0)
		return fault_set(why, FAULT_TEMP, "pipe: %s", strerror(errno));
	caught = 0;
	for (size_t i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &ours, NULL);
	}
	result = with_echo_off(fd, server, cancel_fd, out, why);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	if (caught)
		kill(getpid(), caught);
	io_close_at(&told[0]);
	io_close_at(&told[1]);
	return result;
}

static int locked(const struct server *server, int cancel_fd, char **out, struct fault *why)
{
	struct typed *known = *find(server);
	AUTO_FD fd = -1;

	if (known) {
		*out = mem_text(known->text);
		return 1;
	}
	/* Somebody else's question may have been ended by it. */
	if (cancel_fd >= 0 && io_wait(cancel_fd, POLLIN, 0) == 1)
		return fault_set(why, FAULT_TEMP, "stopped");
	fd = open_terminal();
	if (fd < 0)
		return 0;
	if (with_signals(fd, server, cancel_fd, out, why) < 0)
		return -1;
	remember(server, *out);
	return 1;
}

int secret_prompt(const struct server *server, int cancel_fd, char **out, struct fault *why)
{
	int result;

	pthread_mutex_lock(&terminal);
	result = locked(server, cancel_fd, out, why);
	pthread_mutex_unlock(&terminal);
	return result;
}
