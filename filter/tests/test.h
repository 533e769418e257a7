/*
 * The tests, for vocabulary.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_TEST_H
#define FILTER_TESTS_TEST_H

#include "filter/language/vocabulary.h"

extern const struct word test_address;  /* RFC 5228 5.1 */
extern const struct word test_allof;    /* 5.2 */
extern const struct word test_anyof;    /* 5.3 */
extern const struct word test_envelope; /* 5.4 */
extern const struct word test_exists;   /* 5.5 */
extern const struct word test_false;    /* 5.6 */
extern const struct word test_header;   /* 5.7 */
extern const struct word test_not;      /* 5.8 */
extern const struct word test_size;     /* 5.9 */
extern const struct word test_true;     /* 5.10 */
extern const struct word test_string;   /* RFC 5229 5 */
extern const struct word test_body;     /* RFC 5173 */
extern const struct word test_environment; /* RFC 5183 4 */
extern const struct word test_ihave;    /* RFC 5463 4 */
extern const struct word test_hasflag;  /* RFC 5232 4 */
extern const struct word test_mailboxexists; /* RFC 5490 3.1 */
extern const struct word test_valid_notify_method; /* RFC 5435 4 */
extern const struct word test_notify_method_capability; /* 5 */
extern const struct word test_date;     /* RFC 5260 4 */
extern const struct word test_currentdate; /* 5 */
extern const struct word test_duplicate; /* RFC 7352 */
extern const struct word test_spamtest; /* RFC 5235 3.2 */
extern const struct word test_virustest; /* 3.3 */
extern const struct word test_specialuse_exists; /* RFC 8579 3 */
extern const struct word test_valid_ext_list; /* RFC 6134 2.7 */
extern const struct word test_execute;  /* spec-bosch-sieve-pipe 8 */
extern const struct word test_filter;
extern const struct word test_program;  /* vnd.mailrail.program */
extern const struct word test_raw;      /* vnd.mailrail.raw */
extern const struct word test_score;    /* vnd.mailrail.score */
extern const struct word test_weight;

#endif
