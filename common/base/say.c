/*
 * Lines on stderr: see say.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/say.h"

#include <pthread.h>
#include <unistd.h>

static const char *program_name = "mailrail";
static bool verbose;

/* What stands below, as it is written; the cursor rests before it. */
static pthread_mutex_t below_lock = PTHREAD_MUTEX_INITIALIZER;
static char *below;

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

/* ECMA-48 section 8.3.39, ED: from here to the end of the screen. */
static const char clear_below[] = "\033[J";

static void say_line(const char *format, va_list args)
{
	AUTO_BUF text = { 0 };
	AUTO_BUF line = { 0 };
	ssize_t ignored;

	pthread_mutex_lock(&below_lock);
	if (below)
		buf_add_text(&line, clear_below);
	buf_addv(&text, format, args);
	buf_addf(&line, "%s: ", program_name);
	say_visible(&line, buf_slice(&text));
	buf_add_byte(&line, '\n');
	if (below)
		buf_add_text(&line, below);
	ignored = write(STDERR_FILENO, line.ptr, line.len);
	(void)ignored;
	pthread_mutex_unlock(&below_lock);
}

void say_below(const struct strings *lines)
{
	AUTO_BUF out = { 0 };
	ssize_t ignored;

	for (size_t i = 0; i < lines->count; i++) {
		say_visible(&out, slice_text(lines->at[i]));
		buf_add_text(&out, i + 1 < lines->count ? "\n" : "\r");
	}
	/* CUU: back to where the first line begins. */
	if (lines->count > 1)
		buf_addf(&out, "\033[%zuA", lines->count - 1);
	pthread_mutex_lock(&below_lock);
	free(below);
	below = lines->count ? buf_give(&out) : NULL;
	buf_set(&out, slice_text(clear_below));
	if (below)
		buf_add_text(&out, below);
	ignored = write(STDERR_FILENO, out.ptr, out.len);
	(void)ignored;
	pthread_mutex_unlock(&below_lock);
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
