/*
 * The words of the language: commands, tests, capabilities. One row for each.
 *
 * A command or test is one exported object in a file of its own under commands/ or tests/,
 * and one row in vocabulary.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_VOCABULARY_H
#define FILTER_LANGUAGE_VOCABULARY_H

#include "filter/language/script.h"

struct run;
struct checker;

/* What `require` can name: sets of bits. A bit counts when vocabulary.c has its row. */
typedef uint64_t capability_set;

#define CAPABILITY(number) ((capability_set)1 << (number))
#define CAPABILITY_BASE CAPABILITY(0) /* what needs no require but may be named in one */
#define CAPABILITY_FILEINTO CAPABILITY(1)
#define CAPABILITY_ENVELOPE CAPABILITY(2)
#define CAPABILITY_ENCODED_CHARACTER CAPABILITY(3)
#define CAPABILITY_COPY CAPABILITY(4)
#define CAPABILITY_VARIABLES CAPABILITY(5)
#define CAPABILITY_BODY CAPABILITY(6)
#define CAPABILITY_RELATIONAL CAPABILITY(7)
#define CAPABILITY_IMAP4FLAGS CAPABILITY(8)
#define CAPABILITY_MAILBOX CAPABILITY(9)
#define CAPABILITY_REGEX CAPABILITY(10)
#define CAPABILITY_NUMERIC CAPABILITY(11)
#define CAPABILITY_CASEMAP_UNICODE CAPABILITY(12)
#define CAPABILITY_SUBADDRESS CAPABILITY(13)
#define CAPABILITY_DATE CAPABILITY(14)
#define CAPABILITY_INDEX CAPABILITY(15)
#define CAPABILITY_DUPLICATE CAPABILITY(16)
#define CAPABILITY_INCLUDE CAPABILITY(17)
#define CAPABILITY_IHAVE CAPABILITY(18)
#define CAPABILITY_VACATION CAPABILITY(19)
#define CAPABILITY_VACATION_SECONDS CAPABILITY(20)
#define CAPABILITY_EDITHEADER CAPABILITY(21)
#define CAPABILITY_ENVIRONMENT CAPABILITY(22)
#define CAPABILITY_MIME CAPABILITY(23)
#define CAPABILITY_FOREVERYPART CAPABILITY(24)
#define CAPABILITY_EXTRACTTEXT CAPABILITY(25)
#define CAPABILITY_REPLACE CAPABILITY(26)
#define CAPABILITY_ENCLOSE CAPABILITY(27)
#define CAPABILITY_REJECT CAPABILITY(28)
#define CAPABILITY_EREJECT CAPABILITY(29)
#define CAPABILITY_SPAMTEST CAPABILITY(30)
#define CAPABILITY_SPAMTESTPLUS CAPABILITY(31)
#define CAPABILITY_VIRUSTEST CAPABILITY(32)
#define CAPABILITY_ENOTIFY CAPABILITY(33)
#define CAPABILITY_EXTLISTS CAPABILITY(34)
#define CAPABILITY_SPECIAL_USE CAPABILITY(35)
#define CAPABILITY_FCC CAPABILITY(36)
#define CAPABILITY_DEBUG CAPABILITY(37)      /* vnd.dovecot.debug */
#define CAPABILITY_DOVECOT_ENVIRONMENT CAPABILITY(38) /* vnd.dovecot.environment */
#define CAPABILITY_PIPE CAPABILITY(39)       /* vnd.dovecot.pipe */
#define CAPABILITY_FILTER CAPABILITY(40)     /* vnd.dovecot.filter */
#define CAPABILITY_EXECUTE CAPABILITY(41)    /* vnd.dovecot.execute */
#define CAPABILITY_SCORE CAPABILITY(42)      /* vnd.mailrail.score */
#define CAPABILITY_PROGRAM CAPABILITY(43)    /* vnd.mailrail.program */
#define CAPABILITY_DEFER CAPABILITY(44)      /* vnd.mailrail.defer */
#define CAPABILITY_RAW CAPABILITY(45)        /* vnd.mailrail.raw */

enum word_tests { TESTS_NONE, TESTS_ONE, TESTS_LIST };
enum tag_takes { VALUE_NONE, VALUE_STRING, VALUE_STRINGS, VALUE_NUMBER };

/* A tag of one word's own. */
struct tag {
	const char *name; /* without the colon; NULL ends the table */
	capability_set capability;
	unsigned group; /* of the tags of one group only one may stand; 0: none */
	enum tag_takes value;
};

/* What a word takes besides its own tags; bits. */
enum {
	USES_MATCH = 1, /* match types and :comparator; its last position is the key list */
	USES_PART = 2,  /* :all, :localpart, :domain, :user, :detail */
	NO_CAPTURES = 4, /* a match sets no match variables (RFC 5173 section 6) */
	IS_BRANCH = 8,   /* elsif, else: run by the "if" before them */
	IS_CONDITION = 512, /* if, elsif, else: evaluate_branch runs one of them by itself */
	USES_INDEX = 16, /* :index, :last (RFC 5260 section 6) */
	USES_MIME = 32,  /* :mime, :anychild (RFC 5703 section 4) */
	USES_LIST = 64,  /* and :list among the match types (RFC 6134 section 2.2) */
	USES_MIME_OPTIONS = 128, /* :type, :subtype, :contenttype, :param */
	LONG_TEXT = 1024, /* a regular expression may be matched against more: REGEX_BODY_MAX */
	IS_LOOP = 256,   /* "break" may stand in its block */
};

/*
 * positions: one letter for each, "S" string list, "s" one string, "c" one constant string,
 * "n" number, each with "?" behind it when it may be left out (then the earlier ones are).
 */
struct word {
	const char *name;
	capability_set capability; /* that it needs, one; 0: none */
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
capability_set vocabulary_capability(struct slice name);
const char *vocabulary_capability_name(capability_set capability);

/* Within two letters of each other, or one when short? */
bool vocabulary_is_near(struct slice name, const char *candidate);

/* The nearest known name within two letters, or NULL. */
const char *vocabulary_near_command(struct slice name);
const char *vocabulary_near_test(struct slice name);
const char *vocabulary_near_capability(struct slice name);

#endif
