/*
 * Regular expressions by PCRE2: see regex.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/regex.h"

#include "common/base/clock.h"
#include "filter/index/literals.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* LIMIT: steps, nesting and KiB of memory of one match: some tenths of a second. */
enum { STEP_MAX = 1000000, DEPTH_MAX = 20000, HEAP_MAX = 8192 };
/*
 * LIMIT: milliseconds of one match. PCRE2 counts steps, not bytes: "a.*b.*c" over a megabyte
 * takes minutes within a million steps. Above so many bytes of text the expression is one
 * that calls out at each of its items, where the clock is read now and then.
 */
enum { TIME_MAX = 1000, SHORT_TEXT = 2048, CALLS_PER_LOOK = 256 };
/* Making machine code takes as long as so many short matches without. */
enum { TRIES_BEFORE_JIT = 16 };
/* LIMIT: stack of the machine code. */
enum { STACK_MIN = 32 << 10, STACK_MAX = 1 << 20 };

struct machine {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	unsigned tries;
};

struct regex {
	struct machine plain;
	struct machine guarded; /* for long texts; made when the first one comes */
	char *pattern;          /* owned */
	size_t pattern_len;
	bool caseless;
	struct strings needed; /* one of these is in each match, in capitals; none: unknown */
	int64_t deadline; /* of the match that runs */
	unsigned calls;
};

static pcre2_code *try_compile(struct slice pattern, uint32_t options, int *error, size_t *at)
{
	return pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, options, error, at, NULL);
}

static pcre2_code *compile(struct slice pattern, bool caseless, uint32_t more,
	struct fault *why)
{
	uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C | more |
		(caseless ? PCRE2_CASELESS : 0);
	pcre2_code *code;
	size_t at = 0;
	int error = 0;

	code = try_compile(pattern, options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &at);
	if (!code && error <= PCRE2_ERROR_UTF8_ERR1 && error >= PCRE2_ERROR_UTF8_ERR21)
		code = try_compile(pattern, options | PCRE2_NEVER_UTF, &error, &at);
	if (!code) {
		char text[200] = "?";

		pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof(text));
		fault_set(why, FAULT_DATA, "bad regular expression at byte %zu: %s", at + 1, text);
	}
	return code;
}

struct regex *regex_compile(struct slice pattern, bool caseless, struct fault *why)
{
	AUTO_LITERALS literals = { 0 };
	pcre2_code *code = NULL;
	struct regex *regex;

	literals_of_regex(pattern, &literals);
	if (!literals.sound && !(code = compile(pattern, caseless, 0, why)))
		return NULL;
	regex = mem_zero(1, sizeof(*regex));
	regex->plain.code = code;
	regex->needed = literals.texts;
	literals.texts = (struct strings){ 0 };
	regex->pattern = slice_copy(pattern);
	regex->pattern_len = pattern.len;
	regex->caseless = caseless;
	return regex;
}

static void machine_free(struct machine *m)
{
	pcre2_code_free(m->code);
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	pcre2_jit_stack_free(m->stack);
}

void regex_free(struct regex *regex)
{
	if (!regex)
		return;
	machine_free(&regex->plain);
	machine_free(&regex->guarded);
	strings_free(&regex->needed);
	free(regex->pattern);
	free(regex);
}

static int look_at_clock(pcre2_callout_block *block, void *context)
{
	struct regex *regex = context;

	(void)block;
	if (++regex->calls % CALLS_PER_LOOK != 0 || clock_tick() < regex->deadline)
		return 0;
	return PCRE2_ERROR_MATCHLIMIT;
}

/* Where the system forbids machine code the interpreter goes on, more slowly. */
static void make_machine_code(struct machine *m)
{
	if (pcre2_jit_compile(m->code, PCRE2_JIT_COMPLETE) == 0)
		m->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (m->stack)
		pcre2_jit_stack_assign(m->context, NULL, m->stack);
}

static int prepare(struct regex *regex, struct machine *m, struct fault *why)
{
	if (!m->code)
		m->code = compile(slice_of(regex->pattern, regex->pattern_len), regex->caseless,
			m == &regex->guarded ? PCRE2_AUTO_CALLOUT : 0, why);
	if (!m->code)
		return -1;
	m->data = pcre2_match_data_create_from_pattern(m->code, NULL);
	m->context = pcre2_match_context_create(NULL);
	if (!m->data || !m->context)
		return fault_set(why, FAULT_RUNTIME, "no memory for a regular expression");
	pcre2_set_match_limit(m->context, STEP_MAX);
	pcre2_set_depth_limit(m->context, DEPTH_MAX);
	pcre2_set_heap_limit(m->context, HEAP_MAX);
	pcre2_set_callout(m->context, look_at_clock, regex);
	return 0;
}

static void copy_captures(const struct machine *m, int count, struct captures *out)
{
	const size_t *at = pcre2_get_ovector_pointer(m->data);

	out->count = (size_t)count < CAPTURE_MAX ? (size_t)count : CAPTURE_MAX;
	for (size_t i = 0; i < out->count; i++) {
		bool set = at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1];

		out->at[i].from = set ? at[2 * i] : 0;
		out->at[i].to = set ? at[2 * i + 1] : 0;
	}
}

static bool lacks_needed(const struct regex *regex, struct slice text)
{
	AUTO_BUF folded = { 0 };

	if (regex->needed.count == 0 || !literals_fit(text))
		return false;
	match_fold(&folded, text);
	for (size_t i = 0; i < regex->needed.count; i++) {
		if (slice_find(buf_slice(&folded), slice_text(regex->needed.at[i])) >= 0)
			return false;
	}
	return true;
}

int regex_match(struct regex *regex, struct slice text, struct captures *out,
	struct fault *why)
{
	struct machine *m = text.len > SHORT_TEXT ? &regex->guarded : &regex->plain;
	char message[200] = "?";
	int got;

	if (lacks_needed(regex, text))
		return 0;
	if (!m->data && prepare(regex, m, why) < 0)
		return -1;
	if (++m->tries == (m == &regex->guarded ? 1 : TRIES_BEFORE_JIT))
		make_machine_code(m);
	regex->deadline = clock_deadline(TIME_MAX);
	got = pcre2_match(m->code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, m->data, m->context);
	if (got == PCRE2_ERROR_NOMATCH)
		return 0;
	if (got < 0) {
		pcre2_get_error_message(got, (PCRE2_UCHAR *)message, sizeof(message));
		return fault_set(why, FAULT_RUNTIME, "regular expression given up: %s", message);
	}
	if (out)
		copy_captures(m, got, out);
	return 1;
}
