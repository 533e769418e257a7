/*
 * What the test `body` looks at: see bodies.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/parts/bodies.h"

struct walk {
	struct message *message;
	struct parts *parts;
	bodies_visit *visit;
	void *context;
	struct fault *why;
};

/* RFC 5173 section 5.2: "", "type" or "type/subtype"; with stray slashes it is none. */
static bool type_matches(struct slice wanted, const struct part *p)
{
	ptrdiff_t slash = slice_find_byte(wanted, '/');

	if (wanted.len == 0)
		return true;
	if (slash < 0)
		return slice_is_case(wanted, p->type);
	return slice_is_case(slice_first(wanted, (size_t)slash), p->type) &&
		slice_is_case(slice_from(wanted, (size_t)slash + 1), p->subtype);
}

static bool is_wanted(const struct part *p, enum body_form form, const struct strings *types)
{
	if (form == BODY_TEXT)
		return strcmp(p->type, "text") == 0;
	for (size_t i = 0; i < types->count; i++) {
		if (type_matches(slice_text(types->at[i]), p))
			return true;
	}
	return false;
}

static int visit_range(const struct walk *w, uint64_t from, uint64_t to)
{
	struct text value = { w->message, NULL, from, to - from };

	return w->visit(&value, w->context, w->why);
}

/* A multipart without an epilogue has none, while an empty prologue tells that it is there. */
static int visit_multipart(const struct walk *w, const struct part *p)
{
	int got = visit_range(w, p->body_at, p->prologue_end);

	if (got != 0 || p->epilogue_at == p->end_at)
		return got;
	return visit_range(w, p->epilogue_at, p->end_at);
}

static int visit_part(const struct walk *w, size_t number, enum body_form form)
{
	const struct part *p = &w->parts->at[number];
	struct text value;

	if (p->is_multipart)
		return visit_multipart(w, p);
	if (p->is_message)
		return visit_range(w, p[1].header_at, p[1].body_at);
	if (text_of_part(w->message, number, form == BODY_TEXT ? TEXT_PLAIN : TEXT_DECODED,
		    &value, w->why) < 0)
		return -1;
	return w->visit(&value, w->context, w->why);
}

/*
 * All behind the header. Where that is not plain to see (no body, a header that goes on
 * beyond what rules see) the parts know it.
 */
static int visit_raw(const struct walk *w)
{
	struct message *m = w->message;
	uint64_t from = m->header_size;
	uint64_t end = from + (m->spool->size - m->body_at);

	if (from >= end || m->cut) {
		const struct parts *parts = parts_of(m, w->why);

		if (!parts)
			return -1;
		if (parts->at[0].header_only)
			return 0;
		from = parts->at[0].body_at;
	}
	return visit_range(w, from, end);
}

int bodies_each(struct message *message, enum body_form form, const struct strings *types,
	bodies_visit *visit, void *context, struct fault *why)
{
	struct walk w = { .message = message, .visit = visit, .context = context, .why = why };

	if (form == BODY_RAW)
		return visit_raw(&w);
	w.parts = parts_of(message, why);
	if (!w.parts)
		return -1;
	if (w.parts->at[0].header_only)
		return 0;
	for (size_t i = 0; i < w.parts->count; i++) {
		int got = is_wanted(&w.parts->at[i], form, types) ? visit_part(&w, i, form) : 0;

		if (got != 0)
			return got;
	}
	return 0;
}
