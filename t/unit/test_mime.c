/*
 * The parts of messages, fed whole and cut at every byte; the rows named in
 * common/mail/LENIENT.md pin the leniencies.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/mail/mime.h"
#include "t/unit/effort.h"

/* Events as text: "(type/subtype", " b:bytes" " p:" " e:" decoded, ")". */
struct log {
	struct buf text;
	struct slice message;
	bool raw;
	const void *last; /* the part and place whose bytes are being written */
	enum mime_place place;
	size_t parts;
	size_t deepest;
};

static void on_begin(void *context, struct mime_part *part)
{
	struct log *log = context;

	log->last = NULL;
	log->parts++;
	if (part->depth > log->deepest)
		log->deepest = part->depth;
	assert_true(slice_equal(part->header,
		slice_first(slice_from(log->message, part->header_at), part->header.len)));
	buf_addf(&log->text, "(");
	buf_add_slice(&log->text, part->type);
	buf_add_byte(&log->text, '/');
	buf_add_slice(&log->text, part->subtype);
	if (part->filename.len > 0) {
		buf_add_text(&log->text, " f=");
		buf_add_slice(&log->text, part->filename);
	}
	if (part->disposition.len > 0) {
		buf_add_text(&log->text, " d=");
		buf_add_slice(&log->text, part->disposition);
	}
	if (part->header_only)
		buf_add_text(&log->text, " header-only");
}

static void write_bytes(struct log *log, const struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	if (log->last != part || log->place != place)
		buf_addf(&log->text, " %c:", "bpe"[place]);
	log->last = part;
	log->place = place;
	buf_add_slice(&log->text, bytes);
}

static void on_raw(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	struct log *log = context;
	size_t had = (size_t)(uintptr_t)part->user;

	if (place != MIME_EPILOGUE) {
		assert_true(slice_equal(bytes, slice_first(slice_from(log->message,
			part->body_at + had), bytes.len)));
		part->user = (void *)(uintptr_t)(had + bytes.len);
	}
	if (log->raw)
		write_bytes(log, part, place, bytes);
}

static void on_decoded(void *context, struct mime_part *part, enum mime_place place,
	struct slice bytes)
{
	struct log *log = context;

	assert_true(bytes.len > 0);
	if (!log->raw)
		write_bytes(log, part, place, bytes);
}

static void on_end(void *context, struct mime_part *part)
{
	struct log *log = context;

	if (!part->is_multipart && !part->is_message)
		assert_int_equal(part->end_at, part->body_at + (uintptr_t)part->user);
	assert_true(part->end_at >= part->body_at && part->end_at <= log->message.len);
	log->last = NULL;
	buf_addf(&log->text, ")");
}

static const struct mime_events events = { on_begin, on_raw, on_decoded, on_end };

static bool read_message(struct slice message, size_t step, struct log *log)
{
	struct mime *m = mime_new(&events, log, true);
	bool limited;

	log->message = message;
	while (message.len > 0) {
		mime_feed(m, slice_first(message, step));
		slice_skip(&message, message.len < step ? message.len : step);
	}
	mime_finish(m);
	limited = mime_limited(m);
	mime_free(m);
	return limited;
}

struct row {
	const char *label;
	struct slice in;
	const char *decoded;
	const char *raw; /* NULL: the same */
};

#define ROW(label, in, decoded) { label, SLICE(in), decoded, NULL }
#define RAW(label, in, decoded, raw) { label, SLICE(in), decoded, raw }
#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static const struct row rows[] = {
	ROW("plain", "To: a\n\nhello\n", "(text/plain b:hello\n)"),
	ROW("no body", "To: a\n", "(text/plain header-only)"),
	ROW("no body, no line end", "To: a", "(text/plain header-only)"),
	ROW("nothing", "", "(text/plain header-only)"),
	ROW("empty body", "To: a\n\n", "(text/plain)"),
	ROW("only an empty line", "\n", "(text/plain)"),
	ROW("CR at the end", "\r\na\r", "(text/plain b:a\r)"),
	RAW("base64", "Content-Transfer-Encoding: base64\n\nZm9v\nYg==", "(text/plain b:foob)",
		"(text/plain b:Zm9v\nYg==)"),
	ROW("quoted-printable, Latin 1", "Content-Type: TEXT/Plain; charset=ISO-8859-1\n"
		"Content-Transfer-Encoding: quoted-printable (it is)\n\nJ=F6=\nrg  \n",
		"(text/plain b:J\xc3\xb6rg\n)"),
	ROW("image", "Content-Type: image/png; charset=koi8-r\n\n\xff\n", "(image/png b:\xff\n)"),
	ROW("multipart", MIXED "pro\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n\n--b--\nepi\n",
		"(multipart/mixed p:pro(text/plain b:one)(text/html b:two\n) e:epi\n)"),
	ROW("multipart, CRLF",
		"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\npro\r\n\r\n--b\r\n\r\none\r\n"
		"--b\r\nContent-Type: text/html\r\n\r\ntwo\r\n\r\n--b--\r\nepi\r\n",
		"(multipart/mixed p:pro\r\n(text/plain b:one)(text/html b:two\r\n) e:epi\r\n)"),
	ROW("boundary at once", MIXED "--b\n\n--b\n\n\n--b--", "(multipart/mixed(text/plain)(text/plain))"),
	ROW("nested", MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\nx\n--c\n\ny\n"
		"--c--\nz\n--b--\n",
		"(multipart/mixed(multipart/alternative p:x(text/plain b:y) e:z))"),
	ROW("nested, boundary at once", MIXED
		"--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\ny\n--c--\n--b--\n",
		"(multipart/mixed(multipart/alternative(text/plain b:y)))"),
	ROW("inner boundary longer", MIXED "--b\nContent-Type: multipart/x; boundary=b2\n\n--b2\n\n"
		"y\n--b2--\n--b\n\nz\n--b--\n",
		"(multipart/mixed(multipart/x(text/plain b:y))(text/plain b:z))"),
	ROW("message", MIXED "--b\nContent-Type: message/rfc822\n\nSubject: x\n"
		"Content-Type: text/html\n\nhi\n--b--",
		"(multipart/mixed(message/rfc822(text/html b:hi)))"),
	ROW("message in a message", "Content-Type: message/rfc822\n\nContent-Type: message/global\n\n\n"
		"x", "(message/rfc822(message/global(text/plain b:x)))"),
	ROW("digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: a\n\nx\n--b\n"
		"Content-Type: text/plain\n\ny\n--b--\n",
		"(multipart/digest(message/rfc822(text/plain b:x))(text/plain b:y))"),
	ROW("delivery status is a leaf", "Content-Type: message/delivery-status\n\nA: b\n\nC: d\n",
		"(message/delivery-status b:A: b\n\nC: d\n)"),
	ROW("disposition", "Content-Disposition: Attachment;\n filename*=utf-8''%e2%82%ac.txt\n\n",
		"(text/plain f=\xe2\x82\xac.txt d=attachment)"),
	ROW("name", "Content-Type: text/plain; name=\"=?utf-8?Q?=C3=B6?=\"\n\n",
		"(text/plain f=\xc3\xb6)"),
	ROW("filename before name", "Content-Type: text/plain; name=a\n"
		"Content-Disposition: inline; filename=b\n\n", "(text/plain f=b d=inline)"),
	ROW("dashes are no boundary", MIXED "--b\n\n-\n--\n-b\n --b\n---b\n--\r\n--a\n--b--\n",
		"(multipart/mixed(text/plain b:-\n--\n-b\n --b\n---b\n--\r\n--a))"),
	/* hostile, LENIENT.md from here on */
	ROW("last boundary missing", MIXED "--b\n\none\n", "(multipart/mixed(text/plain b:one\n))"),
	ROW("boundary never comes", MIXED "one\ntwo\n", "(multipart/mixed p:one\ntwo\n)"),
	ROW("blanks behind a boundary", MIXED "--b \t\n\none\n--b-- \r\nx",
		"(multipart/mixed(text/plain b:one) e:x)"),
	ROW("text behind a boundary", MIXED "--bold\n\none\n--b--x\n\n--b\n\ntwo\n",
		"(multipart/mixed(text/plain b:one) e:\n--b\n\ntwo\n)"),
	ROW("boundary with blanks at its end", "Content-Type: multipart/x; boundary=\"b \"\n\n--b\n\n"
		"one\n--b --\n", "(multipart/x(text/plain b:one)(text/plain header-only))"),
	ROW("no boundary parameter", "Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n",
		"(multipart/mixed b:--b\n\none\n--b--\n)"),
	ROW("empty boundary", "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\none\n",
		"(multipart/mixed b:--\n\none\n)"),
	ROW("inner multipart not closed", MIXED "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\n"
		"one\n--b\n\ntwo\n--b--\n",
		"(multipart/mixed(multipart/x(text/plain b:one))(text/plain b:two))"),
	ROW("inner boundary the same", MIXED "--b\nContent-Type: multipart/x; boundary=b\n\n--b\n\n"
		"one\n--b--\n\n--b--\nx",
		"(multipart/mixed(multipart/x(text/plain b:one)) e:x)"),
	ROW("boundary ends a header", MIXED "--b\nContent-Type: text/html\n--b\n\ntwo\n--b--",
		"(multipart/mixed(text/html header-only)(text/plain b:two))"),
	ROW("part without header", MIXED "--b\nhello\nyou\n--b--",
		"(multipart/mixed(text/plain b:hello\nyou))"),
	ROW("part without header, one line", MIXED "--b\nhello\n--b--",
		"(multipart/mixed(text/plain b:hello))"),
	ROW("From_ line in a message", "Content-Type: message/rfc822\n\n>From a b\nContent-Type: a/b\n"
		"\nx", "(message/rfc822(a/b b:x))"),
	ROW("multipart with an encoding", "Content-Transfer-Encoding: base64\n" MIXED "Zm9v\n--b\n\n"
		"x\n--b--", "(multipart/mixed p:Zm9v(text/plain b:x))"),
	RAW("message with an encoding", "Content-Type: message/rfc822\n"
		"Content-Transfer-Encoding: base64\n\nVG86IGEKCng=",
		"(message/rfc822 b:To: a\n\nx)", "(message/rfc822 b:VG86IGEKCng=)"),
	ROW("broken type", "Content-Type: text\n\nx", "(text/plain b:x)"),
	ROW("broken type, more slashes", "Content-Type: a/b/c\n\nx", "(text/plain b:x)"),
	ROW("no type at all", "Content-Type: ; boundary=b\n\nx", "(text/plain b:x)"),
	ROW("two types", "Content-Type: a/b\nContent-Type: c/d\n\nx", "(a/b b:x)"),
	ROW("no MIME-Version", "Content-Type: a/b\n\nx", "(a/b b:x)"),
	ROW("unknown charset", "Content-Type: text/plain; charset=x-foo\n\n\xf6", "(text/plain b:\xc3\xb6)"),
	ROW("charset split by a boundary", MIXED "--b\nContent-Type: text/plain; charset=utf-8\n\n"
		"\xe2\x82\n--b\n\n\xac\n--b--",
		"(multipart/mixed(text/plain b:\xef\xbf\xbd)(text/plain b:\xc2\xac))"),
	ROW("line ends mixed", "Content-Type: multipart/x; boundary=b\r\n\nx\r\n--b\n\r\none\n--b--\r\ny",
		"(multipart/x p:x(text/plain b:one) e:y)"),
};

static void check(bool raw)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *want = raw && rows[i].raw ? rows[i].raw : rows[i].decoded;

		/* Where a charset is converted the decoded rows tell it. */
		if (raw && !rows[i].raw && slice_find(rows[i].in, SLICE("charset")) >= 0)
			continue;
		for (size_t step = 1; step <= rows[i].in.len + 1; step++) {
			struct log log = { .raw = raw };

			read_message(rows[i].in, step, &log);
			if (strcmp(buf_text(&log.text), want) != 0)
				fail_msg("%s, fed by %zu: %s", rows[i].label, step,
					buf_text(&log.text));
			buf_free(&log.text);
		}
	}
}

static void decoded(void **state)
{
	(void)state;
	check(false);
}

static void raw(void **state)
{
	(void)state;
	check(true);
}

/* The example of RFC 5173 section 5.2, its marks left out. */
static void rfc5173(void **state)
{
	static const char message[] =
		"From: Whomever\nTo: Someone\nDate: Whenever\nSubject: whatever\n"
		"Content-Type: multipart/mixed; boundary=outer\n\n"
		"This is a multi-part message in MIME format.\n\n"
		"--outer\nContent-Type: multipart/alternative; boundary=inner\n\n"
		"This is a nested multi-part message in MIME format.\n\n"
		"--inner\nContent-Type: text/plain; charset=\"us-ascii\"\n\nHello\n\n"
		"--inner\nContent-Type: text/html; charset=\"us-ascii\"\n\n"
		"<html><body>Hello</body></html>\n\n--inner--\n\n"
		"This is the end of the inner MIME multipart.\n\n"
		"--outer\nContent-Type: message/rfc822\n\n"
		"From: Someone Else\nSubject: hello request\n\nPlease say Hello\n\n--outer--\n\n"
		"This is the end of the outer MIME multipart.\n";
	struct log log = { 0 };

	(void)state;
	read_message(slice_text(message), sizeof(message), &log);
	assert_string_equal(buf_text(&log.text),
		"(multipart/mixed p:This is a multi-part message in MIME format.\n"
		"(multipart/alternative p:This is a nested multi-part message in MIME format.\n"
		"(text/plain b:Hello\n)(text/html b:<html><body>Hello</body></html>\n) "
		"e:\nThis is the end of the inner MIME multipart.\n)"
		"(message/rfc822(text/plain b:Please say Hello\n)) "
		"e:\nThis is the end of the outer MIME multipart.\n)");
	buf_free(&log.text);
}

static void keep_header(void *context, struct mime_part *part)
{
	if (part->depth == 1) {
		buf_set(context, part->header);
		assert_true(slice_is(part->parent->subtype, "rfc822"));
		assert_int_equal(part->number, 1);
	}
}

static void header_of_a_message(void **state)
{
	static const struct mime_events only_begin = { .begin = keep_header };
	AUTO_BUF header = { 0 };
	AUTO_MIME *m = mime_new(&only_begin, &header, false);

	(void)state;
	mime_feed(m, SLICE("Content-Type: message/rfc822\n\nA: b\r\n c\nD: e\n\nbody"));
	mime_finish(m);
	assert_string_equal(buf_text(&header), "A: b\r\n c\nD: e\n\n");
}

static void repeat(struct buf *out, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add_text(out, text);
}

static void in_time(const char *what, struct slice message, bool limited, struct log *log)
{
	int64_t begin = effort_ms();

	log->raw = true;
	if (read_message(message, 65536, log) != limited)
		fail_msg("%s: limited is not %d", what, limited);
	if (effort_ms() - begin > 2000)
		fail_msg("%s: %lld ms", what, (long long)(effort_ms() - begin));
}

static void nested_20000_deep(void **state)
{
	struct log log = { 0 };
	AUTO_BUF message = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_addf(&message, "Content-Type: multipart/mixed; boundary=%d\n\n--%d\n", i, i);
	in_time("multiparts", buf_slice(&message), true, &log);
	assert_int_equal(log.deepest, MIME_DEPTH_MAX);
	buf_free(&log.text);
	buf_clear(&message);
	repeat(&message, "Content-Type: message/rfc822\n\n", 20000);
	in_time("messages", buf_slice(&message), true, &log);
	assert_int_equal(log.deepest, MIME_DEPTH_MAX);
	buf_free(&log.text);
}

static void too_many_parts(void **state)
{
	struct log log = { 0 };
	AUTO_BUF message = { 0 };

	(void)state;
	buf_add_text(&message, MIXED);
	repeat(&message, "--b\n\nx\n", 200000);
	in_time("parts", buf_slice(&message), true, &log);
	assert_int_equal(log.parts, MIME_PARTS_MAX);
	buf_free(&log.text);
}

/* A hundred boundaries of 900 bytes that differ in the last, and lines that nearly match. */
static void boundaries_alike(void **state)
{
	struct log log = { 0 };
	AUTO_BUF message = { 0 };
	char same[901] = { 0 };

	(void)state;
	memset(same, 'x', 900);
	for (int i = 0; i < 99; i++)
		buf_addf(&message, "Content-Type: multipart/x; boundary=%s%02d\n\n--%s%02d\n", same,
			i, same, i);
	buf_add_text(&message, "\n");
	for (int i = 0; i < 10000; i++)
		buf_addf(&message, "--%szz\n", same);
	in_time("boundaries", buf_slice(&message), false, &log);
	buf_free(&log.text);
}

static void long_header(void **state)
{
	struct log log = { 0 };
	AUTO_BUF message = { 0 };

	(void)state;
	buf_add_text(&message, "Content-Type: a/b\nX: ");
	repeat(&message, "xxxxxxxxxxxxxxxxxxxx", 1 << 20);
	buf_add_text(&message, "\nY: z\r\n\r\nbody\n");
	in_time("header of 20 MB", buf_slice(&message), true, &log);
	assert_string_equal(buf_text(&log.text), "(a/b b:body\n)");
	buf_free(&log.text);
}

static void many_parameters(void **state)
{
	struct log log = { 0 };
	AUTO_BUF message = { 0 };

	(void)state;
	buf_add_text(&message, "Content-Type: a/b");
	for (int i = 99999; i >= 0; i--)
		buf_addf(&message, "; name*%d=", i);
	for (int i = 0; i < 60000; i++)
		buf_addf(&message, ";(");
	buf_add_text(&message, "\n\n");
	in_time("parameters", buf_slice(&message), true, &log);
	buf_free(&log.text);
}

static void nothing_asked_for(void **state)
{
	static const struct mime_events none = { 0 };
	struct mime *m = mime_new(&none, NULL, true);

	(void)state;
	mime_feed(m, SLICE(MIXED "--b\nContent-Transfer-Encoding: base64\n\nZm"));
	mime_free(m);
	m = mime_new(&none, NULL, true);
	mime_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoded),
		cmocka_unit_test(raw),
		cmocka_unit_test(rfc5173),
		cmocka_unit_test(header_of_a_message),
		cmocka_unit_test(nested_20000_deep),
		cmocka_unit_test(too_many_parts),
		cmocka_unit_test(boundaries_alike),
		cmocka_unit_test(long_header),
		cmocka_unit_test(many_parameters),
		cmocka_unit_test(nothing_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
