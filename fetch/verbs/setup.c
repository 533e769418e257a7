/*
 * mr-fetch setup: see setup.h. RFC 6186, RFC 8314 section 5.1.
 *
 * A password goes to the one server that answered, never on to another one that might take it.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/setup.h"

#include <strings.h>

#include "common/base/say.h"
#include "common/net/login.h"
#include "common/net/secret_command.h"
#include "fetch/verbs/setup_section.h"
#include "fetch/verbs/setup_try.h"
#include "fetch/verbs/setup_wish.h"
#include "fetch/verbs/setup_write.h"

struct setup {
	struct setup_wish *wish;
	struct setup_try try;
	struct discovered found;
	const char *oauth; /* value of the setting, or NULL: a password logs in */
	struct secret secret;
	struct setup_group groups[2]; /* account, smart host */
	size_t count;
};

static void setup_free(struct setup *s)
{
	discovered_free(&s->found);
	secret_wipe(&s->secret);
	for (size_t i = 0; i < s->count; i++) {
		explicit_bzero(s->groups[i].text.ptr, s->groups[i].text.len);
		buf_free(&s->groups[i].text);
	}
}

static int look_for_servers(struct setup *s, struct fault *why)
{
	const struct setup_wish *w = s->wish;

	if (w->host)
		return setup_wish_host(w, &s->found.access, why);
	discover_servers(&w->discover, &s->found);
	for (size_t i = 0; i < s->found.troubles.count; i++)
		fprintf(s->try.tell, "%s\n", s->found.troubles.at[i]);
	if (s->found.provider) {
		fprintf(s->try.tell, "%s belongs to %s\n", w->domain, s->found.provider->title);
		if (s->found.provider->hint && !s->oauth)
			fprintf(s->try.tell, "%s\n", s->found.provider->hint);
	}
	return 0;
}

static int not_found(const struct setup *s, const struct fault *last, struct fault *why)
{
	const char *domain = s->wish->domain;

	if (s->found.denied)
		return fault_set(why, FAULT_CONFIG,
			"%s says that it offers no IMAP or POP3 to mail programs", domain);
	if (last->kind == FAULT_CONFIG) {
		*why = *last;
		return -1;
	}
	if (last->kind == FAULT_NONE && s->try.unconfirmed > 0)
		return fault_set(why, FAULT_USAGE, "the servers that %s names lie outside of it: "
			"--yes takes them, --host names another one", domain);
	return fault_set(why, FAULT_TEMP, "no server of %s answers: --host names it", domain);
}

/* The same mailbox twice would be fetched twice. */
static int check_double(const struct setup_wish *w, const struct discover_server *d,
	const char *user, struct fault *why)
{
	for (size_t i = 0; i < w->accounts.count; i++) {
		const struct account *a = &w->accounts.at[i];

		if (a->server.user && strcasecmp(a->server.host, d->host) == 0 &&
			strcmp(a->server.user, user) == 0)
			return fault_set(why, FAULT_USAGE, "%s: account %s is this mailbox already",
				a->where, a->name);
	}
	return 0;
}

static int get_secret(struct setup *s, struct server *server, struct fault *why)
{
	const struct setup_wish *w = s->wish;

	server->user = w->users.at[0];
	if (w->password_command)
		return secret_command(w->password_command, "password-command", server, -1,
			&s->secret.text, why);
	return secret_get(server, -1, &s->secret, why);
}

/* Without a client there is nobody to log in as: mr-fetch login is the test. */
static int log_in(struct setup *s, const struct discover_server *d, struct server *server,
	struct fault *why)
{
	*server = setup_try_server(&s->try, d);
	if (s->oauth) {
		server->user = s->wish->users.at[0];
		return check_double(s->wish, d, server->user, why);
	}
	for (size_t i = 0; i < s->wish->users.count; i++) {
		if (check_double(s->wish, d, s->wish->users.at[i], why) < 0)
			return -1;
	}
	if (get_secret(s, server, why) < 0)
		return -1;
	server->password = s->secret.text;
	if (setup_try_login(&s->try, d->protocol, server, &s->wish->users, why) == 0)
		return 0;
	if (why->kind == FAULT_LOGIN && !s->wish->user)
		return fault_set(why, FAULT_LOGIN, "%s takes the password neither with the address "
			"nor with its local part: is it right? --user gives another login name",
			server->host);
	return -1;
}

static void add_group(struct setup *s, const char *section, const char *name,
	enum wire_protocol protocol, const struct server *server)
{
	const struct setup_wish *w = s->wish;
	struct setup_group *group = &s->groups[s->count++];
	struct server copy = *server;
	struct setup_section text = { .name = name, .protocol = protocol, .server = &copy,
		.oauth = s->oauth, .password_command = w->password_command,
		.password = w->store ? s->secret.text : NULL };

	copy.oauth.client_id = (char *)(uintptr_t)w->client_id;
	copy.oauth.client_secret_command = (char *)(uintptr_t)w->client_secret_command;
	*group = (struct setup_group){ .section = section, .name = name };
	setup_section_write(&text, &group->text);
}

/* Trouble with it is told, and the account is written without it. */
static void add_smarthost(struct setup *s, char *user)
{
	struct fault why = { 0 };
	AUTO_STRINGS users = { 0 };
	struct server server;
	ptrdiff_t at;

	if (s->wish->smarthost) {
		fprintf(s->try.tell, "%s has a smart host already: it stays as it is\n",
			s->wish->path);
		return;
	}
	at = setup_try_find(&s->try, &s->found.submission, &why);
	if (at < 0)
		return;
	server = setup_try_server(&s->try, &s->found.submission.at[at]);
	server.user = user;
	server.password = s->secret.text;
	strings_add(&users, slice_text(user));
	if (!s->oauth && setup_try_login(&s->try, WIRE_SMTP, &server, &users, &why) < 0) {
		fprintf(s->try.tell, "no smart host is written: %s\n", why.text);
		return;
	}
	server.user = user;
	add_group(s, "smarthost", "default", WIRE_SMTP, &server);
}

static void print_groups(const struct setup *s)
{
	for (size_t i = 0; i < s->count; i++)
		printf("%s: {\n%s}\n", s->groups[i].section, buf_text(&s->groups[i].text));
}

static void tell_next(const struct setup *s)
{
	const struct setup_wish *w = s->wish;
	const char *name = w->account;

	printf("%s: account %s is written%s; all mail stays on the server (keep = true)\n", w->path,
		name, s->count > 1 ? ", and where outgoing mail goes" : "");
	if (s->oauth)
		printf("next: mr-fetch login %s\n", name);
	else if (!w->password_command && !w->store)
		printf("the password is stored nowhere, and mr-fetch will ask for it; see "
			"password-command and keyring in mailrail.conf(5)\n");
	if (!s->oauth)
		printf("next: mr-fetch check %s\n", name);
}

static int finish(struct setup *s, struct fault *why)
{
	const struct setup_wish *w = s->wish;

	if (w->print) {
		print_groups(s);
		return 0;
	}
	/* An account without its client would stop all others, too. */
	if (s->oauth && !w->client_id) {
		print_groups(s);
		return fault_set(why, FAULT_CONFIG, "nothing is written yet: %s wants OAuth2, and so "
			"a client-id of yours (mailrail.conf(5), OAUTH2): with it, mr-fetch setup "
			"--client-id ID %s, then mr-fetch login %s",
			s->found.provider->title, w->address, w->account);
	}
	if (setup_write(w->path, s->groups, s->count, why) < 0) {
		if (w->store)
			return fault_prefix(why, "nothing is written");
		print_groups(s);
		return fault_prefix(why, "nothing is written, put these lines there yourself");
	}
	tell_next(s);
	return 0;
}

static int act(struct setup *s, struct fault *why)
{
	const struct provider *p = provider_find(s->wish->domain);
	struct server server;
	struct fault last;
	ptrdiff_t at;

	if (p && !s->wish->host && !s->wish->password_command && !s->wish->store)
		s->oauth = provider_oauth_name(p);
	if (s->wish->client_id && !s->oauth)
		return fault_set(why, FAULT_USAGE, "--client-id: setup knows no OAuth2 for %s",
			s->wish->domain);
	if (look_for_servers(s, why) < 0)
		return -1;
	at = setup_try_find(&s->try, &s->found.access, &last);
	if (at < 0)
		return not_found(s, &last, why);
	if (log_in(s, &s->found.access.at[at], &server, why) < 0)
		return -1;
	add_group(s, "account", s->wish->account, s->found.access.at[at].protocol, &server);
	add_smarthost(s, server.user);
	return finish(s, why);
}

int setup_run(const char *config, int argc, char **argv)
{
	AUTO_SETUP_WISH wish = { 0 };
	struct setup s = { .wish = &wish };
	struct fault why;
	int status = 0;

	if (setup_wish_read(&wish, config, argc, argv, &why) < 0)
		return say_fault(&why);
	if (wish.help)
		return 0;
	s.try = (struct setup_try){ .domain = wish.domain, .ca_file = wish.ca_path,
		.yes = wish.yes, .terminal = wish.terminal, .tell = wish.print ? stderr : stdout };
	if (wire_start(&why) < 0 || act(&s, &why) < 0) {
		fflush(stdout);
		status = say_fault(&why);
	}
	setup_free(&s);
	return status;
}
