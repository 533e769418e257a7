/*
 * Smart hosts of the configuration: see smarthost.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/smarthost.h"

#include "common/net/secret.h"

static const struct setting rows[] = {
	SERVER_SETTINGS(smarthost, server),
	SETTING_END,
};

void smarthost_free(struct smarthost *s)
{
	settings_free(rows, s);
	free(s->name);
	*s = (struct smarthost){ 0 };
}

static int read_one(const struct config *config, const char *name, struct smarthost *out,
	struct fault *why)
{
	if (settings_read(config, "smarthost", name, rows, sizeof(*out), out, why) < 0 ||
		secret_check(&out->server, why) < 0)
		return -1;
	out->name = mem_text(name);
	out->server.name = out->name;
	/* The time between two bytes of a login is no time for a reply to DATA. */
	if (config_sets(config, "smarthost", name, "timeout"))
		out->patience = out->server.timeout;
	return 0;
}

int smarthost_read(const struct config *config, struct smarthost *out, struct fault *why)
{
	AUTO_STRINGS names = { 0 };
	const char *chosen;

	*out = (struct smarthost){ 0 };
	if (config_names(config, "smarthost", &names, why) < 0)
		return -1;
	if (names.count == 0)
		return 0;
	chosen = strings_has(&names, "default") ? "default" : names.at[0];
	for (size_t i = 0; i < names.count; i++) {
		AUTO_SMARTHOST other = { 0 };

		if (strcmp(names.at[i], chosen) != 0 &&
			read_one(config, names.at[i], &other, why) < 0)
			return -1;
	}
	return read_one(config, chosen, out, why) < 0 ? -1 : 1;
}
