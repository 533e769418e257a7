/*
 * Faults: see fault.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/fault.h"

#include <stdio.h>
#include <string.h>

int fault_setv(struct fault *why, enum fault_kind kind, const char *format, va_list args)
{
	int len;

	if (!why)
		return -1;
	why->kind = kind;
	len = vsnprintf(why->text, sizeof(why->text), format, args);
	if (len >= (int)sizeof(why->text))
		memcpy(why->text + sizeof(why->text) - 4, "...", 4);
	return -1;
}

int fault_set(struct fault *why, enum fault_kind kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_setv(why, kind, format, args);
	va_end(args);
	return -1;
}

int fault_prefix(struct fault *why, const char *format, ...)
{
	char front[sizeof(why->text)];
	va_list args;
	struct fault old;

	if (!why)
		return -1;
	old = *why;
	va_start(args, format);
	vsnprintf(front, sizeof(front), format, args);
	va_end(args);
	return fault_set(why, old.kind, "%s: %s", front, old.text);
}

int status_worse(int a, int b)
{
	/* 78 > 77 > 76 > 75 > 74 > ... > 64 > 0: the order of DESIGN is that of numbers,
	 * but a foreign status (a signal, 127) must not hide "try again" or worse. */
	int known_a = a == 0 || (a >= FAULT_USAGE && a <= FAULT_CONFIG);
	int known_b = b == 0 || (b >= FAULT_USAGE && b <= FAULT_CONFIG);

	if (!known_a)
		a = FAULT_TEMP;
	if (!known_b)
		b = FAULT_TEMP;
	return a > b ? a : b;
}
