/*
 * What scripts share while they run: see inclusions.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/inclusions.h"

#include "filter/language/template.h"

bool inclusions_add(struct inclusions *in, const struct script *script)
{
	if (in->count == INCLUSIONS_MAX)
		return false;
	in->at = mem_grow(in->at, in->count + 1, sizeof(struct script *));
	in->at[in->count++] = script;
	return true;
}

bool inclusions_have(const struct inclusions *in, const struct script *script)
{
	for (size_t i = 0; i < in->count; i++) {
		if (in->at[i] == script)
			return true;
	}
	return false;
}

/* The value of a shared variable by its full name; NULL: it has none, or is not shared. */
static struct buf *find_value(const struct inclusions *in, struct slice name)
{
	if (!slice_starts_case(name, TEMPLATE_GLOBAL))
		return NULL;
	slice_skip(&name, sizeof(TEMPLATE_GLOBAL) - 1);
	for (size_t i = 0; i < in->names.count; i++) {
		if (slice_is_case(name, in->names.at[i]))
			return &in->values[i];
	}
	return NULL;
}

static struct buf *make_value(struct inclusions *in, struct slice name)
{
	struct buf *value = find_value(in, name);

	if (value || !slice_starts_case(name, TEMPLATE_GLOBAL))
		return value;
	in->values = mem_grow(in->values, in->names.count + 1, sizeof(*in->values));
	value = &in->values[in->names.count];
	*value = (struct buf){ 0 };
	strings_add(&in->names, slice_from(name, sizeof(TEMPLATE_GLOBAL) - 1));
	return value;
}

void inclusions_store(struct inclusions *in, const struct script *script,
	const struct buf *variables)
{
	for (size_t i = 0; i < script->variable_count; i++) {
		struct buf *value = make_value(in, script->variables[i]);

		if (value)
			buf_set(value, buf_slice(&variables[i]));
	}
}

void inclusions_load(const struct inclusions *in, const struct script *script,
	struct buf *variables)
{
	for (size_t i = 0; i < script->variable_count; i++) {
		const struct buf *value = find_value(in, script->variables[i]);

		if (value)
			buf_set(&variables[i], buf_slice(value));
	}
}

void inclusions_free(struct inclusions *in)
{
	for (size_t i = 0; i < in->names.count; i++)
		buf_free(&in->values[i]);
	free(in->values);
	free(in->at);
	strings_free(&in->names);
}
