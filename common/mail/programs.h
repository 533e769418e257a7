/*
 * Programs of rules, as mr-filter and mr-deliver run them: settings, and the envelope.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_PROGRAMS_H
#define COMMON_MAIL_PROGRAMS_H

#include "common/base/program.h"
#include "common/base/settings.h"
#include "common/mail/frame.h"

/*
 * Rows of section `filter` about a member `at` of struct `type`, a struct program_settings:
 * mr-filter has them among its own, mr-deliver reads them alone.
 */
#define PROGRAMS_ROWS(type, at)                                                            \
	SETTING(type, at.folder, "programs", PATH, "programs",                             \
		"Folder of the programs that rules may run."),                             \
	SETTING(type, at.timeout, "program-timeout", TIME, "30s",                          \
		"How long a program may run; then it is killed."),                         \
	SETTING(type, at.cpu, "program-cpu", TIME, "30s",                                  \
		"Processor time that a program may use; \"0\": no limit."),                \
	SETTING(type, at.memory, "program-memory", BYTES, "2G",                            \
		"Memory for its data that a program may use; \"0\": no limit."),           \
	SETTING(type, at.file_size, "program-file-size", BYTES, "1G",                      \
		"Size of a file that a program may write; \"0\": no limit."),              \
	SETTING(type, at.output, "program-output", BYTES, "64M",                           \
		"What a program may print; then it is killed.")

/* Reads them out of the section. To be freed, also after a fault. FAULT_CONFIG. */
int programs_read(const struct config *config, struct program_settings *out,
	struct fault *why);
void programs_free(struct program_settings *s);

/*
 * Adds what a program is told of the envelope: SENDER, RECIPIENT (the first one) and, where
 * the frame has a line "orig-to", ORIG_RECIPIENT. A value with a control character is left out.
 */
void programs_envelope(const struct frame *frame, struct strings *out);

#endif
