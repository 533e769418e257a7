/*
 * Trying servers: see setup_try.h. RFC 6186 sections 4 and 6.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/setup_try.h"

#include "common/base/say.h"
#include "common/net/login.h"
#include "fetch/imap/folders.h"

enum {
	PROBE_MS = 10 * 1000, /* LIMIT: for a name that may be nobody's */
	LOGIN_MS = 30 * 1000, /* LIMIT: some servers let wait who mistyped */
	SHOWN = 10            /* LIMIT: of folders that are named */
};

struct server setup_try_server(const struct setup_try *t, const struct discover_server *d)
{
	return (struct server){ .host = d->host, .port = d->port, .tls = (int)d->tls,
		.trust.ca_file = t->ca_file, .timeout = LOGIN_MS };
}

static void tell_candidate(const struct setup_try *t, const struct discover_server *d,
	const char *what)
{
	static const char *const protocols[] = { [WIRE_IMAP] = "IMAP", [WIRE_POP3] = "POP3",
		[WIRE_SMTP] = "submission" };
	static const char *const sources[] = { [DISCOVER_KNOWN] = "known",
		[DISCOVER_RECORD] = "SRV record", [DISCOVER_GUESS] = "usual name" };

	fprintf(t->tell, "%s %s:%ld (%s, %s): %s\n", protocols[d->protocol], d->host, d->port,
		d->tls == WIRE_TLS_STARTTLS ? "STARTTLS" : "TLS", sources[d->source], what);
	fflush(t->tell);
}

/* A record may have been written by anybody on the way: RFC 6186 section 6. */
static bool confirm(struct setup_try *t, const struct discover_server *d)
{
	char line[16];
	bool yes = false;

	if (!d->foreign || t->yes)
		return true;
	if (t->terminal) {
		fprintf(stderr, "%s does not lie in %s, and the records that name it are not "
			"signed. Is it the right server? [y/N] ", d->host, t->domain);
		fflush(stderr);
		if (fgets(line, sizeof(line), stdin))
			yes = line[0] == 'y' || line[0] == 'Y';
	}
	if (yes)
		return true;
	t->unconfirmed++;
	tell_candidate(t, d, "not in the domain of the address, left out (--yes takes it)");
	return false;
}

ptrdiff_t setup_try_find(struct setup_try *t, const struct discover_list *list,
	struct fault *why)
{
	*why = (struct fault){ 0 };
	for (size_t i = 0; i < list->count; i++) {
		const struct discover_server *d = &list->at[i];
		struct server server = setup_try_server(t, d);
		AUTO_SESSION session = { 0 };

		if (!confirm(t, d))
			continue;
		server.timeout = PROBE_MS;
		if (session_open(d->protocol, &server, NULL, -1, &session, why) == 0) {
			tell_candidate(t, d, "answers");
			return (ptrdiff_t)i;
		}
		tell_candidate(t, d, why->text);
	}
	return -1;
}

static int tell_folders(const struct setup_try *t, struct session *session, struct fault *why)
{
	struct imap_talk talk = { .wire = session->wire, .reply = imap_reply_new() };
	AUTO_STRINGS every = { 0 };
	AUTO_FOLDERS all = { 0 };
	AUTO_BUF text = { 0 };
	struct folders_wish wish = { .session = session, .items = &every };
	struct fault ignored;
	int result;

	strings_add(&every, SLICE("*"));
	result = folders_list(&talk, &wish, &all, why);
	for (size_t i = 0; result == 0 && i < all.count && i < SHOWN; i++) {
		AUTO_BUF shown = { 0 };

		folder_shown(&all.names, all.at[i].wire, &shown);
		buf_add_text(&text, i > 0 ? ", " : " ");
		say_visible(&text, buf_slice(&shown));
	}
	if (result == 0)
		fprintf(t->tell, "%zu folder%s:%s%s\n", all.count, all.count == 1 ? "" : "s",
			buf_text(&text), all.count > SHOWN ? ", ..." : "");
	(void)imap_ask(&talk, NULL, NULL, &ignored, "LOGOUT");
	imap_reply_free(talk.reply);
	return result;
}

int setup_try_login(const struct setup_try *t, enum wire_protocol protocol,
	struct server *server, const struct strings *users, struct fault *why)
{
	int result = -1;

	for (size_t i = 0; i < users->count && result < 0; i++) {
		AUTO_SESSION session = { 0 };

		server->user = users->at[i];
		result = session_open(protocol, server, NULL, -1, &session, why);
		if (result < 0 && why->kind != FAULT_LOGIN)
			return -1;
		if (result == 0)
			fprintf(t->tell, "%s: logged in as %s by %s\n", server->host, server->user,
				session.mechanism ? session.mechanism : "nothing");
		else
			fprintf(t->tell, "%s: not as %s\n", server->host, server->user);
		fflush(t->tell);
		if (result == 0 && protocol == WIRE_IMAP)
			return tell_folders(t, &session, why);
	}
	return result;
}
