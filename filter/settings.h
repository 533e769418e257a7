/*
 * Section `filter` of the configuration.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_SETTINGS_H
#define FILTER_SETTINGS_H

#include "common/base/program.h"
#include "common/base/settings.h"

/* LIMIT: what one message may cause. */
struct limits {
	long actions;
	long redirects;
	long notifications;
};

/* How often one sender gets one reply; in milliseconds. */
struct vacation_settings {
	int64_t least;
	int64_t most;
	int64_t otherwise; /* neither :days nor :seconds is given */
};

/* How a scanner's verdict is read (filter/tests/scanner.h). */
enum scanner_kind { SCANNER_SCORE, SCANNER_STRLEN, SCANNER_TEXT };

struct scanner_settings {
	char *header;     /* "Name", or "Name: expression"; NULL: there is no scanner */
	int kind;         /* enum scanner_kind */
	char *max;        /* the score that is certain; or */
	char *max_header; /* where it stands, as `header` */
	struct strings texts; /* "10 Yes": the value of a word */
};

struct filter_settings {
	char *rules; /* a folder of rule files, or one file */
	char *include_dir;        /* where scripts are that rules include */
	char *global_include_dir; /* the same for :global; may be NULL */
	char *lists;               /* folder of the lists that rules name; NULL: none */
	char *recipient_delimiter; /* bytes, any of which parts user and detail; may be NULL */
	char *host; /* the machine; never NULL after filter_settings_read */
	char *user; /* who gets the mail; may be NULL */
	struct strings environment; /* "NAME=VALUE" */
	struct limits limits;
	struct program_settings programs;
	int64_t duplicate_default; /* milliseconds; how long a duplicate test remembers */
	int64_t duplicate_max;
	struct strings addresses; /* the user's, beside those of the envelope */
	struct vacation_settings vacation;
	struct scanner_settings spam;
	struct scanner_settings virus;
};

extern const struct setting filter_setting_rows[];

/* Reads the section; host and user are the machine's and the process's where not set. */
int filter_settings_read(const struct config *config, struct filter_settings *out,
	struct fault *why);

#endif
