/*
 * What header :mime looks at besides whole values: see mime_values.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/tests/mime_values.h"

#include "common/mail/parameter.h"

/* RFC 2045 section 5.1: token. */
static bool is_token(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] <= 32 || s.ptr[i] == 127 || strchr("()<>@,;:\\\"/[]?=", s.ptr[i]))
			return false;
	}
	return s.len > 0;
}

/* content = type "/" subtype */
static bool take_type(enum mime_option option, struct slice value, struct buf *room,
	struct slice *out)
{
	struct slice subtype = parameter_main(value);
	struct slice type;

	slice_cut(&subtype, '/', &type);
	type = slice_trim(type);
	subtype = subtype.ptr ? slice_trim(subtype) : SLICE("");
	if (!is_token(type) || !is_token(subtype))
		return false;
	buf_clear(room);
	buf_add_slice(room, type);
	buf_add_byte(room, '/');
	buf_add_slice(room, subtype);
	*out = option == MIME_TYPE ? type : option == MIME_SUBTYPE ? subtype : buf_slice(room);
	return true;
}

/* RFC 2183: disposition-type = token */
static bool take_disposition(enum mime_option option, struct slice value, struct slice *out)
{
	struct slice type = parameter_main(value);

	*out = option == MIME_SUBTYPE ? SLICE("") : type;
	return is_token(type);
}

static int try_params(struct keys *keys, const struct strings *params, struct slice value)
{
	for (size_t i = 0; i < params->count; i++) {
		AUTO_BUF text = { 0 };
		int got;

		if (params->at[i][0] == '\0' || !parameter_text(value, params->at[i], &text))
			continue;
		got = keys_try(keys, buf_slice(&text));
		if (got != 0)
			return got;
	}
	return 0;
}

int mime_values_try(struct keys *keys, const struct strings *params, struct message *message,
	size_t field)
{
	enum mime_option option = keys->node->mime->option;
	struct slice name = message_name(message, field);
	AUTO_BUF raw = { 0 };
	AUTO_BUF room = { 0 };
	struct slice value = SLICE("");
	bool taken = true;

	message_raw_value(message, field, &raw);
	if (option == MIME_PARAM)
		return try_params(keys, params, buf_slice(&raw));
	if (slice_is_case(name, "Content-Type"))
		taken = take_type(option, buf_slice(&raw), &room, &value);
	else if (slice_is_case(name, "Content-Disposition"))
		taken = take_disposition(option, buf_slice(&raw), &value);
	return taken ? keys_try(keys, value) : 0;
}
