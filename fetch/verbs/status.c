/*
 * mr-fetch status: see status.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/status.h"

#include <time.h>

#include "common/base/calendar.h"
#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/mail/ledger/source_rows.h"
#include "common/mail/mutf7.h"
#include "fetch/state.h"

/* What is known of one account. */
struct view {
	const struct account *account;
	struct source_account is;
	int64_t success;  /* 0: never */
	bool at_work;
	uint64_t paused;
	int64_t next;     /* of those the first to be tried again; 0: none */
	struct buf *json; /* NULL: for people */
};

/* ---- words ---- */

/* For people, in their zone. */
static void put_local(struct buf *out, int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm parts = { 0 };
	char text[64] = "?";

	if (localtime_r(&seconds, &parts))
		(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
	buf_add_text(out, text);
}

/* RFC 3339 section 5.6, in UTC; 0 is null. */
static void put_time(struct buf *out, int64_t when)
{
	struct calendar c;

	if (when == 0) {
		buf_add_text(out, "null");
		return;
	}
	calendar_split(when, &c);
	buf_addf(out, "\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", (int)c.year, c.month, c.day, c.hour,
		c.minute, c.second);
}

static void put_text(struct buf *out, const char *text)
{
	if (text)
		json_put_text(out, slice_text(text));
	else
		buf_add_text(out, "null");
}

/* ---- paused messages ---- */

static void see_pause(void *arg, const struct source_row *row)
{
	struct view *v = arg;
	struct slice wire = slice_from(row->place, strlen(v->account->place));
	AUTO_BUF folder = { 0 };

	if (row->tries == 0)
		return;
	if (v->account->protocol == ACCOUNT_POP3)
		buf_add_text(&folder, "INBOX");
	else if (!mutf7_decode(wire, &folder))
		buf_add_slice(&folder, wire);
	v->paused++;
	if (v->next == 0 || row->until < v->next)
		v->next = row->until;
	if (!v->json)
		return;
	buf_addf(v->json, "%s\n        { \"folder\": ", v->paused > 1 ? "," : "");
	json_put_text(v->json, buf_slice(&folder));
	buf_add_text(v->json, ", \"message\": ");
	json_put_text(v->json, row->item);
	buf_addf(v->json, ", \"tries\": %lld, \"next-try\": ", (long long)row->tries);
	put_time(v->json, row->until);
	buf_add_text(v->json, " }");
}

/* ---- one account ---- */

static void print_view(const struct view *v, int64_t now)
{
	const char *name = v->account->name;
	AUTO_BUF out = { 0 };
	AUTO_BUF text = { 0 };

	buf_addf(&out, "%s: last success: ", name);
	if (v->success)
		put_local(&out, v->success);
	else
		buf_add_text(&out, "never");
	if (v->at_work)
		buf_addf(&out, "\n%s: at work, or watched", name);
	if (v->is.trouble.len > 0) {
		say_visible(&text, buf_slice(&v->is.trouble));
		buf_addf(&out, "\n%s: in trouble (%d) since ", name, v->is.kind);
		put_local(&out, v->is.since);
		buf_addf(&out, ": %s", buf_text(&text));
	}
	if (v->is.due > now) {
		buf_addf(&out, "\n%s: not tried again before ", name);
		put_local(&out, v->is.due);
	}
	if (v->is.waiting > 0)
		buf_addf(&out, "\n%s: %lld messages wait at the server", name,
			(long long)v->is.waiting);
	if (v->paused) {
		buf_addf(&out, "\n%s: %llu messages could not be stored, the next try is at ", name,
			(unsigned long long)v->paused);
		put_local(&out, v->next);
	}
	printf("%s\n", buf_text(&out));
}

static void put_trouble(const struct source_account *a, struct buf *out)
{
	if (a->trouble.len == 0) {
		buf_add_text(out, "null");
		return;
	}
	buf_addf(out, "{ \"status\": %d, \"text\": ", a->kind);
	json_put_text(out, buf_slice(&a->trouble));
	buf_add_text(out, ", \"since\": ");
	put_time(out, a->since);
	buf_add_text(out, ", \"told\": ");
	put_time(out, a->told);
	buf_add_text(out, " }");
}

/* Up to the list of what is paused. */
static void put_view(const struct view *v, int64_t now)
{
	const struct account *a = v->account;
	struct buf *out = v->json;

	buf_add_text(out, "    {\n      \"name\": ");
	put_text(out, a->name);
	buf_addf(out, ",\n      \"protocol\": \"%s\",\n      \"host\": ",
		a->protocol == ACCOUNT_IMAP ? "imap" : "pop3");
	put_text(out, a->server.host);
	buf_add_text(out, ",\n      \"user\": ");
	put_text(out, a->server.user);
	buf_addf(out, ",\n      \"state\": \"%s\",\n      \"running\": %s",
		v->is.trouble.len ? "trouble" : v->success ? "well" : "new",
		v->at_work ? "true" : "false");
	buf_add_text(out, ",\n      \"last-success\": ");
	put_time(out, v->success);
	buf_add_text(out, ",\n      \"trouble\": ");
	put_trouble(&v->is, out);
	buf_add_text(out, ",\n      \"next-try\": ");
	put_time(out, v->is.due > now ? v->is.due : 0);
	buf_add_text(out, ",\n      \"waiting\": ");
	if (v->is.waiting >= 0)
		buf_addf(out, "%lld", (long long)v->is.waiting);
	else
		buf_add_text(out, "null");
	buf_add_text(out, ",\n      \"paused\": [");
}

static int look(struct ledger *l, struct view *v, struct fault *why)
{
	int64_t now = clock_wall();
	int64_t touched;

	v->is = (struct source_account){ .waiting = -1 };
	if (state_look(v->account, &v->at_work, &touched, why) < 0)
		return -1;
	if (l && source_account_read(l, v->account->name, &v->is, why) < 0)
		return -1;
	/* A success that changes nothing is not in the ledger. */
	v->success = v->is.success && touched > v->is.success ? touched : v->is.success;
	if (v->json)
		put_view(v, now);
	if (l && source_rows_read(l, SOURCE_ROW_PAUSE, v->account->place, see_pause, v, why) < 0)
		return -1;
	if (v->json)
		buf_addf(v->json, "%s]\n    }", v->paused ? "\n      " : "");
	else
		print_view(v, now);
	return 0;
}

static int look_at_all(const struct accounts *accounts, struct buf *json)
{
	struct fault why;
	AUTO_FREE char *state = paths_state(&why);
	AUTO_LEDGER *ledger = NULL;

	if (!state || ledger_open(state, LEDGER_READ, &ledger, &why) < 0)
		return say_fault(&why);
	for (size_t i = 0; i < accounts->count; i++) {
		struct view v = { .account = &accounts->at[i], .json = json };
		int result = look(ledger, &v, &why);

		source_account_free(&v.is);
		if (result < 0)
			return say_fault(&why);
		if (json)
			buf_add_text(json, i + 1 < accounts->count ? ",\n" : "\n");
	}
	return 0;
}

int status_accounts(const struct accounts *accounts)
{
	return look_at_all(accounts, NULL);
}

int status_json(const struct accounts *accounts)
{
	AUTO_BUF out = { 0 };
	int status;

	buf_add_text(&out, "{\n  \"time\": ");
	put_time(&out, clock_wall());
	buf_add_text(&out, ",\n  \"accounts\": [\n");
	status = look_at_all(accounts, &out);
	buf_add_text(&out, "  ]\n}\n");
	if (status == 0)
		printf("%s", buf_text(&out));
	return status;
}
