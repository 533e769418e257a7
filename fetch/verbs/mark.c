/*
 * mr-fetch mark: see mark.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/mark.h"

#include "common/base/io.h"
#include "common/base/say.h"
#include "common/net/login.h"
#include "fetch/imap/folders.h"
#include "fetch/pop3/talk.h"
#include "fetch/state.h"
#include "fetch/imap/uidset.h"

struct marking {
	const struct account *account;
	struct ledger *ledger;
	uint64_t validity;
	struct uidset found;
	uint64_t count;
};

static int hear_imap(void *arg, const struct imap_event *e, struct fault *why)
{
	struct marking *m = arg;

	(void)why;
	if (e->kind == IMAP_STATUS)
		(void)imap_code_number(e->code, "UIDVALIDITY", &m->validity);
	if (e->kind == IMAP_FOUND)
		uidset_gather(&m->found, (uint32_t)e->number, (uint32_t)e->last);
	return 0;
}

/* Numbered anew: by rows of before, others would be deleted when those are due. */
static int void_rows(struct marking *m, const char *place, struct fault *why)
{
	struct source_folder before = { 0 };
	int result = source_folder_read(m->ledger, place, &before, why);

	if (result == 0 && before.validity != m->validity)
		result = source_letters_end(m->ledger, place, why);
	source_folder_free(&before);
	return result;
}

static int write_folder(struct marking *m, const char *place, struct fault *why)
{
	struct source_folder row = { .validity = m->validity };
	int result;

	if (ledger_begin(m->ledger, why) < 0)
		return -1;
	uidset_write(&m->found, &row.kept);
	result = void_rows(m, place, why);
	if (result == 0)
		result = source_folder_write(m->ledger, place, &row, why);
	source_folder_free(&row);
	if (result < 0) {
		ledger_rollback(m->ledger);
		return -1;
	}
	m->count += uidset_size(&m->found);
	return ledger_commit(m->ledger, why);
}

static int mark_folder(struct marking *m, struct imap_talk *talk,
	const struct folders *folders, const char *name, struct fault *why)
{
	AUTO_BUF quoted = { 0 };
	AUTO_BUF place = { 0 };

	m->validity = 0;
	uidset_clear(&m->found);
	folder_quoted(name, &quoted);
	if (imap_ask(talk, hear_imap, m, why, "EXAMINE %s", buf_text(&quoted)) < 0)
		return -1;
	if (m->validity == 0)
		return fault_set(why, FAULT_PROTOCOL, "the server gives no UIDVALIDITY");
	if (imap_ask(talk, hear_imap, m, why, "UID SEARCH ALL") < 0)
		return -1;
	uidset_sort(&m->found);
	buf_add_text(&place, m->account->place);
	folder_place(&folders->names, name, &place);
	return write_folder(m, buf_text(&place), why);
}

static int mark_imap(struct marking *m, struct session *session, struct fault *why)
{
	struct imap_talk talk = { .wire = session->wire, .reply = imap_reply_new() };
	AUTO_FOLDERS folders = { 0 };
	struct fault ignored;
	const struct folders_wish wish = { .session = session, .items = &m->account->folders,
		.subscribed = m->account->subscribed };
	int result = folders_list(&talk, &wish, &folders, why);

	for (size_t i = 0; i < folders.count && result == 0; i++) {
		result = mark_folder(m, &talk, &folders, folders.at[i].wire, why);
		if (result < 0)
			fault_prefix(why, "folder %s", folders.at[i].wire);
	}
	if (result == 0)
		(void)imap_ask(&talk, NULL, NULL, &ignored, "LOGOUT");
	imap_reply_free(talk.reply);
	return result;
}

static int hear_uidl(void *arg, const struct pop3_event *e, struct fault *why)
{
	struct marking *m = arg;
	struct slice name;
	uint64_t number;

	if (e->kind != POP3_ITEM)
		return 0;
	if (!pop3_item_read(e->text, &number, &name))
		return fault_set(why, FAULT_PROTOCOL, "UIDL is answered by nonsense");
	m->count++;
	if (source_list_add(m->ledger, name, why) < 0)
		return -1;
	return source_item_write(m->ledger, m->account->place, name, SOURCE_KEPT, why);
}

static int mark_pop3(struct marking *m, struct session *session, struct fault *why)
{
	struct fault ignored;

	if (ledger_begin(m->ledger, why) < 0)
		return -1;
	if (source_list_begin(m->ledger, why) < 0 ||
		pop3_ask(session->wire, POP3_LIST, hear_uidl, m, "UIDL", why) < 0 ||
		source_list_end(m->ledger, m->account->place, why) < 0) {
		ledger_rollback(m->ledger);
		return -1;
	}
	if (ledger_commit(m->ledger, why) < 0)
		return -1;
	(void)pop3_ask(session->wire, POP3_SINGLE, NULL, NULL, "QUIT", &ignored);
	return 0;
}

static int mark_account(struct marking *m, struct fault *why)
{
	bool imap = m->account->protocol == ACCOUNT_IMAP;
	AUTO_SESSION session = { 0 };
	AUTO_FD lock = -1;
	int got;

	if (!m->account->keep && m->account->choice.first != CHOICE_NOW)
		return fault_set(why, FAULT_USAGE,
			"keep is not set: what is on the server is to be fetched and deleted; "
			"\"mr-fetch --again\" does so");
	got = state_lock(m->account, &lock, why);
	if (got == 0)
		return fault_set(why, FAULT_TEMP, "another run is at work");
	if (got < 0)
		return -1;
	if (session_open(imap ? WIRE_IMAP : WIRE_POP3, &m->account->server, NULL, -1, &session,
		    why) < 0)
		return fault_prefix(why, "login");
	if ((imap ? mark_imap(m, &session, why) : mark_pop3(m, &session, why)) < 0)
		return -1;
	return state_has_run(m->account, m->ledger, lock, why);
}

int mark_accounts(const struct accounts *accounts)
{
	AUTO_LEDGER *ledger = NULL;
	int status = 0;
	struct fault why;

	if (wire_start(&why) < 0 || state_ledger(&ledger, &why) < 0)
		return say_fault(&why);
	for (size_t i = 0; i < accounts->count; i++) {
		struct marking m = { .account = &accounts->at[i], .ledger = ledger };
		int result = mark_account(&m, &why);

		uidset_free(&m.found);
		if (result == 0) {
			printf("%s: %llu messages are remembered as fetched\n", m.account->name,
				(unsigned long long)m.count);
			continue;
		}
		fault_prefix(&why, "account %s", m.account->name);
		status = status_worse(status, say_fault(&why));
	}
	return status;
}
