/*
 * Sizes and times with units: see units.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/units.h"

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit byte_units[] = {
	{ "", 1 },
	{ "b", 1 },
	{ "k", UINT64_C(1) << 10 },
	{ "m", UINT64_C(1) << 20 },
	{ "g", UINT64_C(1) << 30 },
	{ "t", UINT64_C(1) << 40 },
	{ NULL, 0 },
};

static const struct unit time_units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 3600 * 1000 },
	{ "d", 86400 * UINT64_C(1000) },
	{ "w", 7 * 86400 * UINT64_C(1000) },
	{ NULL, 0 },
};

static bool read_unit(struct slice text, const struct unit *units, uint64_t *out)
{
	size_t digits = 0;
	uint64_t value;

	while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
		digits++;
	if (!slice_number(slice_first(text, digits), &value))
		return false;
	for (const struct unit *unit = units; unit->name; unit++) {
		if (slice_is_case(slice_from(text, digits), unit->name))
			return !__builtin_mul_overflow(value, unit->factor, out);
	}
	return false;
}

bool units_bytes(struct slice text, uint64_t *out)
{
	return read_unit(text, byte_units, out);
}

bool units_time(struct slice text, int64_t *out)
{
	uint64_t ms;

	if (slice_is(text, "0")) {
		*out = 0;
		return true;
	}
	if (!read_unit(text, time_units, &ms) || ms > INT64_MAX)
		return false;
	*out = (int64_t)ms;
	return true;
}
