/*
 * Logging in, against scripted IMAP, POP3 and SMTP servers, good ones and bad ones.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "common/net/login.h"
#include "t/unit/scripted.h"

struct row {
	const char *label;
	enum wire_protocol protocol;
	const char *script[24];
	enum fault_kind kind;   /* FAULT_NONE: logged in */
	const char *want;       /* capabilities parted by |, or a part of the sentence */
	const char *greeting;   /* lines of libcurl's opening */
	const char *auth;       /* allowed mechanisms, parted by blanks */
	const char *user;       /* NULL: alice; "": none */
	const char *secret;     /* NULL: pass */
	bool token;
	bool in_clear;          /* the wire is not encrypted */
	enum wire_tls tls;
	int64_t timeout;        /* 0: 5 s */
};

/* base64 of \0alice\0pass, of user=alice^Aauth=Bearer pass^A^A */
#define PLAIN64 "AGFsaWNlAHBhc3M="
#define XOAUTH64 "dXNlcj1hbGljZQFhdXRoPUJlYXJlciBwYXNzAQE="

#define IMAP_BARRIER(capabilities) \
	"C: %T CAPABILITY", "S: * CAPABILITY IMAP4rev1 " capabilities, "S: %T OK done"

static const struct row imap_rows[] = {
	{ "IMAP PLAIN with SASL-IR", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE PLAIN " PLAIN64,
			"S: %T OK [CAPABILITY IMAP4rev1 UIDPLUS] in", "END" },
		.want = "IMAP4rev1|UIDPLUS|" },
	{ "IMAP PLAIN without SASL-IR", WIRE_IMAP,
		{ IMAP_BARRIER("AUTH=PLAIN"), "C: %T AUTHENTICATE PLAIN", "S: + ",
			"C: " PLAIN64, "S: %T OK [CAPABILITY A] in", "END" },
		.want = "A|" },
	{ "IMAP capabilities untagged before the OK", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *",
			"S: * CAPABILITY IMAP4rev1 MOVE", "S: %T OK in", "END" },
		.want = "IMAP4rev1|MOVE|" },
	{ "IMAP capabilities asked again", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *", "S: %T OK in",
			"C: %T CAPABILITY", "S: * CAPABILITY IMAP4rev1 IDLE", "S: %T OK done", "END" },
		.want = "IMAP4rev1|IDLE|" },
	{ "IMAP LOGIN where there is no SASL", WIRE_IMAP,
		{ IMAP_BARRIER(""), "C: %T LOGIN \"alice\" \"pa\\\\ss \\\"w\\\"\"",
			"S: %T OK [CAPABILITY IMAP4rev1] in", "END" },
		.want = "IMAP4rev1|", .secret = "pa\\ss \"w\"" },
	{ "IMAP LOGIN with an 8-bit password: a literal", WIRE_IMAP,
		{ IMAP_BARRIER(""), "C: %T LOGIN \"alice\" {3}", "S: + go", "C: p\303\244",
			"S: %T OK [CAPABILITY A] in", "END" },
		.want = "A|", .secret = "p\303\244" },
	{ "IMAP LOGIN refused before the literal", WIRE_IMAP,
		{ IMAP_BARRIER(""), "C: %T LOGIN \"alice\" {3}", "S: %T NO go away", "END" },
		FAULT_LOGIN, .want = "go away", .secret = "p\303\244" },
	{ "IMAP LOGINDISABLED", WIRE_IMAP, { IMAP_BARRIER("LOGINDISABLED"), "END" },
		FAULT_LOGIN, .want = "no way to log in" },
	{ "IMAP the user wants what is not offered", WIRE_IMAP,
		{ IMAP_BARRIER("AUTH=PLAIN"), "END" },
		FAULT_LOGIN, .want = "offers PLAIN", .auth = "SCRAM-SHA-256" },
	{ "IMAP wrong password", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN AUTH=LOGIN"), "C: %T AUTHENTICATE PLAIN *",
			"S: %T NO [AUTHENTICATIONFAILED] wrong \33[31m", "END" },
		FAULT_LOGIN, .want = "[AUTHENTICATIONFAILED] wrong \\x1b[31m" },
	{ "IMAP no weaker mechanism after the strong one failed", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=CRAM-MD5 AUTH=PLAIN"), "C: %T AUTHENTICATE CRAM-MD5",
			"S: %T NO not today", "END" },
		FAULT_LOGIN, .want = "not today" },
	{ "IMAP [UNAVAILABLE]", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *",
			"S: %T NO [UNAVAILABLE] database down", "END" },
		FAULT_TEMP, .want = "database down" },
	{ "IMAP BYE", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *",
			"S: * BYE too many connections" },
		FAULT_TEMP, .want = "too many connections" },
	{ "IMAP leftovers before the barrier's answer", WIRE_IMAP,
		{ "R: STS\r\n* OK hello\r\n+ go\r\nA002 OK logged in\r\n", "C: %T CAPABILITY",
			"S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN", "S: %T OK done",
			"C: %T AUTHENTICATE *", "S: %T OK [CAPABILITY A B] in", "END" },
		.want = "A|B|" },
	{ "IMAP wrong tag", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *", "S: A001 OK in",
			"DRAIN" },
		FAULT_PROTOCOL, .want = "A001 OK in" },
	{ "IMAP a tag that only begins like ours", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *", "S: %T0 OK in",
			"DRAIN" },
		FAULT_PROTOCOL, .want = "0 OK in" },
	{ "IMAP OKAY is not OK", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *", "S: %T OKAY in",
			"DRAIN" },
		FAULT_PROTOCOL, .want = "OKAY" },
	{ "IMAP NONE is not NO", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *", "S: %T NONE", "DRAIN" },
		FAULT_PROTOCOL, .want = "NONE" },
	{ "IMAP a challenge that is no base64", WIRE_IMAP,
		{ IMAP_BARRIER("AUTH=CRAM-MD5"), "C: %T AUTHENTICATE CRAM-MD5", "S: + PDE4O!",
			"C: *", "S: %T BAD cancelled", "END" },
		FAULT_PROTOCOL, .want = "PDE4O!" },
	{ "IMAP challenges without end", WIRE_IMAP,
		{ IMAP_BARRIER("AUTH=LOGIN"), "C: %T AUTHENTICATE LOGIN", "S: + VXNlcg==",
			"C: YWxpY2U=", "S: + UGFzcw==", "C: cGFzcw==", "S: + TW9yZQ==", "C: *",
			"S: %T BAD", "END" },
		FAULT_PROTOCOL, .want = "asks more than LOGIN has" },
	{ "IMAP OK to CRAM-MD5 before the challenge", WIRE_IMAP,
		{ IMAP_BARRIER("AUTH=CRAM-MD5"), "C: %T AUTHENTICATE CRAM-MD5", "S: %T OK in",
			"END" },
		FAULT_LOGIN, .want = "may not be the right one" },
	{ "IMAP SCRAM: OK without the server's proof", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=SCRAM-SHA-256"), "C: %T AUTHENTICATE SCRAM-SHA-256 *",
			"S: %T OK in", "END" },
		FAULT_LOGIN, .want = "may not be the right one" },
	{ "IMAP token", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN AUTH=XOAUTH2"),
			"C: %T AUTHENTICATE XOAUTH2 " XOAUTH64, "S: %T OK [CAPABILITY A] in", "END" },
		.want = "A|", .token = true },
	{ "IMAP a refused token tells why", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=XOAUTH2"), "C: %T AUTHENTICATE XOAUTH2 *",
			"S: + eyJzdGF0dXMiOiI0MDAifQ==", "C: ", "S: %T NO refused", "END" },
		FAULT_LOGIN, .want = "refused ({\"status\":\"400\"})", .token = true },
	{ "IMAP but not the token itself", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=XOAUTH2"), "C: %T AUTHENTICATE XOAUTH2 *",
			"S: + eyJ5b3UiOiJwYXNzIn0=", "C: ", "S: %T NO refused", "END" },
		FAULT_LOGIN, .want = "refused ((words with the secret in them))",
		.token = true },
	{ "IMAP a token is no password", WIRE_IMAP,
		{ IMAP_BARRIER("AUTH=PLAIN"), "END" },
		FAULT_LOGIN, .want = "by token", .token = true },
	{ "IMAP PREAUTH over TLS", WIRE_IMAP, { IMAP_BARRIER("IDLE"), "END" },
		.want = "IMAP4rev1|IDLE|(preauth)", .greeting = "* PREAUTH welcome" },
	{ "IMAP PREAUTH in clear where TLS was wished", WIRE_IMAP, { "END" },
		FAULT_TEMP, .want = "PREAUTH before TLS", .greeting = "* PREAUTH welcome",
		.user = "", .in_clear = true, .tls = WIRE_TLS_STARTTLS },
	{ "IMAP no secret in clear where TLS was wished", WIRE_IMAP, { "END" },
		FAULT_TEMP, .want = "not encrypted", .in_clear = true, .tls = WIRE_TLS_STARTTLS },
	{ "IMAP in clear where that was wished", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE PLAIN " PLAIN64,
			"S: %T OK [CAPABILITY A] in", "END" },
		.want = "A|", .in_clear = true, .tls = WIRE_TLS_NONE },
	{ "IMAP without a user", WIRE_IMAP, { IMAP_BARRIER("AUTH=PLAIN"), "END" },
		.want = "IMAP4rev1|AUTH=PLAIN|", .user = "" },
	{ "IMAP a user with a line end", WIRE_IMAP, { "END" },
		FAULT_CONFIG, .want = "control character", .user = "alice\r\nz LOGOUT" },
	{ "IMAP what follows the OK is left for the next reader", WIRE_IMAP,
		{ IMAP_BARRIER("SASL-IR AUTH=PLAIN"), "C: %T AUTHENTICATE *",
			"R: %T OK [CAPABILITY A] in\r\n* 5 EXISTS\r\n", "END" },
		.want = "A|(left * 5 EXISTS\r\n)" },
	{ "IMAP silence", WIRE_IMAP, { "C: %T CAPABILITY", "DRAIN" },
		FAULT_TEMP, .want = "no answer within 1 s", .timeout = 200 },
};

#define POP3_BARRIER(sasl) "C: CAPA", "S: +OK list follows", "S: UIDL", "S: " sasl, "S: ."

static const struct row pop3_rows[] = {
	{ "POP3 PLAIN", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN LOGIN"), "C: AUTH PLAIN " PLAIN64, "S: +OK in", "END" },
		.want = "UIDL|SASL PLAIN LOGIN|" },
	{ "POP3 a long first response waits for the challenge", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "C: AUTH PLAIN", "S: + ",
			"C: AGFsaWNlADEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw*",
			"S: +OK in", "END" },
		.want = "UIDL|SASL PLAIN|",
		.secret = "12345678901234567890123456789012345678901234567890123456789012345678901234"
			  "56789012345678901234567890123456789012345678901234567890123456789012345678"
			  "90123456789012345678901234567890" },
	{ "POP3 without CAPA: USER and PASS", WIRE_POP3,
		{ "C: CAPA", "S: -ERR what", "C: USER alice", "S: +OK", "C: PASS pass word",
			"S: +OK in", "END" },
		.want = "", .secret = "pass word" },
	{ "POP3 USER where no mechanism fits", WIRE_POP3,
		{ "C: CAPA", "S: +OK", "S: USER", "S: SASL GSSAPI", "S: .", "C: USER alice",
			"S: +OK", "C: PASS pass", "S: +OK in", "END" },
		.want = "USER|SASL GSSAPI|" },
	{ "POP3 no USER, nothing fits", WIRE_POP3, { POP3_BARRIER("SASL GSSAPI"), "END" },
		FAULT_LOGIN, .want = "offers GSSAPI" },
	{ "POP3 the user forbade PASS", WIRE_POP3, { "C: CAPA", "S: -ERR what", "END" },
		FAULT_LOGIN, .want = "offers none", .auth = "SCRAM-SHA-256 CRAM-MD5" },
	{ "POP3 wrong password", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "C: AUTH *", "S: -ERR [AUTH] wrong", "END" },
		FAULT_LOGIN, .want = "[AUTH] wrong" },
	{ "POP3 in use", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "C: AUTH *", "S: -ERR [IN-USE] locked", "END" },
		FAULT_TEMP, .want = "[IN-USE] locked" },
	{ "POP3 for now", WIRE_POP3,
		{ "C: CAPA", "S: -ERR", "C: USER alice", "S: +OK", "C: PASS pass",
			"S: -ERR [SYS/TEMP] sick", "END" },
		FAULT_TEMP, .want = "[SYS/TEMP] sick" },
	{ "POP3 OKAY is not OK", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "C: AUTH *", "S: +OKAY", "END" },
		FAULT_PROTOCOL, .want = "+OKAY" },
	{ "POP3 OK in the middle of CRAM-MD5", WIRE_POP3,
		{ POP3_BARRIER("SASL CRAM-MD5"), "C: AUTH CRAM-MD5", "S: +OK in", "END" },
		FAULT_LOGIN, .want = "may not be the right one" },
	{ "POP3 the password is right, where AUTH-RESP-CODE would say so", WIRE_POP3,
		{ "C: CAPA", "S: +OK", "S: SASL PLAIN", "S: AUTH-RESP-CODE", "S: .", "C: AUTH *",
			"S: -ERR disk full", "END" },
		FAULT_TEMP, .want = "disk full" },
	{ "POP3 too early", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "C: AUTH *",
			"S: -ERR [LOGIN-DELAY] wait 900 s", "END" },
		FAULT_TEMP, .want = "no login now for alice: [LOGIN-DELAY] wait 900 s" },
	{ "POP3 pipelining: the login does not wait for the barrier", WIRE_POP3,
		{ "C: CAPA", "C: AUTH PLAIN " PLAIN64,
			"R: SASL EXTERNAL\r\n.\r\n+OK list\r\nUIDL\r\n.\r\n+OK in\r\n", "END" },
		.want = "UIDL|",
		.greeting = "+OK ready\n+OK\nPIPELINING\nSASL PLAIN\n.\n" },
	{ "POP3 capabilities that are cut are none", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "C: AUTH PLAIN " PLAIN64, "S: +OK in", "END" },
		.want = "UIDL|SASL PLAIN|",
		.greeting = "+OK ready\n+OK\nPIPELINING\nSASL PLAIN\n" },
	{ "POP3 APOP, the example of RFC 1939", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"),
			"C: APOP mrose c4c9334bac560ecc979e58001b3e22fb", "S: +OK in", "END" },
		.want = "UIDL|SASL PLAIN|", .auth = "SCRAM-SHA-256 APOP PLAIN", .user = "mrose",
		.secret = "tanstaaf",
		.greeting = "+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>" },
	{ "POP3 APOP only where nothing before it is offered", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "C: AUTH PLAIN " PLAIN64, "S: +OK in", "END" },
		.want = "UIDL|SASL PLAIN|", .auth = "PLAIN APOP",
		.greeting = "+OK ready <1@example.org>" },
	{ "POP3 APOP is never chosen unnamed", WIRE_POP3, { "C: CAPA", "S: -ERR", "C: USER alice",
		"S: +OK", "C: PASS pass", "S: +OK", "END" },
		.want = "", .greeting = "+OK ready <1@example.org>" },
	{ "POP3 APOP with a challenge that collides", WIRE_POP3,
		{ POP3_BARRIER("SASL PLAIN"), "END" },
		FAULT_LOGIN, .want = "no proper challenge", .auth = "APOP",
		.greeting = "+OK ready <\x8d\xee@example.org>" },
	{ "POP3 a password with a line end", WIRE_POP3, { "END" },
		FAULT_CONFIG, .want = "cannot be sent", .secret = "pass\nDELE 1" },
};

#define SMTP_BARRIER(auth) "C: EHLO me.example", "S: 250-server", "S: 250-SIZE 1000", \
	"S: 250 " auth

static const struct row smtp_rows[] = {
	{ "SMTP PLAIN", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN LOGIN"), "C: AUTH PLAIN " PLAIN64, "S: 235 2.7.0 in",
			"END" },
		.want = "SIZE 1000|AUTH PLAIN LOGIN|" },
	{ "SMTP LOGIN", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH LOGIN"), "C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6",
			"C: YWxpY2U=", "S: 334 UGFzc3dvcmQ6", "C: cGFzcw==", "S: 235 in", "END" },
		.want = "SIZE 1000|AUTH LOGIN|" },
	{ "SMTP 334 without a blank", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH LOGIN"), "C: AUTH LOGIN", "S: 334", "C: YWxpY2U=", "S: 334",
			"C: cGFzcw==", "S: 235 in", "END" },
		.want = "SIZE 1000|AUTH LOGIN|" },
	{ "SMTP the old spelling of AUTH", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH=PLAIN"), "C: AUTH PLAIN " PLAIN64, "S: 235 in", "END" },
		.want = "SIZE 1000|AUTH=PLAIN|" },
	{ "SMTP without EHLO", WIRE_SMTP,
		{ "C: EHLO me.example", "S: 502 what", "C: HELO me.example", "S: 250 hello", "END" },
		.want = "", .user = "" },
	{ "SMTP without EHLO, but a user", WIRE_SMTP,
		{ "C: EHLO me.example", "S: 500 what", "C: HELO me.example", "S: 250 hello", "END" },
		FAULT_LOGIN, .want = "offers none" },
	{ "SMTP EHLO later", WIRE_SMTP, { "C: EHLO me.example", "S: 421 tired" },
		FAULT_TEMP, .want = "421 tired" },
	{ "SMTP wrong password", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN"), "C: AUTH *", "S: 535 5.7.8 wrong", "END" },
		FAULT_LOGIN, .want = "535 5.7.8 wrong" },
	{ "SMTP an echo of the secret is not shown", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN"), "C: AUTH *", "S: 535 you said " PLAIN64, "END" },
		FAULT_LOGIN, .want = "alice: (words with the secret in them)" },
	{ "SMTP nor a cut one", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN"), "C: AUTH *", "S: 535 no AGFsaWNlAHBhc3N3b3JkeA", "END" },
		FAULT_LOGIN, .want = "alice: (words with the secret in them)",
		.secret = "password" },
	{ "SMTP nor in clear", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN"), "C: AUTH *", "S: 250 pass", "END" },
		FAULT_PROTOCOL, .want = "\"(words with the secret in them)\"" },
	{ "SMTP nor as nonsense", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN"), "C: AUTH *", "S: AUTH PLAIN " PLAIN64, "END" },
		FAULT_PROTOCOL, .want = "\"(words with the secret in them)\"" },
	{ "SMTP for now", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN"), "C: AUTH *", "S: 454 4.7.0 sick", "END" },
		FAULT_TEMP, .want = "454 4.7.0 sick" },
	{ "SMTP 250 is not 235", WIRE_SMTP,
		{ SMTP_BARRIER("AUTH PLAIN"), "C: AUTH *", "S: 250 in", "END" },
		FAULT_PROTOCOL, .want = "to a login" },
	{ "SMTP nonsense", WIRE_SMTP, { "C: EHLO me.example", "S: hello", "END" },
		FAULT_PROTOCOL, .want = "hello" },
};

static void split(const char *text, struct strings *out)
{
	struct slice rest = slice_text(text);
	struct slice piece;

	while (slice_cut(&rest, ' ', &piece))
		strings_add(out, piece);
}

static void show(const struct session *s, struct buf *out)
{
	for (size_t i = 0; i < s->capabilities.count; i++)
		buf_addf(out, "%s|", s->capabilities.at[i]);
	if (s->preauth)
		buf_add_text(out, "(preauth)");
	if (wire_input(s->wire).len > 0)
		buf_addf(out, "(left %.*s)", SLICE_ARG(wire_input(s->wire)));
}

static void run_row(void **state)
{
	const struct row *row = *state;
	struct server server = { .host = (char *)(uintptr_t) "mail.example", .tls = (int)row->tls,
		.user = (char *)(uintptr_t)(row->user ? row->user : "alice"),
		.timeout = row->timeout ? row->timeout : 5000 };
	struct secret secret = { .text = (char *)(uintptr_t)(row->secret ? row->secret : "pass"),
		.token = row->token };
	AUTO_SESSION s = { 0 };
	AUTO_BUF got = { 0 };
	struct fault why = { 0 };
	struct slice greeting, line;
	struct scripted peer;
	struct wire *w;
	int result;

	if (!*server.user)
		server.user = NULL;
	if (row->auth)
		split(row->auth, &server.auth);
	scripted_start(&peer, row->script);
	w = wire_from_socket(peer.client, "mail.example:1", !row->in_clear, server.timeout);
	greeting = slice_text(row->greeting);
	while (slice_line(&greeting, &line))
		wire_greet(w, line);
	result = session_start(row->protocol, &server, "me.example", &secret, w, &s, &why);
	if (result == 0)
		show(&s, &got);
	session_close(&s);
	strings_free(&server.auth);
	assert_string_equal(scripted_end(&peer), "");
	if (result < 0 && !strstr(why.text, row->want))
		print_message("# %s\n", why.text);
	assert_int_equal(result < 0 ? why.kind : FAULT_NONE, row->kind);
	if (result == 0)
		assert_string_equal(buf_text(&got), row->want);
	else
		assert_non_null(strstr(why.text, row->want));
	assert_null(strstr(why.text, "pass\""));
	scripted_free(&peer);
}

struct flood {
	const char *piece;
	size_t times;
};

/* What a server may not do to us: take memory or time without end. */
static void floods(void **state)
{
	static const struct flood floods[] = {
		{ "* OK still here\r\n", 2000000 },
		{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
			250000 },
	};
	const struct server server = { .host = (char *)(uintptr_t) "mail.example",
		.timeout = 60000 };

	(void)state;
	for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++) {
		for (int protocol = WIRE_IMAP; protocol <= WIRE_SMTP; protocol++) {
			AUTO_BUF step = { 0 };
			AUTO_SESSION s = { 0 };
			struct fault why = { 0 };
			struct scripted peer;

			buf_add_text(&step, "R: ");
			if (i == 0 && protocol == WIRE_POP3)
				buf_add_text(&step, "+OK\r\n");
			for (size_t n = 0; n < floods[i].times && step.len < 20000000; n++)
				buf_add_text(&step, i == 0 && protocol == WIRE_SMTP ? "250-still\r\n"
									    : floods[i].piece);
			scripted_start(&peer, (const char *const[]){ step.ptr, NULL });
			assert_int_equal(session_start((enum wire_protocol)protocol, &server, "me",
				NULL, wire_from_socket(peer.client, "mail.example:1", true, 60000), &s,
				&why), -1);
			assert_int_equal(why.kind, FAULT_PROTOCOL);
			scripted_end(&peer);
			scripted_free(&peer);
		}
	}
}

static size_t add_rows(const struct row *rows, size_t count, struct CMUnitTest *tests)
{
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ rows[i].label, run_row, NULL, NULL,
			(void *)(uintptr_t)&rows[i] };
	return count;
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
	struct CMUnitTest tests[COUNT(imap_rows) + COUNT(pop3_rows) + COUNT(smtp_rows) + 1];
	size_t n = 0;

	n += add_rows(imap_rows, COUNT(imap_rows), tests + n);
	n += add_rows(pop3_rows, COUNT(pop3_rows), tests + n);
	n += add_rows(smtp_rows, COUNT(smtp_rows), tests + n);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(floods);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
