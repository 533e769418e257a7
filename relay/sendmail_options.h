/*
 * The command line of sendmail(8) as cron, mail readers, PHP and scripts give it.
 *
 * Options stand before the recipients, as in sendmail: what begins with "-" behind the
 * first recipient is refused, never taken for an option nor for an address. Single
 * letters may be joined ("-ti"); an argument may be joined to its letter or follow it.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef RELAY_SENDMAIL_OPTIONS_H
#define RELAY_SENDMAIL_OPTIONS_H

#include <stdbool.h>

#include "common/base/fault.h"

enum sendmail_mode {
	SENDMAIL_SUBMIT,  /* -bm, and without -b */
	SENDMAIL_QUEUE,   /* -bp */
	SENDMAIL_ALIASES, /* -bi, -I */
	SENDMAIL_RUN,     /* -q */
};

/* All-zero is what no option at all means. Texts are borrowed from argv. */
struct sendmail_options {
	enum sendmail_mode mode;
	bool from_header;   /* -t */
	bool ignore_dots;   /* -i, -oi */
	bool verbose;       /* -v */
	const char *sender; /* -f, -r; NULL: not given; "" or "<>": the null sender */
	const char *name;   /* -F; NULL: not given */
	char **recipients;  /* the arguments */
	int count;
};

/*
 * argv[0] is skipped. FAULT_USAGE with the reason: unknown options, and those that ask for
 * what would be wrong to ignore (-bd, -bs, -bv, -bt, -C, -q with an interval).
 */
int sendmail_options_read(int argc, char **argv, struct sendmail_options *out,
	struct fault *why);

#endif
