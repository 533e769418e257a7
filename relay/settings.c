/*
 * The section "relay": see settings.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/settings.h"

#include <unistd.h>

#include "common/base/io.h"
#include "common/base/paths.h"

/* LIMIT: RFC 1035 2.3.4, and what is read of /etc/mailname. */
enum { HOSTNAME_MAX = 255, MAILNAME_MAX = 4096 };

const struct setting relay_rows[] = {
	SETTING(relay_settings, hostname, "hostname", TEXT, NULL,
		"name of this machine in addresses (default /etc/mailname, else its name)"),
	SETTING(relay_settings, sender, "sender", TEXT, NULL,
		"envelope sender and From for callers who give none (default LOGIN@hostname)"),
	SETTING(relay_settings, queue, "queue", PATH, NULL,
		"spool directory (default ~/.local/state/mailrail/queue)"),
	SETTING_CHOOSE(relay_settings, send, "send", "auto|manual", "auto",
		"send in the background after each submission, or only by mr-relay run"),
	SETTING(relay_settings, lifetime, "lifetime", TIME, "5d",
		"return what could not be delivered after so long"),
	SETTING_END,
};

void relay_settings_free(struct relay_settings *s)
{
	settings_free(relay_rows, s);
	free(s->config);
	s->config = NULL;
}

static bool is_hostname(struct slice name)
{
	if (name.len == 0 || name.len > HOSTNAME_MAX || name.ptr[0] == '.' || name.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '.'))
			return false;
	}
	return true;
}

/* Debian policy 11.6: /etc/mailname holds the name that goes behind the @. */
static char *find_hostname(void)
{
	AUTO_BUF text = { 0 };
	char name[HOSTNAME_MAX + 1] = "";
	struct slice rest;
	struct slice line;

	if (io_read_file("/etc/mailname", MAILNAME_MAX, &text, NULL) == 0) {
		rest = buf_slice(&text);
		if (slice_line(&rest, &line) && is_hostname(slice_trim(line)))
			return slice_copy(slice_trim(line));
	}
	if (gethostname(name, sizeof(name) - 1) == 0 && is_hostname(slice_text(name)))
		return mem_text(name);
	return mem_text("localhost");
}

static int fill_queue(struct relay_settings *s, struct fault *why)
{
	AUTO_FREE char *state = NULL;

	if (s->queue)
		return 0;
	state = paths_state(why);
	if (!state)
		return -1;
	s->queue = paths_join(state, "queue");
	return 0;
}

static int check(const struct config *config, struct relay_settings *s, struct fault *why)
{
	AUTO_BUF place = { 0 };

	if (!s->hostname)
		s->hostname = find_hostname();
	if (!is_hostname(slice_text(s->hostname))) {
		config_place(config, "relay", NULL, &place);
		return fault_set(why, FAULT_CONFIG,
			"%s: hostname: letters, digits, \"-\" and \".\" only", buf_text(&place));
	}
	return fill_queue(s, why);
}

int relay_settings_read(const struct config *config, struct relay_settings *out,
	struct fault *why)
{
	AUTO_STRINGS hosts = { 0 };

	*out = (struct relay_settings){ 0 };
	if (settings_read(config, "relay", NULL, relay_rows, sizeof(*out), out, why) < 0 ||
		check(config, out, why) < 0 || config_names(config, "smarthost", &hosts, why) < 0)
		return -1;
	out->smarthost = hosts.count > 0;
	if (config_path(config))
		out->config = realpath(config_path(config), NULL);
	return 0;
}
