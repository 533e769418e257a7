/*
 * mr-fetch check: see check.h. STATUS (RFC 3501 section 6.3.10) and STAT change nothing.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/check.h"

#include "common/base/clock.h"
#include "common/base/say.h"
#include "common/net/expiry.h"
#include "common/net/handshake.h"
#include "common/net/login.h"
#include "fetch/imap/folders.h"
#include "fetch/pop3/talk.h"
#include "fetch/trouble.h"

struct look {
	const struct account *account;
	struct imap_status status;
	struct buf line; /* POP3: what STAT said */
};

/* A line of the report; what the server said is made fit for a terminal. */
static void print_line(const struct account *account, struct slice folder, const char *rest)
{
	AUTO_BUF out = { 0 };

	say_visible(&out, folder);
	printf("%s: %s: %s\n", account->name, buf_text(&out), rest);
}

static int hear_status(void *arg, const struct imap_event *e, struct fault *why)
{
	struct look *look = arg;

	if (e->kind != IMAP_DATA || !slice_is_case(e->name, "STATUS"))
		return 0;
	return imap_status_read(e->text, &look->status, why);
}

static int count_folder(struct imap_talk *talk, const struct folders *folders,
	const char *name, bool wanted, struct look *look, struct fault *why)
{
	AUTO_BUF quoted = { 0 };
	AUTO_BUF shown = { 0 };
	AUTO_BUF text = { 0 };

	look->status.has_messages = false;
	look->status.has_unseen = false;
	folder_quoted(name, &quoted);
	folder_shown(&folders->names, name, &shown);
	if (imap_ask(talk, hear_status, look, why, "STATUS %s (MESSAGES UNSEEN)",
		    buf_text(&quoted)) < 0)
		return fault_prefix(why, "folder %s", buf_text(&shown));
	if (!look->status.has_messages)
		return fault_set(why, FAULT_PROTOCOL, "folder %s: the server does not count it",
			buf_text(&shown));
	buf_addf(&text, "%llu messages", (unsigned long long)look->status.messages);
	if (look->status.has_unseen)
		buf_addf(&text, ", %llu unseen", (unsigned long long)look->status.unseen);
	if (!wanted)
		buf_add_text(&text, ", not fetched");
	print_line(look->account, buf_slice(&shown), buf_text(&text));
	return 0;
}

/* One folder that cannot be counted does not stop the others. */
static int count_folders(struct imap_talk *talk, const struct folders *all,
	const struct folders *wanted, struct look *look, struct fault *why)
{
	struct fault first = { 0 };

	for (size_t i = 0; i < wanted->count + all->count; i++) {
		bool second = i >= wanted->count;
		const char *name = second ? all->at[i - wanted->count].wire :
					    wanted->at[i].wire;

		if (second && folders_find(wanted, name))
			continue;
		if (count_folder(talk, all, name, !second, look, why) == 0)
			continue;
		if (why->kind != FAULT_TEMP || strstr(why->text, "refuses") == NULL)
			return -1;
		if (first.kind == FAULT_NONE && !second)
			first = *why;
	}
	if (first.kind == FAULT_NONE)
		return 0;
	*why = first;
	return -1;
}

static int check_imap(struct session *session, struct look *look, struct fault *why)
{
	struct imap_talk talk = { .wire = session->wire, .reply = imap_reply_new() };
	AUTO_FOLDERS wanted = { 0 };
	AUTO_FOLDERS all = { 0 };
	AUTO_STRINGS every = { 0 };
	struct folders_wish wish = { .session = session, .items = &look->account->folders,
		.subscribed = look->account->subscribed };
	struct fault ignored;
	int result;

	strings_add(&every, SLICE("*"));
	result = folders_list(&talk, &wish, &wanted, why);
	wish = (struct folders_wish){ .session = session, .items = &every };
	if (result == 0)
		result = folders_list(&talk, &wish, &all, why);
	if (result == 0)
		result = count_folders(&talk, &all, &wanted, look, why);
	if (result == 0 && wanted.trouble.kind != FAULT_NONE) {
		*why = wanted.trouble;
		result = -1;
	}
	(void)imap_ask(&talk, NULL, NULL, &ignored, "LOGOUT");
	imap_reply_free(talk.reply);
	return result;
}

static int hear_stat(void *arg, const struct pop3_event *e, struct fault *why)
{
	struct look *look = arg;

	(void)why;
	buf_set(&look->line, e->text);
	return 0;
}

static int check_pop3(struct session *session, struct look *look, struct fault *why)
{
	AUTO_BUF text = { 0 };
	struct slice rest, count, size;
	uint64_t number;
	struct fault ignored;

	if (pop3_ask(session->wire, POP3_SINGLE, hear_stat, look, "STAT", why) < 0)
		return -1;
	rest = buf_slice(&look->line);
	if (!slice_cut(&rest, ' ', &count) || !slice_number(count, &number) ||
		!slice_cut(&rest, ' ', &size) || !slice_number(size, &number)) {
		say_visible(&text, buf_slice(&look->line));
		return fault_set(why, FAULT_PROTOCOL, "STAT is answered by \"%s\"",
			buf_text(&text));
	}
	buf_addf(&text, "%.*s messages, %.*s bytes", SLICE_ARG(count), SLICE_ARG(size));
	print_line(look->account, SLICE("INBOX"), buf_text(&text));
	(void)pop3_ask(session->wire, POP3_SINGLE, NULL, NULL, "QUIT", &ignored);
	return 0;
}

/* How it was reached and logged in to; the fingerprint can be copied into "pins". */
static void print_session(const struct account *account, const struct session *session)
{
	const struct handshake_facts *facts = wire_facts(session->wire);
	AUTO_BUF ends = { 0 };
	AUTO_BUF key = { 0 };

	if (facts) {
		expiry_words(facts->ends, clock_wall(), &ends);
		pin_write(&facts->key, &key);
		printf("%s: %s, the certificate %s\n", account->name, facts->version,
			buf_text(&ends));
		printf("%s: key %s\n", account->name, buf_text(&key));
	} else {
		printf("%s: no TLS\n", account->name);
	}
	if (session->mechanism)
		printf("%s: login by %s\n", account->name, session->mechanism);
}

static int check_account(const struct account *account, struct fault *why)
{
	bool imap = account->protocol == ACCOUNT_IMAP;
	struct look look = { .account = account };
	AUTO_SESSION session = { 0 };
	int result;

	if (session_open(imap ? WIRE_IMAP : WIRE_POP3, &account->server, NULL, -1, &session,
		    why) < 0)
		return fault_prefix(why, "login");
	trouble_pardon(account);
	print_session(account, &session);
	result = imap ? check_imap(&session, &look, why) : check_pop3(&session, &look, why);
	buf_free(&look.status.name);
	buf_free(&look.line);
	return result;
}

int check_accounts(const struct accounts *accounts)
{
	int status = 0;
	struct fault why;

	if (wire_start(&why) < 0)
		return say_fault(&why);
	for (size_t i = 0; i < accounts->count; i++) {
		if (check_account(&accounts->at[i], &why) == 0)
			continue;
		fault_prefix(&why, "account %s", accounts->at[i].name);
		status = status_worse(status, say_fault(&why));
	}
	return status;
}
