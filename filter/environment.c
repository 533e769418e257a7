/*
 * Where rules run: see environment.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/environment.h"

static struct slice text_or_none(const char *text)
{
	return text ? slice_text(text) : SLICE("");
}

/* RFC 5183 section 4.1: usually a suffix of the name of the host. */
static struct slice domain_of(struct slice host)
{
	ptrdiff_t dot = slice_find_byte(host, '.');

	return dot < 0 ? SLICE("") : slice_from(host, (size_t)dot + 1);
}

static bool is_item(struct slice name, const char *item)
{
	if (name.len != strlen(item))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i] == '_' ? '-' : name.ptr[i];

		if (c != item[i] && (c | 0x20) != item[i])
			return false;
	}
	return true;
}

/* One of the setting "environment", "NAME=VALUE". */
static bool find_configured(const struct strings *items, struct slice name, struct slice *out)
{
	for (size_t i = 0; i < items->count; i++) {
		struct slice value = slice_text(items->at[i]);
		struct slice own;

		if (!slice_cut(&value, '=', &own) || own.len != name.len)
			continue;
		for (size_t at = 0; at <= own.len; at++) {
			if (at == own.len) {
				*out = value.ptr ? value : SLICE("");
				return true;
			}
			if (own.ptr[at] != name.ptr[at] &&
				!(own.ptr[at] == '-' && name.ptr[at] == '_'))
				break;
		}
	}
	return false;
}

bool environment_find(const struct filter_settings *settings, struct slice name, bool more,
	struct slice *out)
{
	static const char config[] = "vnd.dovecot.config.";
	const struct slice host = text_or_none(settings->host);
	const struct {
		const char *name;
		bool more;
		struct slice value;
	} items[] = {
		{ "domain", false, domain_of(host) },
		{ "host", false, host },
		{ "location", false, SLICE("MDA") },
		{ "name", false, SLICE("mailrail") },
		{ "phase", false, SLICE("during") },
		{ "remote-host", false, SLICE("") },
		{ "remote-ip", false, SLICE("") },
		{ "version", false, SLICE(MAILRAIL_VERSION) },
		{ "vnd.dovecot.default-mailbox", true, SLICE("INBOX") },
		{ "vnd.dovecot.username", true, text_or_none(settings->user) },
	};

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		if ((items[i].more && !more) || !is_item(name, items[i].name))
			continue;
		*out = items[i].value;
		return true;
	}
	if (!more || !slice_starts_case(name, config))
		return false;
	return find_configured(&settings->environment, slice_from(name, sizeof(config) - 1), out);
}
