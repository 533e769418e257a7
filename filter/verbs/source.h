/*
 * Messages to look at: a file, an mbox, a Maildir, a descriptor.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_SOURCE_H
#define FILTER_VERBS_SOURCE_H

#include "common/mail/intake.h"
#include "filter/gather.h"

/* Is given each source once; -1 ends the walk. */
typedef int source_visit(void *context, const char *name, struct intake *in, struct fault *why);

int source_descriptor(int fd, const char *name, enum intake_mode mode, source_visit *visit,
	void *context, struct fault *why);

/*
 * A directory with cur and new is a Maildir: each message of both, in the order of their
 * names. A file that begins with "From " is an mbox. 1: empty files were passed over, with
 * a line each. FAULT_TEMP, FAULT_USAGE for others.
 */
int source_path(const char *path, source_visit *visit, void *context, struct fault *why);

/* Is given each message once, gathered; -1 ends the walk. */
typedef int source_message(void *context, const char *name, struct frame *frame,
	struct message *message, struct fault *why);

/*
 * All messages of one source, for a source_visit. A source that breaks off is FAULT_TEMP;
 * what is cut within is passed over.
 */
int source_messages(struct intake *in, const char *name, struct gather_state *gather,
	source_message *each, void *context, struct fault *why);

#endif
