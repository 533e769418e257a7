/*
 * Programs of rules: see programs.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/programs.h"

struct section {
	struct program_settings programs;
};

static const struct setting rows[] = {
	PROGRAMS_ROWS(section, programs),
	SETTING_END_OTHERS,
};

int programs_read(const struct config *config, struct program_settings *out, struct fault *why)
{
	struct section section;
	int result = settings_read(config, "filter", NULL, rows, sizeof(section), &section, why);

	*out = section.programs;
	return result;
}

void programs_free(struct program_settings *s)
{
	struct section section = { .programs = *s };

	settings_free(rows, &section);
	*s = (struct program_settings){ 0 };
}

static void add(struct strings *out, const char *name, struct slice value)
{
	AUTO_BUF text = { 0 };

	for (size_t i = 0; i < value.len; i++) {
		if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f)
			return;
	}
	buf_add_text(&text, name);
	buf_add_slice(&text, value);
	strings_add(out, buf_slice(&text));
}

void programs_envelope(const struct frame *frame, struct strings *out)
{
	if (frame->mail_from_known)
		add(out, "SENDER=", buf_slice(&frame->mail_from));
	if (frame->rcpt_to.count > 0)
		add(out, "RECIPIENT=", slice_text(frame->rcpt_to.at[0]));
	for (size_t i = 0; i < frame->others.count; i++) {
		struct slice line = slice_text(frame->others.at[i]);

		if (!slice_starts(line, "orig-to: "))
			continue;
		add(out, "ORIG_RECIPIENT=", slice_from(line, 9));
		break;
	}
}
