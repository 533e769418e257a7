/*
 * A rule file as a tree: what the parser builds, the checker completes and evaluate walks.
 *
 * All of it lives in the script's arena and is constant once checked.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_SCRIPT_H
#define FILTER_LANGUAGE_SCRIPT_H

#include "filter/language/arena.h"
#include "filter/language/problem.h"

struct body_group;
struct body_test;
struct index;
struct regex;
struct word;

/*
 * A string is pieces: text, ${NAME} by its number in the script, ${N} of the last match,
 * ${env.NAME}, whose name is then the text.
 */
enum piece_kind { PIECE_TEXT, PIECE_VARIABLE, PIECE_MATCH, PIECE_ENVIRONMENT };

struct piece {
	enum piece_kind kind;
	struct slice text;
	unsigned index;
};

struct template {
	struct slice raw; /* as the lexer read it */
	unsigned line;
	unsigned column;
	struct piece *pieces;
	size_t piece_count;
	bool constant;       /* then `text` is the value */
	struct slice text;
	struct slice folded; /* constant keys of comparators that fold (keys.h): folded */
	struct regex *regex; /* constant keys of :regex; owned by the script */
};

struct template_list {
	struct template *at;
	size_t count;
};

enum argument_kind { ARGUMENT_STRINGS, ARGUMENT_NUMBER, ARGUMENT_TAG };

struct argument {
	enum argument_kind kind;
	unsigned line;
	unsigned column;
	struct slice name;            /* of a tag */
	uint64_t number;
	struct template_list strings;
	bool bracketed;               /* [ ... ] */
};

enum match_type { MATCH_IS, MATCH_CONTAINS, MATCH_MATCHES, MATCH_REGEX, MATCH_COUNT, MATCH_VALUE,
	MATCH_LIST };
enum comparator { COMPARE_CASEMAP, COMPARE_OCTET, COMPARE_NUMERIC, COMPARE_UNICODE };
enum relation { RELATION_GT, RELATION_GE, RELATION_LT, RELATION_LE, RELATION_EQ, RELATION_NE };
enum address_part { PART_ALL, PART_LOCAL, PART_DOMAIN, PART_USER, PART_DETAIL };

struct match_spec {
	enum match_type type;
	enum comparator comparator;
	enum relation relation;
};

/* LIMIT: positional arguments of a word. */
enum { NODE_POSITIONS = 3 };

/* What stands behind a tag of the word's own: strings, or a number. */
struct tag_value {
	struct template_list strings;
	uint64_t number;
};

/* Which of several fields of one name (RFC 5260 section 6): 0: all. */
struct field_index {
	uint64_t number; /* from 1 */
	bool last;       /* counted from the last one */
};

/* Which headers a test looks at, and what of each value (RFC 5703 section 4.1). */
enum mime_option { MIME_VALUE, MIME_TYPE, MIME_SUBTYPE, MIME_CONTENTTYPE, MIME_PARAM };

struct mime_spec {
	bool mime;     /* :mime: of the part that foreverypart is at, else of the message */
	bool anychild; /* :anychild: and of the parts in it */
	enum mime_option option;
	struct template_list params; /* names of :param */
};

/* A command or a test. */
struct node {
	struct node *next; /* the next command of the block, the next test of the list */
	struct slice name;
	unsigned line;
	unsigned column;
	struct slice source; /* name to last argument, as it stands */
	struct argument *arguments; /* gone when the script is compiled */
	size_t argument_count;
	struct node *tests;
	struct node *block;
	bool test_list; /* tests stand in parentheses */
	bool has_block;

	/* set by the checker */
	const struct word *word;
	struct match_spec match;
	enum address_part part;
	unsigned tags; /* bit i: the i-th tag of word->tags was given */
	struct tag_value *tag_values; /* by row of word->tags; NULL: none has a value */
	struct field_index index;
	struct mime_spec *mime; /* NULL: not given */
	struct template_list strings[NODE_POSITIONS]; /* string arguments by position */
	uint64_t number;
	unsigned indexed;  /* of the first command of a block: its number in the index, or 0 */
	unsigned variable; /* the variable that it sets; see VARIABLE_NONE */
	const void *own;   /* what the check of its word made, in the arena */
	uint64_t late;     /* capabilities that an "ihave" must have found before it runs */
};

/* A script that this one includes (RFC 6609). */
struct inclusion {
	struct inclusion *next;
	struct slice name;
	bool global;
	unsigned line;
	struct script *script; /* borrowed from the library; NULL: there is none */
};

#define VARIABLE_NONE ((unsigned)-1)

/* What a script asks of the message beyond its header; bits. */
enum { NEEDS_SIZE = 1, NEEDS_BODY = 2 };

struct script {
	char *path;  /* as named to the user */
	char *label; /* "20-lists.sieve": its last component, for rules */
	uint64_t device; /* of its file; with inode: which it is, by whatever path */
	uint64_t inode;
	struct buf source;
	struct arena arena;
	struct arena scratch; /* what only the compiler needs: arguments as they stand */
	struct node *commands;
	uint64_t capabilities; /* a capability_set of vocabulary.h */
	uint64_t asked;        /* those of them that no "require" names, only an "ihave" */
	bool foreign;          /* an "ihave" named one that nobody here knows */
	unsigned needs;
	struct slice *variables; /* names by number; "global.x" of shared ones */
	bool *variables_set;     /* by a command of this script */
	unsigned *shared;        /* numbers of those that "global" declared */
	size_t shared_count;
	size_t variable_count;
	struct inclusion *inclusions;
	const struct script *included_by; /* the first that did; NULL: a rule file of its own */
	unsigned included_at;
	struct regex **regexes;
	size_t regex_count;
	struct index *index; /* filter/index */
	struct body_test *body_tests; /* filter/index/body.h */
	struct body_group *body_groups;
	struct problems problems; /* with any, it must not be run */
};

/* LIMIT: a rule file. Ten thousand rules take some 2 MiB. */
enum { SCRIPT_MAX = 16 << 20 };
/* LIMIT: blocks and tests inside each other (RFC 5228 2.10.7 asks for 15). */
enum { NEST_MAX = 64 };
/* LIMIT: variables of a script (RFC 5229 section 6 asks for 128). */
enum { VARIABLE_MAX = 1024 };
/* LIMIT: bytes in a variable (RFC 5229 asks for 4000); more is cut off. */
enum { VALUE_MAX = 64 << 10 };
/* LIMIT: ${0} to ${99} (RFC 5229 asks for ${9}). */
enum { CAPTURE_MAX = 100 };

#endif
