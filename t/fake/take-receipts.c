/*
 * Plays the part of mr-fetch that takes receipts. See README.md.
 *
 *	make-stream ... | take-receipts [OPTION...] FILE | mr-deliver
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/say.h"
#include "common/mail/receipt.h"

/* The stream of stdin to stdout, with our socket in its preamble; else byte for byte. */
static int copy(const struct receipt_listener *listener, struct fault *why)
{
	struct stream_parser *parser = stream_parser_new();
	AUTO_BUF out = { 0 };
	bool through = false;
	char block[65536];
	ssize_t n = 0;
	int result = 0;

	while (result == 0 && (n = io_read(STDIN_FILENO, block, sizeof(block))) > 0) {
		struct slice in = slice_of(block, (size_t)n);
		struct stream_event event;

		if (!through) {
			result = stream_next(parser, &in, &event, why);
			through = event.kind == STREAM_PREAMBLE;
			if (through) {
				struct preamble said = *event.preamble;

				said.way = RECEIPTS_UNIX;
				said.path = listener->path;
				said.nonce = listener->nonce;
				stream_put_preamble(&out, &said);
			}
		}
		buf_add_slice(&out, in);
		if (result == 0)
			result = io_write_all(STDOUT_FILENO, out.ptr, out.len, "stdout", why);
		buf_clear(&out);
	}
	stream_parser_free(parser);
	return n < 0 ? fault_set(why, FAULT_TEMP, "read: %s", strerror(errno)) : result;
}

static int accept_until(struct receipt_listener *listener, int64_t deadline, int *peer,
	struct fault *why)
{
	for (;;) {
		int got;

		if (io_wait(listener->fd, POLLIN, deadline) <= 0)
			return fault_set(why, FAULT_TEMP, "nobody came for receipts");
		got = receipt_accept(listener, peer, why);
		if (got != 0)
			return got;
	}
}

/* Lines to the file as they come, until the peer closes or `most` have come. */
static int take(int peer, int file, uint64_t most, struct fault *why)
{
	char block[65536];
	uint64_t lines = 0;

	while (lines < most && io_wait(peer, POLLIN, CLOCK_NEVER) > 0) {
		ssize_t n = io_read(peer, block, sizeof(block));

		if (n <= 0)
			return n == 0 ? 0 : fault_set(why, FAULT_TEMP, "read: %s", strerror(errno));
		for (ssize_t i = 0; i < n; i++)
			lines += block[i] == '\n';
		if (io_write_all(file, block, (size_t)n, "the file", why) < 0)
			return -1;
	}
	return 0;
}

static int run(const char *path, uint64_t wait, uint64_t most, struct fault *why)
{
	AUTO_RECEIPT_LISTENER listener = RECEIPT_LISTENER_NONE;
	AUTO_FD file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	AUTO_FD peer = -1;
	pid_t writer;
	int raw = 0;
	int result;

	if (file < 0)
		return fault_set(why, FAULT_USAGE, "open %s: %s", path, strerror(errno));
	if (receipt_listen(&listener, why) < 0)
		return -1;
	writer = fork();
	if (writer == 0)
		_exit(copy(&listener, why) < 0 ? say_fault(why) : 0);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	result = accept_until(&listener, clock_deadline((int64_t)wait * 1000), &peer, why);
	if (result > 0)
		result = take(peer, file, most, why);
	io_close_at(&peer);
	receipt_listener_close(&listener);
	waitpid(writer, &raw, 0);
	if (result == 0 && raw != 0)
		result = fault_set(why, FAULT_TEMP, "the stream could not be written whole");
	return result;
}

int main(int argc, char **argv)
{
	const char *wait = "30", *most = "18446744073709551615";
	const struct option_row rows[] = {
		{ .name = "wait", .argument = "SECONDS", .value = &wait,
			.help = "for somebody to connect" },
		{ .name = "most", .argument = "N", .value = &most,
			.help = "closes the socket after about N receipts" },
		OPTION_END,
	};
	struct fault why = { 0 };
	uint64_t seconds, count;
	int result;

	io_start();
	say_start("take-receipts");
	result = options_take(rows, &argc, &argv, &why);
	if (result == 0 && (argc != 1 || !slice_number(slice_text(wait), &seconds) ||
				   !slice_number(slice_text(most), &count)))
		result = fault_set(&why, FAULT_USAGE, "usage: take-receipts [OPTION...] FILE");
	if (result == 0)
		result = run(argv[0], seconds, count, &why);
	return result < 0 ? say_fault(&why) : 0;
}
