/*
 * What went wrong, as a value: a kind and one whole sentence.
 *
 * A function that can fail returns 0 or -1 and takes `struct fault *why` last. The text
 * names file, line, account or message and is fit to be printed as it stands, without
 * capital and full stop. Only main turns a kind into an exit status; the kinds are the
 * statuses of the manual pages, so that the two cannot drift apart.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_FAULT_H
#define COMMON_BASE_FAULT_H

#include <stdarg.h>

enum fault_kind {
	FAULT_NONE = 0,
	FAULT_USAGE = 64,    /* the command line */
	FAULT_DATA = 65,     /* bad rules, bad data in a message or address */
	FAULT_REFUSED = 69,  /* refused by policy */
	FAULT_RUNTIME = 70,  /* a rule failed at run time (explain, test) */
	FAULT_CREATE = 73,   /* mr-relay only: spool cannot be created */
	FAULT_WRITE = 74,    /* mr-relay only: spool cannot be written */
	FAULT_TEMP = 75,     /* try again: anything temporary, and all doubt */
	FAULT_PROTOCOL = 76, /* the peer speaks nonsense */
	FAULT_LOGIN = 77,    /* login refused */
	FAULT_CONFIG = 78,   /* configuration */
};

struct fault {
	enum fault_kind kind;
	char text[1000]; /* cut with "..." when longer */
};

/* Fills *why (which may be NULL) and returns -1, so that callers can return the call. */
int fault_set(struct fault *why, enum fault_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int fault_setv(struct fault *why, enum fault_kind kind, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/* Puts "NAME: " in front of the text; returns -1. */
int fault_prefix(struct fault *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The worse of two exit statuses: 78, 77, 76, 75, then the larger of the others, then 0. */
int status_worse(int a, int b);

#endif
