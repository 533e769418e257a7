/*
 * mr-fetch folders: see folders.h. RFC 5819, RFC 6154.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/folders.h"

#include "common/base/say.h"
#include "common/net/login.h"
#include "fetch/imap/folders.h"
#include "fetch/imap/pick.h"

static const char items[] = "MESSAGES UNSEEN";

static int hear_status(void *arg, const struct imap_event *e, struct fault *why)
{
	if (e->kind != IMAP_DATA || !slice_is_case(e->name, "STATUS"))
		return 0;
	return imap_status_read(e->text, arg, why);
}

/* A folder that cannot be counted is listed without. */
static int count(struct imap_talk *talk, struct folder *f, struct fault *why)
{
	AUTO_BUF quoted = { 0 };

	if (f->status.has_messages)
		return 0;
	folder_quoted(f->wire, &quoted);
	if (imap_ask(talk, hear_status, &f->status, why, "STATUS %s (%s)", buf_text(&quoted),
		    items) == 0)
		return 0;
	return why->kind == FAULT_TEMP && !f->status.has_messages &&
			strstr(why->text, "refuses") ? 0 : -1;
}

static void print_line(const struct account *account, const struct folders *all,
	const struct folder *f, bool chosen)
{
	struct slice rest = slice_text(f->uses), use;
	AUTO_BUF shown = { 0 };
	AUTO_BUF out = { 0 };

	folder_shown(&all->names, f->wire, &shown);
	say_visible(&out, buf_slice(&shown));
	while (slice_cut(&rest, ' ', &use)) {
		AUTO_FREE char *text = slice_copy(use);

		if (pick_is_use(text) && pick_is_valid(text))
			buf_addf(&out, " %s", text);
	}
	buf_add_byte(&out, ':');
	if (f->status.has_messages)
		buf_addf(&out, " %llu messages,", (unsigned long long)f->status.messages);
	if (f->status.has_unseen)
		buf_addf(&out, " %llu unseen,", (unsigned long long)f->status.unseen);
	printf("%s: %s %s\n", account->name, buf_text(&out), chosen ? "fetched" : "not fetched");
}

static int list_account(struct imap_talk *talk, const struct session *session,
	const struct account *account, struct fault *why)
{
	AUTO_STRINGS every = { 0 };
	AUTO_FOLDERS wanted = { 0 };
	AUTO_FOLDERS all = { 0 };
	struct folders_wish wish = { .session = session, .items = &account->folders,
		.subscribed = account->subscribed };

	strings_add(&every, SLICE("*"));
	if (folders_list(talk, &wish, &wanted, why) < 0)
		return -1;
	wish = (struct folders_wish){ .session = session, .items = &every, .status = items };
	if (folders_list(talk, &wish, &all, why) < 0)
		return -1;
	for (size_t i = 0; i < all.count; i++) {
		if (count(talk, &all.at[i], why) < 0)
			return -1;
		print_line(account, &all, &all.at[i], folders_find(&wanted, all.at[i].wire));
	}
	for (size_t i = 0; i < wanted.count; i++) {
		AUTO_BUF shown = { 0 };

		if (folders_find(&all, wanted.at[i].wire))
			continue;
		folder_shown(&wanted.names, wanted.at[i].wire, &shown);
		fault_set(&wanted.trouble, FAULT_TEMP, "folder %s: the server does not list it",
			buf_text(&shown));
	}
	if (wanted.trouble.kind == FAULT_NONE)
		wanted.trouble = all.trouble;
	if (wanted.trouble.kind == FAULT_NONE)
		return 0;
	*why = wanted.trouble;
	return -1;
}

static int open_account(const struct account *account, struct fault *why)
{
	struct imap_talk talk = { 0 };
	AUTO_SESSION session = { 0 };
	struct fault ignored;
	int result;

	if (account->protocol != ACCOUNT_IMAP)
		return fault_set(why, FAULT_USAGE, "POP3 has no folders");
	if (session_open(WIRE_IMAP, &account->server, NULL, -1, &session, why) < 0)
		return fault_prefix(why, "login");
	talk.wire = session.wire;
	talk.reply = imap_reply_new();
	result = list_account(&talk, &session, account, why);
	(void)imap_ask(&talk, NULL, NULL, &ignored, "LOGOUT");
	imap_reply_free(talk.reply);
	return result;
}

int list_folders(const struct accounts *accounts)
{
	int status = 0;
	struct fault why;

	if (wire_start(&why) < 0)
		return say_fault(&why);
	for (size_t i = 0; i < accounts->count; i++) {
		if ((!accounts->named && accounts->at[i].protocol != ACCOUNT_IMAP) ||
			open_account(&accounts->at[i], &why) == 0)
			continue;
		fault_prefix(&why, "account %s", accounts->at[i].name);
		status = status_worse(status, say_fault(&why));
	}
	return status;
}
