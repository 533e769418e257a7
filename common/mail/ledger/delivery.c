/*
 * What mr-deliver asks of the ledger: see delivery.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/ledger/delivery.h"

#include "common/base/clock.h"
#include "common/mail/ledger/statement.h"

#define KEY "id = ? AND kind = ? AND target = ? AND variant = ?"

#define COLUMNS                                                                            \
	"id, kind, target, variant, state, owner, boot, made, scheme, path, place, base, tmp," \
	" device, volume, inode, size, mtime, start, length, digest, from_line,"               \
	" message_id, account, source, rule"

void intent_clear(struct intent *i)
{
	struct buf *const texts[] = { &i->id, &i->kind, &i->target, &i->boot, &i->scheme,
		&i->path, &i->place, &i->base, &i->tmp, &i->from_line, &i->message_id,
		&i->account, &i->source, &i->rule };

	for (size_t n = 0; n < sizeof(texts) / sizeof(texts[0]); n++)
		buf_free(texts[n]);
	*i = (struct intent){ 0 };
}

void intent_list_clear(struct intent_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		intent_clear(&list->at[i]);
	free(list->at);
	*list = (struct intent_list){ 0 };
}

static void bind_key(struct statement *s, const struct intent *i)
{
	statement_text(s, buf_slice(&i->id));
	statement_text(s, buf_slice(&i->kind));
	statement_text(s, buf_slice(&i->target));
	statement_number(s, i->variant);
}

static void take_buf(struct statement *s, struct buf *out)
{
	buf_set(out, statement_take_text(s));
}

/* True when there is a row. */
static int has_row(struct statement *s, struct fault *why)
{
	int got = statement_step(s, why);

	if (got == 1)
		statement_end(s);
	return got;
}

int ledger_is_done(struct ledger *l, struct slice id, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "SELECT 1 FROM done WHERE id = ?", &s, why) < 0)
		return -1;
	statement_text(&s, id);
	return has_row(&s, why);
}

int ledger_is_of_another(struct ledger *l, struct slice id, struct slice message_id,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l, "SELECT 1 FROM done WHERE id = ? AND message_id <> ?", &s, why) < 0)
		return -1;
	statement_text(&s, id);
	statement_text(&s, message_id);
	return has_row(&s, why);
}

int ledger_forget(struct ledger *l, struct slice id, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "DELETE FROM done WHERE id = ?", &s, why) < 0)
		return -1;
	statement_text(&s, id);
	return statement_run(&s, why);
}

int ledger_pending_owner(struct ledger *l, struct slice id, long *owner, struct fault *why)
{
	struct statement s;
	int got;

	if (statement_get(l, "SELECT owner FROM action WHERE id = ? AND state = 1 LIMIT 1", &s,
		    why) < 0)
		return -1;
	statement_text(&s, id);
	got = statement_step(&s, why);
	if (got == 1) {
		*owner = (long)statement_take_number(&s);
		statement_end(&s);
	}
	return got;
}

int ledger_intent_state(struct ledger *l, const struct intent *key, enum intent_state *out,
	struct fault *why)
{
	struct statement s;
	int got;

	*out = INTENT_NONE;
	if (statement_get(l, "SELECT state FROM action WHERE " KEY, &s, why) < 0)
		return -1;
	bind_key(&s, key);
	got = statement_step(&s, why);
	if (got == 1) {
		*out = (enum intent_state)statement_take_number(&s);
		statement_end(&s);
	}
	return got < 0 ? -1 : 0;
}

int ledger_put_intent(struct ledger *l, const struct intent *i, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "REPLACE INTO action (" COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,"
			     "?,?,?,?,?,?,?,?,?,?,?,?,?,?)", &s, why) < 0)
		return -1;
	bind_key(&s, i);
	statement_number(&s, i->state);
	statement_number(&s, i->owner);
	statement_text(&s, buf_slice(&i->boot));
	statement_number(&s, i->made);
	statement_text(&s, buf_slice(&i->scheme));
	statement_text(&s, buf_slice(&i->path));
	statement_text(&s, buf_slice(&i->place));
	statement_text(&s, buf_slice(&i->base));
	statement_text(&s, buf_slice(&i->tmp));
	/* 64 bits without sign travel as they are: only compared, never ordered. */
	statement_number(&s, (int64_t)i->device);
	statement_number(&s, (int64_t)i->volume);
	statement_number(&s, (int64_t)i->inode);
	statement_number(&s, (int64_t)i->size);
	statement_number(&s, i->mtime);
	statement_number(&s, (int64_t)i->start);
	statement_number(&s, (int64_t)i->length);
	statement_number(&s, (int64_t)i->digest);
	statement_text(&s, buf_slice(&i->from_line));
	statement_text(&s, buf_slice(&i->message_id));
	statement_text(&s, buf_slice(&i->account));
	statement_text(&s, buf_slice(&i->source));
	statement_text(&s, buf_slice(&i->rule));
	return statement_run(&s, why);
}

static void take_intent(struct statement *s, struct intent *i)
{
	take_buf(s, &i->id);
	take_buf(s, &i->kind);
	take_buf(s, &i->target);
	i->variant = (unsigned)statement_take_number(s);
	i->state = (enum intent_state)statement_take_number(s);
	i->owner = (long)statement_take_number(s);
	take_buf(s, &i->boot);
	i->made = statement_take_number(s);
	take_buf(s, &i->scheme);
	take_buf(s, &i->path);
	take_buf(s, &i->place);
	take_buf(s, &i->base);
	take_buf(s, &i->tmp);
	i->device = (uint64_t)statement_take_number(s);
	i->volume = (uint64_t)statement_take_number(s);
	i->inode = (uint64_t)statement_take_number(s);
	i->size = (uint64_t)statement_take_number(s);
	i->mtime = statement_take_number(s);
	i->start = (uint64_t)statement_take_number(s);
	i->length = (uint64_t)statement_take_number(s);
	i->digest = (uint64_t)statement_take_number(s);
	take_buf(s, &i->from_line);
	take_buf(s, &i->message_id);
	take_buf(s, &i->account);
	take_buf(s, &i->source);
	take_buf(s, &i->rule);
}

int ledger_log_done(struct ledger *l, const struct intent *key, const char *note,
	struct fault *why)
{
	struct statement s;

	if (statement_get(l,
		    "INSERT INTO log (at, id, message_id, account, source, kind, target, rule,"
		    " path, base, note) SELECT ?, id, message_id, account, source, kind, target,"
		    " rule, path, base, ? FROM action WHERE " KEY " AND state <> 2", &s, why) < 0)
		return -1;
	statement_number(&s, clock_wall());
	statement_text(&s, slice_text(note));
	bind_key(&s, key);
	return statement_run(&s, why);
}

int ledger_set_state(struct ledger *l, const struct intent *key, enum intent_state state,
	const char *note, struct fault *why)
{
	struct statement s;

	if (state == INTENT_DONE && ledger_log_done(l, key, note, why) < 0)
		return -1;
	if (statement_get(l, "UPDATE action SET state = ? WHERE " KEY, &s, why) < 0)
		return -1;
	statement_number(&s, state);
	bind_key(&s, key);
	return statement_run(&s, why);
}

int ledger_finish(struct ledger *l, struct slice id, struct fault *why)
{
	struct statement s;

	if (statement_get(l,
		    "INSERT OR IGNORE INTO done (id, at, message_id) VALUES (?1, ?2,"
		    " coalesce((SELECT message_id FROM action WHERE id = ?1 LIMIT 1), ''))",
		    &s, why) < 0)
		return -1;
	statement_text(&s, id);
	statement_number(&s, clock_wall());
	if (statement_run(&s, why) < 0)
		return -1;
	if (statement_get(l, "DELETE FROM action WHERE id = ?", &s, why) < 0)
		return -1;
	statement_text(&s, id);
	return statement_run(&s, why);
}

int ledger_finish_if_complete(struct ledger *l, struct slice id, struct fault *why)
{
	struct statement s;
	int64_t rows = 0;
	int64_t open = 0;

	if (statement_get(l, "SELECT count(*), total(state <> 2) FROM action WHERE id = ?", &s,
		    why) < 0)
		return -1;
	statement_text(&s, id);
	if (statement_step(&s, why) != 1)
		return -1;
	rows = statement_take_number(&s);
	open = statement_take_number(&s);
	statement_end(&s);
	return rows > 0 && open == 0 ? ledger_finish(l, id, why) : 0;
}

int ledger_log(struct ledger *l, const struct intent *i, const char *note, struct fault *why)
{
	struct statement s;

	if (statement_get(l,
		    "INSERT INTO log (at, id, message_id, account, source, kind, target, rule,"
		    " path, base, note) VALUES (?,?,?,?,?,?,?,?,?,?,?)", &s, why) < 0)
		return -1;
	statement_number(&s, clock_wall());
	statement_text(&s, buf_slice(&i->id));
	statement_text(&s, buf_slice(&i->message_id));
	statement_text(&s, buf_slice(&i->account));
	statement_text(&s, buf_slice(&i->source));
	statement_text(&s, buf_slice(&i->kind));
	statement_text(&s, buf_slice(&i->target));
	statement_text(&s, buf_slice(&i->rule));
	statement_text(&s, buf_slice(&i->path));
	statement_text(&s, buf_slice(&i->base));
	statement_text(&s, slice_text(note));
	return statement_run(&s, why);
}

static int take_numbers(struct statement *s, long **out, size_t *count, struct fault *why)
{
	int got;

	*out = NULL;
	*count = 0;
	while ((got = statement_step(s, why)) == 1) {
		*out = mem_grow(*out, *count + 1, sizeof(**out));
		(*out)[(*count)++] = (long)statement_take_number(s);
	}
	return got;
}

int ledger_owners(struct ledger *l, long self, long **owners, size_t *count, struct fault *why)
{
	struct statement s;

	if (statement_get(l,
		    "SELECT DISTINCT owner FROM action WHERE state = 1 AND owner <> ?"
		    " ORDER BY owner", &s, why) < 0)
		return -1;
	statement_number(&s, self);
	return take_numbers(&s, owners, count, why);
}

int ledger_owners_of_path(struct ledger *l, long self, const char *path, long **owners,
	size_t *count, struct fault *why)
{
	struct statement s;

	if (statement_get(l,
		    "SELECT DISTINCT owner FROM action WHERE state = 1 AND owner <> ? AND path = ?",
		    &s, why) < 0)
		return -1;
	statement_number(&s, self);
	statement_text(&s, slice_text(path));
	return take_numbers(&s, owners, count, why);
}

int ledger_take_over(struct ledger *l, long dead, long self, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "UPDATE action SET owner = ? WHERE state = 1 AND owner = ?", &s, why) <
		0)
		return -1;
	statement_number(&s, self);
	statement_number(&s, dead);
	return statement_run(&s, why);
}

int ledger_pending(struct ledger *l, long owner, struct intent_list *out, struct fault *why)
{
	struct statement s;
	int got;

	*out = (struct intent_list){ 0 };
	if (statement_get(l, "SELECT " COLUMNS " FROM action WHERE state = 1 AND owner = ?"
			     " ORDER BY path, start", &s, why) < 0)
		return -1;
	statement_number(&s, owner);
	while ((got = statement_step(&s, why)) == 1) {
		out->at = mem_grow(out->at, out->count + 1, sizeof(*out->at));
		out->at[out->count] = (struct intent){ 0 };
		take_intent(&s, &out->at[out->count++]);
	}
	return got;
}

int ledger_tmp_is_known(struct ledger *l, const char *tmp, struct fault *why)
{
	struct statement s;

	if (statement_get(l, "SELECT 1 FROM action WHERE state = 1 AND tmp = ? LIMIT 1", &s, why) <
		0)
		return -1;
	statement_text(&s, slice_text(tmp));
	return has_row(&s, why);
}
