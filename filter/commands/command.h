/*
 * The commands, for vocabulary.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_COMMANDS_COMMAND_H
#define FILTER_COMMANDS_COMMAND_H

#include "filter/language/vocabulary.h"

extern const struct word command_require;    /* RFC 5228 3.2 */
extern const struct word command_if;         /* 3.1 */
extern const struct word command_elsif;
extern const struct word command_else;
extern const struct word command_stop;       /* 3.3 */
extern const struct word command_keep;       /* 4.3; RFC 5232 */
extern const struct word command_fileinto;   /* 4.1; RFC 3894, 5232, 5490 */
extern const struct word command_redirect;   /* 4.2; RFC 3894 */
extern const struct word command_discard;    /* 4.4 */
extern const struct word command_include;    /* RFC 6609 3.2 */
extern const struct word command_return;     /* 3.3 */
extern const struct word command_global;     /* 3.4.1 */
extern const struct word command_error;      /* RFC 5463 5 */
extern const struct word command_vacation;   /* RFC 5230, 6131, 8580 */
extern const struct word command_notify;     /* RFC 5435, 5436, 8580 */
extern const struct word command_reject;     /* RFC 5429 */
extern const struct word command_ereject;
extern const struct word command_set;        /* RFC 5229 4 */
extern const struct word command_setflag;    /* RFC 5232 3 */
extern const struct word command_addflag;
extern const struct word command_removeflag;
extern const struct word command_foreverypart; /* RFC 5703 3 */
extern const struct word command_break;
extern const struct word command_extracttext; /* RFC 5703 7 */
extern const struct word command_addheader;    /* RFC 5293 4 */
extern const struct word command_deleteheader; /* RFC 5293 5 */
extern const struct word command_execute;    /* spec-bosch-sieve-pipe 7 */
extern const struct word command_filter;     /* 6 */
extern const struct word command_pipe;       /* 5 */
extern const struct word command_program;    /* vnd.mailrail.program */
extern const struct word command_replace;      /* RFC 5703 5 */
extern const struct word command_enclose;      /* RFC 5703 6 */
extern const struct word command_defer;      /* vnd.mailrail.defer */
extern const struct word command_debug_log;  /* vnd.dovecot.debug */

#endif
