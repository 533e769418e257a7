/*
 * Line ends: see lineend.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/lineend.h"

void lineend_to_lf(struct lineend *state, struct slice bytes, struct buf *out)
{
	ptrdiff_t at;

	if (bytes.len == 0)
		return;
	if (state->after_cr && bytes.ptr[0] != '\n')
		buf_add_byte(out, '\r');
	state->after_cr = false;
	while ((at = slice_find_byte(bytes, '\r')) >= 0) {
		size_t cr = (size_t)at;

		buf_add(out, bytes.ptr, cr);
		slice_skip(&bytes, cr + 1);
		if (bytes.len == 0)
			state->after_cr = true;
		else if (bytes.ptr[0] != '\n')
			buf_add_byte(out, '\r');
	}
	buf_add_slice(out, bytes);
}

void lineend_finish(struct lineend *state, struct buf *out)
{
	if (state->after_cr)
		buf_add_byte(out, '\r');
	state->after_cr = false;
}

/* Bytes up to the next CR or LF. */
static size_t text_length(struct slice bytes)
{
	size_t len = 0;

	while (len < bytes.len && bytes.ptr[len] != '\n' && bytes.ptr[len] != '\r')
		len++;
	return len;
}

static void wire_line_end(struct lineend *state, char end, struct buf *out)
{
	/* The LF of a CRLF: its CR has already ended the line. */
	if (end != '\n' || !state->after_cr)
		buf_add(out, "\r\n", 2);
	state->after_cr = end == '\r';
	state->line_start = true;
}

void lineend_to_wire(struct lineend *state, struct slice bytes, struct buf *out)
{
	while (bytes.len > 0) {
		size_t len = text_length(bytes);

		if (len > 0) {
			if (state->line_start && bytes.ptr[0] == '.')
				buf_add_byte(out, '.');
			buf_add(out, bytes.ptr, len);
			slice_skip(&bytes, len);
			state->line_start = false;
			state->after_cr = false;
		}
		if (bytes.len > 0) {
			wire_line_end(state, bytes.ptr[0], out);
			slice_skip(&bytes, 1);
		}
	}
}

void lineend_wire_end(struct lineend *state, struct buf *out)
{
	if (!state->line_start)
		buf_add(out, "\r\n", 2);
	buf_add(out, ".\r\n", 3);
	*state = (struct lineend){ .line_start = true };
}
