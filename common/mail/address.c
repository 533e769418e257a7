/*
 * RFC 5322 sections 3.4 and 4.4: see address.h and LENIENT.md.
 *
 *	list    = element *( ( "," / ";" ) element )
 *	element = [ phrase ] "<" [ route ":" ] spec ">"  /  spec  /  phrase ":" list ";"
 *	spec    = word *( "." word ) [ "@" domain ]
 *	route   = *( "@" domain "," )
 *
 * Whether words are a display name or a local part shows only at the "<" or "@" behind
 * them: they are gathered as both.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/address.h"

#include <stdlib.h>

#include "common/mail/address_token.h"

/* An address as it is put together. */
struct spec {
	struct buf local;
	struct buf domain;
	bool has_local;
	bool has_at;
	bool open;   /* the last token was an atom that ends with a dot, or the "@" */
	bool broken; /* not to be given out */
};

struct reader {
	struct address_tokens tokens;
	int token;
	struct address_list *out;
	size_t room;
	size_t bad;
	struct buf phrase;
	size_t phrase_before; /* length of the phrase when the local part began */
	struct spec spec;
	bool trailing;    /* words behind a bare address */
	bool after_angle; /* an address in angles was given out, no comma came since */
	const char *group;
	size_t group_count; /* of its members so far */
};

static void next(struct reader *r)
{
	r->token = address_token(&r->tokens);
}

static void reset_spec(struct spec *s)
{
	buf_clear(&s->local);
	buf_clear(&s->domain);
	s->has_local = s->has_at = s->open = s->broken = false;
}

static void reset_element(struct reader *r)
{
	reset_spec(&r->spec);
	buf_clear(&r->phrase);
	buf_clear(&r->tokens.comment);
	r->phrase_before = 0;
	r->trailing = false;
}

/* Display text: control bytes become blanks, NUL the replacement character. */
static void add_display(struct buf *to, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == 0)
			buf_add_text(to, "\xef\xbf\xbd");
		else
			buf_add_byte(to, c < 32 || c == 127 ? ' ' : (char)c);
	}
}

static void add_phrase(struct reader *r, struct slice text)
{
	if (r->tokens.gap && r->phrase.len > 0)
		buf_add_byte(&r->phrase, ' ');
	add_display(&r->phrase, text);
}

/* Address bytes: a control byte could end a line or a C string, so there is no address. */
static void add_bytes(struct reader *r, struct buf *to)
{
	struct slice text = buf_slice(&r->tokens.text);

	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 32 || text.ptr[i] == 127)
			r->spec.broken = true;
	}
	buf_add_slice(to, text);
	r->spec.open = r->token == TOKEN_ATOM && text.ptr[text.len - 1] == '.';
}

/* A blank stands between this word and the one before, and no dot holds them together. */
static bool parted(const struct reader *r)
{
	return r->tokens.gap && !r->spec.open &&
	       !(r->token == TOKEN_ATOM && slice_starts(buf_slice(&r->tokens.text), "."));
}

static char *text_or_null(struct slice text)
{
	text = slice_trim(text);
	return text.len > 0 ? slice_copy(text) : NULL;
}

static struct address *emit(struct reader *r)
{
	struct address_list *out = r->out;

	if (out->count == ADDRESS_MAX) {
		out->cut = true;
		return NULL;
	}
	if (out->count == r->room) {
		r->room = r->room > 0 ? r->room * 2 : 4;
		out->at = mem_grow(out->at, r->room, sizeof(*out->at));
	}
	out->at[out->count] = (struct address){ .group = r->group };
	r->group_count++;
	return &out->at[out->count++];
}

/* A domain literal, or no brackets and backslashes at all. */
static bool is_domain(struct slice text)
{
	if (slice_starts(text, "[") && text.len > 2 && text.ptr[text.len - 1] == ']')
		text = slice_of(text.ptr + 1, text.len - 2);
	return text.len > 0 && slice_find_byte(text, '[') < 0 &&
	       slice_find_byte(text, ']') < 0 && slice_find_byte(text, '\\') < 0;
}

/* Gives the address out; its name is `phrase` or else the comment. */
static void emit_spec(struct reader *r, struct slice phrase)
{
	struct spec *s = &r->spec;
	struct address *a;
	bool bad = s->broken ||
		   (s->has_at && (!s->has_local || !is_domain(buf_slice(&s->domain))));

	if (bad)
		r->bad++;
	if (bad || !(a = emit(r)))
		return;
	a->local = slice_copy(buf_slice(&s->local));
	if (s->has_at)
		a->domain = slice_copy(buf_slice(&s->domain));
	a->name = text_or_null(phrase);
	if (!a->name && r->tokens.comment.len > 0) {
		AUTO_BUF clean = { 0 };

		add_display(&clean, buf_slice(&r->tokens.comment));
		a->name = text_or_null(buf_slice(&clean));
	}
}

/* ---- between < and > ---- */

static void angle_word(struct reader *r)
{
	struct spec *s = &r->spec;
	struct buf *part = s->has_at ? &s->domain : &s->local;

	if (part->len > 0 && parted(r))
		s->broken = true;
	if (s->has_at && (r->token == TOKEN_QUOTED || slice_starts(buf_slice(part), "[")))
		s->broken = true;
	s->has_local |= !s->has_at;
	add_bytes(r, part);
}

/* Section 4.4: obs-route, behind its first "@". True when its ":" came. */
static bool skip_route(struct reader *r)
{
	do {
		next(r);
	} while (r->token == TOKEN_ATOM || r->token == '@' || r->token == ',');
	return r->token == ':';
}

/* The "@" or ":" of an address in angles. */
static void angle_special(struct reader *r)
{
	struct spec *s = &r->spec;

	if (r->token == '@' && !s->has_local && !s->has_at) {
		s->broken = !skip_route(r);
	} else if (r->token == '@') {
		s->broken |= s->has_at;
		s->has_at = s->open = r->tokens.want_literal = true;
	} else if (!s->has_at && slice_is_case(buf_slice(&s->local), "mailto")) {
		reset_spec(s);
	} else {
		s->broken = true;
	}
}

static void angle(struct reader *r)
{
	reset_spec(&r->spec);
	next(r);
	while (r->token >= TOKEN_ATOM || r->token == '@' || r->token == ':') {
		if (r->token >= TOKEN_ATOM)
			angle_word(r);
		else
			angle_special(r);
		/* A route that never ends has stopped at what ends the address too. */
		if (r->token >= TOKEN_ATOM || r->token == '@' || r->token == ':')
			next(r);
	}
	r->spec.broken |= !r->spec.has_local && r->token != '>';
	emit_spec(r, buf_slice(&r->phrase));
	reset_element(r);
	r->after_angle = true;
	if (r->token == '>')
		next(r);
}

/* ---- outside ---- */

static void bare_word(struct reader *r)
{
	struct spec *s = &r->spec;
	size_t before = r->phrase.len;

	add_phrase(r, buf_slice(&r->tokens.text));
	if (r->trailing)
		return;
	if (s->has_at) {
		if (s->domain.len > 0 && parted(r)) {
			r->trailing = true;
			return;
		}
		s->broken |= r->token == TOKEN_QUOTED ||
			     slice_starts(buf_slice(&s->domain), "[");
		add_bytes(r, &s->domain);
		return;
	}
	if (s->has_local && parted(r)) {
		reset_spec(s);
		r->phrase_before = before;
	}
	s->has_local = true;
	add_bytes(r, &s->local);
}

static void bare_at(struct reader *r)
{
	add_phrase(r, SLICE("@"));
	r->spec.broken |= r->spec.has_at;
	r->spec.has_at = r->spec.open = r->tokens.want_literal = true;
}

/* What stood before a comma, semicolon or the end. Without "@" one word is a user here. */
static void end_element(struct reader *r)
{
	bool anything = r->spec.has_local || r->spec.has_at;
	bool words = r->phrase_before > 0 ||
		     slice_find_byte(buf_slice(&r->spec.local), ' ') >= 0;

	if (r->after_angle)
		r->bad += r->spec.has_at;
	else if (anything && !r->spec.has_at && words)
		r->bad++;
	else if (anything)
		emit_spec(r, slice_first(buf_slice(&r->phrase), r->phrase_before));
	reset_element(r);
	r->after_angle = false;
}

static void end_group(struct reader *r)
{
	if (r->group && r->group_count == 0)
		emit(r);
	r->group = NULL;
}

static void begin_group(struct reader *r)
{
	end_group(r);
	if (r->phrase.len > 0) {
		strings_add(&r->out->groups, slice_trim(buf_slice(&r->phrase)));
		r->group = r->out->groups.at[r->out->groups.count - 1];
		r->group_count = 0;
	}
	reset_element(r);
	r->after_angle = false;
}

static void special(struct reader *r)
{
	switch (r->token) {
	case '@':
		bare_at(r);
		break;
	case ':':
		begin_group(r);
		break;
	case ';':
		end_element(r);
		end_group(r);
		break;
	case ',':
		end_element(r);
		break;
	default: /* a ">" without its "<" */
		break;
	}
}

void address_read_list(struct slice unfolded, struct address_list *out, size_t *bad)
{
	struct reader r = { .tokens = { .in = unfolded }, .out = out };

	*out = (struct address_list){ 0 };
	next(&r);
	while (r.token != TOKEN_END && !out->cut) {
		if (r.token == '<') {
			angle(&r);
			continue;
		}
		if (r.token >= TOKEN_ATOM)
			bare_word(&r);
		else
			special(&r);
		next(&r);
	}
	end_element(&r);
	end_group(&r);
	if (bad)
		*bad = r.bad;
	address_tokens_free(&r.tokens);
	buf_free(&r.phrase);
	buf_free(&r.spec.local);
	buf_free(&r.spec.domain);
}

void address_list_free(struct address_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->at[i].name);
		free(list->at[i].local);
		free(list->at[i].domain);
	}
	free(list->at);
	strings_free(&list->groups);
	*list = (struct address_list){ 0 };
}
