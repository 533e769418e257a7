/*
 * Return-Path: see return_path.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/return_path.h"

#include "common/mail/address.h"
#include "common/mail/header.h"

bool return_path_read(struct slice header, struct buf *out)
{
	AUTO_BUF value = { 0 };
	struct field field;
	struct slice path;

	buf_clear(out);
	if (!header_find(header, "Return-Path", &field))
		return false;
	header_unfold(field.body, &value);
	path = buf_slice(&value);
	if (path.len >= 2 && path.ptr[0] == '<' && path.ptr[path.len - 1] == '>')
		path = slice_trim(slice_of(path.ptr + 1, path.len - 2));
	if (address_check_envelope(path, NULL) == 0)
		buf_add_slice(out, path);
	return true;
}
