/*
 * How commands and tests complain: see complaint.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/complaint.h"

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

/* RFC 5322 section 3.6.8: ftext = %d33-57 / %d59-126 */
static bool is_field_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == ':')
			return false;
	}
	return name.len > 0;
}

int checker_field_names(struct checker *checker, const struct template_list *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct template *name = &names->at[i];

		if (name->constant && !is_field_name(name->text))
			return checker_complain_at(checker, name,
				"\"%.*s\" is no name of a header field, expected letters, digits "
					"and -",
				SLICE_ARG(slice_first(name->text, 40)));
	}
	return 0;
}
