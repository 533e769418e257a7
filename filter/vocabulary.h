/*
 * The words of the language: commands, tests, capabilities. One row for each.
 *
 * A command or test is one exported object in a file of its own under commands/ or tests/,
 * and one row in vocabulary.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VOCABULARY_H
#define FILTER_VOCABULARY_H

#include "filter/script.h"

struct run;
struct checker;

/* What `require` can name; bits. */
enum {
	CAPABILITY_FILEINTO = 1 << 0,
	CAPABILITY_ENVELOPE = 1 << 1,
	CAPABILITY_ENCODED_CHARACTER = 1 << 2,
	CAPABILITY_COPY = 1 << 3,
	CAPABILITY_VARIABLES = 1 << 4,
	CAPABILITY_BODY = 1 << 5,
	CAPABILITY_RELATIONAL = 1 << 6,
	CAPABILITY_IMAP4FLAGS = 1 << 7,
	CAPABILITY_MAILBOX = 1 << 8,
	CAPABILITY_REGEX = 1 << 9,
	CAPABILITY_NUMERIC = 1 << 10,
	CAPABILITY_BASE = 1 << 11, /* what needs no require but may be named in one */
};

enum word_tests { TESTS_NONE, TESTS_ONE, TESTS_LIST };
enum tag_value { VALUE_NONE, VALUE_STRING, VALUE_STRINGS };

/* A tag of one word's own. */
struct tag {
	const char *name; /* without the colon; NULL ends the table */
	unsigned capability;
	unsigned group; /* of the tags of one group only one may stand; 0: none */
	enum tag_value value;
};

/* What a word takes besides its own tags; bits. */
enum {
	USES_MATCH = 1, /* match types and :comparator; its last position is the key list */
	USES_PART = 2,  /* :all, :localpart, :domain */
	NO_CAPTURES = 4, /* a match sets no match variables (RFC 5173 section 6) */
	IS_BRANCH = 8,   /* elsif, else: run by the "if" before them */
};

/*
 * positions: one letter for each, "S" string list, "s" one string, "c" one constant string,
 * "n" number, each with "?" behind it when it may be left out (then the earlier ones are).
 */
struct word {
	const char *name;
	unsigned capability; /* that it needs; 0: none */
	unsigned uses;
	unsigned needs;
	const struct tag *tags;
	const char *positions;
	enum word_tests tests;
	bool block;
	/* After the general checks: what is particular to it. 0, or -1 and a problem. */
	int (*check)(struct checker *checker, struct node *node);
	/* A command: 0 go on, 1 stop the script, -1 run-time error (run->fault). */
	int (*run)(struct run *run, const struct node *node);
	/* A test: 1 true, 0 false, -1 run-time error. */
	int (*test)(struct run *run, const struct node *node);
};

const struct word *vocabulary_command(struct slice name);
const struct word *vocabulary_test(struct slice name);

/* The bit of a capability, 0 when unknown. */
unsigned vocabulary_capability(struct slice name);
const char *vocabulary_capability_name(unsigned capability);

/* The nearest known name within two letters, or NULL. */
const char *vocabulary_near_command(struct slice name);
const char *vocabulary_near_test(struct slice name);
const char *vocabulary_near_capability(struct slice name);

#endif
