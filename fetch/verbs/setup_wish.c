/*
 * The command line of mr-fetch setup: see setup_wish.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/verbs/setup_wish.h"

#include <ctype.h>
#include <errno.h>
#include <unistd.h>

#include "common/base/options.h"
#include "common/base/paths.h"

static const char usage[] =
	"mr-fetch [-v] [-c FILE] setup [OPTION ...] ADDRESS";

void setup_wish_free(struct setup_wish *w)
{
	free(w->domain);
	free(w->account);
	free(w->ca_path);
	free(w->path);
	strings_free(&w->users);
	accounts_free(&w->accounts);
	config_close(w->config);
}

static int read_options(struct setup_wish *w, int argc, char **argv, struct fault *why)
{
	const struct option_row rows[] = {
		{ 0, "name", "NAME", "of the account in the configuration", NULL, &w->name, NULL },
		{ 0, "protocol", "imap|pop3", "only this one", NULL, &w->protocol, NULL },
		{ 0, "host", "HOST[:PORT]", "the server, instead of a search",
			NULL, &w->host, NULL },
		{ 0, "user", "NAME", "the login name, instead of the address", NULL,
			&w->user, NULL },
		{ 0, "password-command", "CMD", "prints the password; is written down", NULL,
			&w->password_command, NULL },
		{ 0, "store-password", NULL, "write the password itself down", &w->store,
			NULL, NULL },
		{ 0, "client-id", "ID", "OAuth2: your application", NULL, &w->client_id, NULL },
		{ 0, "client-secret-command", "CMD", "OAuth2: prints its secret", NULL,
			&w->client_secret_command, NULL },
		{ 0, "ca-file", "FILE", "certificates to trust", NULL, &w->ca_file, NULL },
		{ 0, "resolver", "ADDRESS[:PORT]", "ask this name server (IPv4)", NULL,
			&w->resolver, NULL },
		{ 0, "yes", NULL, "take servers outside of the domain", &w->yes, NULL, NULL },
		{ 0, "print", NULL, "print the section, write nothing", &w->print, NULL, NULL },
		{ 'h', "help", NULL, "this text", &w->help, NULL, NULL },
		OPTION_END,
	};

	if (options_take(rows, &argc, &argv, why) < 0)
		return -1;
	if (w->help) {
		options_help(usage, rows);
		return 0;
	}
	if (argc != 1)
		return fault_set(why, FAULT_USAGE, "setup wants one mail address (setup --help)");
	w->address = argv[0];
	return 0;
}

/* The local part goes into a login, the domain to name servers. */
static int read_address(struct setup_wish *w, struct fault *why)
{
	const char *at = strrchr(w->address, '@');
	AUTO_FREE char *local = NULL;

	for (const char *c = w->address; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 127)
			at = NULL;
	}
	if (!at || at == w->address || !srv_is_host(at + 1))
		return fault_set(why, FAULT_USAGE, "\"%s\" is no mail address whose domain can be "
			"looked up", w->address);
	w->domain = mem_text(at + 1);
	for (char *c = w->domain; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (w->user) {
		strings_add(&w->users, slice_text(w->user));
		return 0;
	}
	/* RFC 6186 section 4: the whole address, then its local part. */
	local = slice_copy(slice_of(w->address, (size_t)(at - w->address)));
	strings_add(&w->users, slice_text(w->address));
	strings_add(&w->users, slice_text(local));
	return 0;
}

static int read_values(struct setup_wish *w, struct fault *why)
{
	bool pop3 = w->protocol && strcmp(w->protocol, "pop3") == 0;
	bool imap = w->protocol && strcmp(w->protocol, "imap") == 0;

	if (w->protocol && !pop3 && !imap)
		return fault_set(why, FAULT_USAGE, "--protocol is imap or pop3, not \"%s\"",
			w->protocol);
	if (w->store && w->password_command)
		return fault_set(why, FAULT_USAGE,
			"--store-password and --password-command: which is it?");
	if (w->client_secret_command && !w->client_id)
		return fault_set(why, FAULT_USAGE, "--client-secret-command needs --client-id");
	if (w->client_id && (w->password_command || w->store))
		return fault_set(why, FAULT_USAGE, "--client-id is for OAuth2, without a password");
	if (w->resolver && !srv_resolver_read(w->resolver, &w->server))
		return fault_set(why, FAULT_USAGE, "--resolver: \"%s\" is no ADDRESS:PORT",
			w->resolver);
	if (w->ca_file && !(w->ca_path = realpath(w->ca_file, NULL)))
		return fault_set(why, FAULT_USAGE, "--ca-file: %s: %s", w->ca_file,
			strerror(errno));
	w->discover = (struct discover_wish){ .domain = w->domain,
		.resolver = w->resolver ? &w->server : NULL, .imap = !pop3, .pop3 = !imap };
	w->terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	if (!w->terminal && !w->password_command && !w->client_id)
		return fault_set(why, FAULT_USAGE, "there is no terminal to ask for the password: "
			"setup needs --password-command");
	return 0;
}

/* Broken already: then it is better not touched. */
static int read_config(struct setup_wish *w, const char *config, struct fault *why)
{
	AUTO_FREE char *folder = NULL;
	AUTO_STRINGS every = { 0 };
	AUTO_STRINGS names = { 0 };

	if (config && access(config, F_OK) < 0 && errno == ENOENT) {
		w->path = mem_text(config);
		return 0;
	}
	if (config_open(config, &w->config, why) < 0)
		return -1;
	if (config_path(w->config)) {
		w->path = mem_text(config_path(w->config));
	} else {
		folder = paths_config(why);
		if (!folder)
			return -1;
		w->path = paths_join(folder, "config");
	}
	if (config_names(w->config, "smarthost", &names, why) < 0)
		return -1;
	w->smarthost = names.count > 0;
	strings_clear(&names);
	if (config_names(w->config, "account", &names, why) < 0)
		return -1;
	return names.count > 0 ? accounts_read(w->config, &every, &w->accounts, why) : 0;
}

static bool is_taken(const struct setup_wish *w, const char *name)
{
	for (size_t i = 0; i < w->accounts.count; i++) {
		if (strcmp(w->accounts.at[i].name, name) == 0)
			return true;
	}
	return false;
}

/* libconfig: a letter, then letters, digits, "-" and "_". */
static bool is_name(const char *name)
{
	if (!isalpha((unsigned char)*name))
		return false;
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
			return false;
	}
	return true;
}

/* From the first label of the domain, when nobody gave one. */
static int choose_name(struct setup_wish *w, struct fault *why)
{
	AUTO_BUF name = { 0 };
	size_t stem;

	if (w->name && !is_name(w->name))
		return fault_set(why, FAULT_USAGE, "--name: \"%s\": a name is a letter, then letters, "
			"digits, - and _", w->name);
	if (w->name && account_is_verb(w->name))
		return fault_set(why, FAULT_USAGE, "--name: \"%s\" is kept for a verb", w->name);
	if (w->name && is_taken(w, w->name))
		return fault_set(why, FAULT_USAGE, "%s: there is an account %s already: give another "
			"--name", w->path, w->name);
	if (w->name) {
		w->account = mem_text(w->name);
		return 0;
	}
	if (!isalpha((unsigned char)w->domain[0]))
		buf_add_text(&name, "mail-");
	buf_add(&name, w->domain, strcspn(w->domain, "."));
	if (account_is_verb(buf_text(&name)))
		buf_add_text(&name, "-mail");
	stem = name.len;
	for (unsigned n = 2; is_taken(w, buf_text(&name)); n++) {
		buf_cut(&name, stem);
		buf_addf(&name, "-%u", n);
	}
	w->account = buf_give(&name);
	return 0;
}

int setup_wish_read(struct setup_wish *w, const char *config, int argc, char **argv,
	struct fault *why)
{
	if (read_options(w, argc, argv, why) < 0)
		return -1;
	if (w->help)
		return 0;
	if (read_address(w, why) < 0 || read_values(w, why) < 0 ||
		read_config(w, config, why) < 0)
		return -1;
	return choose_name(w, why);
}

int setup_wish_host(const struct setup_wish *w, struct discover_list *out, struct fault *why)
{
	struct slice rest = slice_text(w->host);
	struct slice host;
	bool pop3 = w->protocol && strcmp(w->protocol, "pop3") == 0;
	enum wire_protocol protocol = pop3 ? WIRE_POP3 : WIRE_IMAP;
	uint64_t port = pop3 ? 995 : 993;
	AUTO_FREE char *name = NULL;

	slice_cut(&rest, ':', &host);
	name = slice_copy(host);
	if (!srv_is_host(name) || (host.len < strlen(w->host) &&
		(!slice_number(rest, &port) || port < 1 || port > 65535)))
		return fault_set(why, FAULT_USAGE, "--host: \"%s\" is no HOST[:PORT]", w->host);
	out->at = mem_zero(1, sizeof(*out->at));
	out->count = 1;
	*out->at = (struct discover_server){ .protocol = protocol, .port = (long)port,
		.tls = port == (pop3 ? 110 : 143) ? WIRE_TLS_STARTTLS : WIRE_TLS_IMPLICIT,
		.source = DISCOVER_KNOWN, .host = name };
	name = NULL;
	return 0;
}
