/*
 * Regular expressions by PCRE2: see regex.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* LIMIT: steps, nesting and KiB of memory of one match: some tenths of a second. */
enum { STEP_MAX = 1000000, DEPTH_MAX = 20000, HEAP_MAX = 8192 };
/* LIMIT: stack of the machine code. */
enum { STACK_MIN = 32 << 10, STACK_MAX = 1 << 20 };

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

static pcre2_code *try_compile(struct slice pattern, uint32_t options, int *error, size_t *at)
{
	return pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, options, error, at, NULL);
}

struct regex *regex_compile(struct slice pattern, bool caseless, struct fault *why)
{
	uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C |
		(caseless ? PCRE2_CASELESS : 0);
	struct regex *regex;
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
		return NULL;
	}
	regex = mem_zero(1, sizeof(*regex));
	regex->code = code;
	return regex;
}

void regex_free(struct regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->code);
	pcre2_match_data_free(regex->data);
	pcre2_match_context_free(regex->context);
	pcre2_jit_stack_free(regex->stack);
	free(regex);
}

static int prepare(struct regex *regex, struct fault *why)
{
	regex->data = pcre2_match_data_create_from_pattern(regex->code, NULL);
	regex->context = pcre2_match_context_create(NULL);
	if (!regex->data || !regex->context)
		return fault_set(why, FAULT_RUNTIME, "no memory for a regular expression");
	pcre2_set_match_limit(regex->context, STEP_MAX);
	pcre2_set_depth_limit(regex->context, DEPTH_MAX);
	pcre2_set_heap_limit(regex->context, HEAP_MAX);
	/* Where the system forbids machine code the interpreter does it, more slowly. */
	if (pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) == 0)
		regex->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (regex->stack)
		pcre2_jit_stack_assign(regex->context, NULL, regex->stack);
	return 0;
}

static void copy_captures(const struct regex *regex, int count, struct captures *out)
{
	const size_t *at = pcre2_get_ovector_pointer(regex->data);

	out->count = (size_t)count < CAPTURE_MAX ? (size_t)count : CAPTURE_MAX;
	for (size_t i = 0; i < out->count; i++) {
		bool set = at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1];

		out->at[i].from = set ? at[2 * i] : 0;
		out->at[i].to = set ? at[2 * i + 1] : 0;
	}
}

int regex_match(struct regex *regex, struct slice text, struct captures *out,
	struct fault *why)
{
	char message[200] = "?";
	int got;

	if (!regex->data && prepare(regex, why) < 0)
		return -1;
	got = pcre2_match(regex->code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, regex->data,
		regex->context);
	if (got == PCRE2_ERROR_NOMATCH)
		return 0;
	if (got < 0) {
		pcre2_get_error_message(got, (PCRE2_UCHAR *)message, sizeof(message));
		return fault_set(why, FAULT_RUNTIME, "regular expression given up: %s", message);
	}
	if (out)
		copy_captures(regex, got, out);
	return 1;
}
