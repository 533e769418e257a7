/*
 * Lines on stderr: see say.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/say.h"

#include <unistd.h>

static const char *program_name = "mailrail";
static bool verbose;

void say_start(const char *program)
{
	program_name = program;
}

const char *say_program(void)
{
	return program_name;
}

void say_verbose(bool on)
{
	verbose = on;
}

void say_visible(struct buf *out, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		if (c == '\n')
			buf_add_text(out, "\\n");
		else if (c == '\r')
			buf_add_text(out, "\\r");
		else if (c == '\t')
			buf_add_text(out, "\\t");
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "\\x%02x", c);
		else
			buf_add_byte(out, (char)c);
	}
}

static void say_line(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

static void say_line(const char *format, va_list args)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF line = { 0 };
	ssize_t ignored;

	buf_addv(&text, format, args);
	buf_addf(&line, "%s: ", program_name);
	say_visible(&line, buf_slice(&text));
	buf_add_byte(&line, '\n');
	ignored = write(STDERR_FILENO, line.ptr, line.len);
	(void)ignored;
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_line(format, args);
	va_end(args);
}

void say_detail(const char *format, ...)
{
	va_list args;

	if (!verbose)
		return;
	va_start(args, format);
	say_line(format, args);
	va_end(args);
}

int say_fault(const struct fault *why)
{
	say("%s", why->text);
	return (int)why->kind;
}
