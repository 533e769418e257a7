/*
 * How commands and tests complain: see complaint.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"

int checker_complain(struct checker *checker, const struct node *node, const char *format, ...)
{
	AUTO_BUF text = { 0 };
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	problem_add(&checker->script->problems, node->line, node->column, "%s", buf_text(&text));
	return -1;
}

int checker_complain_at(struct checker *checker, const struct template *at, const char *format,
	...)
{
	AUTO_BUF text = { 0 };
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	problem_add(&checker->script->problems, at->line, at->column, "%s", buf_text(&text));
	return -1;
}
