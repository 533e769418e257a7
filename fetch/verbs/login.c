/*
 * mr-fetch login: see login.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/login.h"

#include "common/base/child.h"
#include "common/base/say.h"
#include "common/net/login.h"
#include "common/net/oauth/login.h"
#include "common/net/oauth/token.h"
#include "fetch/trouble.h"

/* LIMIT: how long the browser may take. */
enum { PATIENCE_MS = 5 * 60 * 1000 };

struct terminal {
	const struct account *account;
	bool open;
};

/*
 * Not waited for: it may be the browser itself, which stays. What comes of it is the user's
 * to see, and the address is on the terminal.
 */
static void open_browser(const char *url)
{
	char *const argv[] = { "xdg-open", (char *)(uintptr_t)url, NULL };
	const struct child_plan plan = { .argv = argv, .in = CHILD_NULL, .out = CHILD_NULL,
		.err = CHILD_NULL, .own_session = true };
	struct child c = CHILD_NONE;
	struct fault why;

	if (child_start(&plan, &c, &why) < 0)
		say_fault(&why);
}

static void show(void *state, const char *url, const char *code)
{
	const struct terminal *t = state;
	const char *name = t->account->name;

	if (code)
		printf("%s: open this page on any device, and type the code %s\n\n    %s\n\n", name,
			code, url);
	else
		printf("%s: open this page in a browser, as %s\n\n    %s\n\n"
		       "If the browser runs on another machine, it ends at a page that cannot be\n"
		       "shown: paste the address of that page here.\n",
			name, t->account->server.user, url);
	fflush(stdout);
	if (t->open)
		open_browser(url);
}

static void hint(void *state, const char *sentence)
{
	(void)state;
	printf("%s\n", sentence);
	fflush(stdout);
}

/* What will not work, or not for long, is better told now. */
static void remark(const struct account *account, const struct oauth_client *c,
	const struct oauth_answer *answer)
{
	struct slice missing = { "", 0 };

	/* A provider may leave offline_access out of what it says it gave. */
	if (answer->scope && !oauth_scope_covers(answer->scope, c->scope, &missing) &&
		!slice_is(missing, "offline_access"))
		say("account %s: %s did not give all that was asked for: \"%.*s\" is missing",
			account->name, c->title, SLICE_ARG(missing));
	if (!answer->refresh)
		say("account %s: %s gave nothing to renew the token by: this login ends in %lld "
		    "minutes", account->name, c->title, (long long)(answer->life / 60));
}

static int ask_user(const struct account *account, const struct oauth_client *c, bool open,
	struct fault *why)
{
	struct terminal t = { .account = account, .open = open };
	const struct oauth_user user = { .show = show, .hint = hint, .state = &t,
		.in = STDIN_FILENO, .cancel_fd = -1, .patience_ms = PATIENCE_MS };
	AUTO_OAUTH_ANSWER answer = { 0 };
	int got = c->flow == OAUTH_DEVICE ? oauth_device(c, &user, &answer, why)
					  : oauth_browser(c, &user, &answer, why);

	if (got < 0 || oauth_token_keep(c, -1, &answer, why) < 0)
		return -1;
	remark(account, c, &answer);
	return 0;
}

static int test(const struct account *account, struct fault *why)
{
	AUTO_SESSION session = { 0 };
	bool imap = account->protocol == ACCOUNT_IMAP;

	if (session_open(imap ? WIRE_IMAP : WIRE_POP3, &account->server, NULL, -1, &session,
		    why) < 0)
		return fault_prefix(why, "the login is kept, but");
	trouble_pardon(account);
	printf("%s: logged in: %s takes the token of %s\n", account->name, account->server.host,
		account->server.user);
	return 0;
}

/* Accounts of one user at one provider share a login: `keys` has those that are done. */
static int login_account(const struct account *account, bool open, struct strings *keys,
	struct fault *why)
{
	AUTO_OAUTH_CLIENT client = { 0 };

	if (oauth_client_make(&account->server, &client, why) < 0)
		return -1;
	if (!strings_has(keys, client.key)) {
		if (ask_user(account, &client, open, why) < 0)
			return -1;
		strings_add(keys, slice_text(client.key));
	}
	return test(account, why);
}

static int run(const struct accounts *accounts, bool open)
{
	AUTO_STRINGS keys = { 0 };
	size_t count = 0;
	int status = 0;
	struct fault why;

	if (wire_start(&why) < 0)
		return say_fault(&why);
	for (size_t i = 0; i < accounts->count; i++) {
		const struct account *a = &accounts->at[i];

		if (a->server.oauth.provider == OAUTH_NONE)
			continue;
		count++;
		if (login_account(a, open, &keys, &why) == 0)
			continue;
		fault_prefix(&why, "account %s", a->name);
		status = status_worse(status, say_fault(&why));
	}
	if (count > 0)
		return status;
	fault_set(&why, FAULT_CONFIG, "%s: no \"oauth\" is set for %s%s: nobody has to log in",
		accounts->at[0].where, accounts->count > 1 ? "any account" : "account ",
		accounts->count > 1 ? "" : accounts->at[0].name);
	return say_fault(&why);
}

int login_accounts(const struct accounts *accounts)
{
	return run(accounts, false);
}

int login_opening(const struct accounts *accounts)
{
	return run(accounts, true);
}
