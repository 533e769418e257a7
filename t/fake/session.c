/*
 * Logs in to a server by common/net and says what came of it: for tests of the login
 * alone, without a program around it.
 *
 *	session imap|pop3|smtp implicit|starttls|none HOST PORT CA-FILE|- USER SECRET [MECHANISM...]
 *
 * SECRET "token:..." is an access token; "command:..." a password-command. Exit status and
 * sentence as the programs would give them; the last line of stdout is the answer to a
 * harmless command of the session (NOOP), after one line with the capabilities.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/net/login.h"

static int index_of(const char *word, const char *const *list)
{
	for (int i = 0; list[i]; i++) {
		if (strcmp(word, list[i]) == 0)
			return i;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const protocols[] = { "imap", "pop3", "smtp", NULL };
	static const char *const protections[] = { "implicit", "starttls", "none", NULL };
	struct server server = { .timeout = 5000 };
	AUTO_BUF command = { 0 };
	AUTO_SESSION s = { 0 };
	struct fault why;
	struct slice line;
	int protocol;
	int result;

	io_start();
	say_start("session");
	if (argc < 8)
		return FAULT_USAGE;
	protocol = index_of(argv[1], protocols);
	server.tls = index_of(argv[2], protections);
	server.host = argv[3];
	server.port = strtol(argv[4], NULL, 10);
	server.trust.ca_file = strcmp(argv[5], "-") != 0 ? argv[5] : NULL;
	server.user = argv[6][0] ? argv[6] : NULL;
	if (strncmp(argv[7], "token:", 6) == 0) {
		buf_addf(&command, "echo '%s'", argv[7] + 6);
		server.token_command = command.ptr;
	} else if (strncmp(argv[7], "command:", 8) == 0) {
		server.password_command = argv[7] + 8;
	} else {
		server.password = argv[7];
	}
	for (int i = 8; i < argc; i++)
		strings_add(&server.auth, slice_text(argv[i]));
	result = wire_start(&why);
	if (result == 0)
		result = session_open((enum wire_protocol)protocol, &server, "test.example", -1, &s,
			&why);
	strings_free(&server.auth);
	if (result < 0)
		return say_fault(&why);
	for (size_t i = 0; i < s.capabilities.count; i++)
		printf("%s%s", i ? "|" : "", s.capabilities.at[i]);
	printf("%s\n", s.preauth ? "|(PREAUTH)" : "");
	wire_queuef(s.wire, protocol == WIRE_IMAP ? "z9 NOOP\r\n" : "NOOP\r\n");
	do {
		if (wire_read_line(s.wire, 8192, &line, &why) < 0)
			return say_fault(&why);
		printf("%.*s\n", SLICE_ARG(line));
	} while (protocol == WIRE_IMAP && !slice_starts(line, "z9 "));
	return 0;
}
