/*
 * Targets: see carry_target.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/carry_target.h"

#include "common/mail/address.h"

enum { SMTP_PORT = 25 };

void carry_target_free(struct carry_target *t)
{
	free(t->path);
	free(t->host);
	free(t->ca_file);
	free(t->to);
	*t = (struct carry_target){ 0 };
}

static bool is_here(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
		strncmp(host, "127.", 4) == 0;
}

static bool is_host(struct slice host)
{
	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = (unsigned char)host.ptr[i];

		if (c <= ' ' || c >= 127 || strchr("/@?&#[]", c))
			return false;
	}
	return host.len > 0;
}

/* host [ ":" port ], "[" address "]" [ ":" port ] */
static int read_place(struct slice place, struct carry_target *out, struct fault *why)
{
	struct slice host = place;
	struct slice port = { "", 0 };
	uint64_t number = out->lmtp ? 0 : SMTP_PORT;
	ptrdiff_t at;

	if (place.len && place.ptr[0] == '[') {
		at = slice_find_byte(place, ']');
		if (at < 0)
			return fault_set(why, FAULT_USAGE, "\"[\" without \"]\"");
		host = slice_of(place.ptr + 1, (size_t)at - 1);
		port = slice_from(place, (size_t)at + 1);
	} else {
		at = slice_find_byte(place, ':');
		if (at >= 0) {
			host = slice_first(place, (size_t)at);
			port = slice_from(place, (size_t)at);
		}
	}
	if (port.len && (port.ptr[0] != ':' || !slice_number(slice_from(port, 1), &number) ||
				number == 0 || number > 65535))
		return fault_set(why, FAULT_USAGE, "\"%.*s\" is no port", SLICE_ARG(port));
	if (!is_host(host))
		return fault_set(why, FAULT_USAGE, "the name of a host is needed");
	if (number == 0)
		return fault_set(why, FAULT_USAGE, "lmtp has no port of its own: HOST:PORT");
	out->host = slice_copy(host);
	out->port = (long)number;
	return 0;
}

static int read_tls(struct slice word, struct carry_target *out, struct fault *why)
{
	static const char *const words[] = { "implicit", "starttls", "none" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!slice_is(word, words[i]))
			continue;
		out->tls = (enum carry_tls)i;
		return 0;
	}
	return fault_set(why, FAULT_USAGE, "tls is starttls, implicit or none");
}

static int read_options(struct slice options, struct carry_target *out, bool *tls_said,
	struct fault *why)
{
	struct slice option;
	struct slice name;

	while (slice_cut(&options, '&', &option)) {
		struct slice value = option;

		slice_cut(&value, '=', &name);
		if (slice_is(name, "to") && !out->to) {
			out->to = slice_copy(value);
			if (address_check_envelope(value, why) < 0)
				return -1;
		} else if (slice_is(name, "ca-file") && !out->ca_file) {
			out->ca_file = slice_copy(value);
		} else if (slice_is(name, "tls") && !*tls_said) {
			*tls_said = true;
			if (read_tls(value, out, why) < 0)
				return -1;
		} else {
			return fault_set(why, FAULT_USAGE, "no such option: \"%.*s\"",
				SLICE_ARG(option));
		}
	}
	return 0;
}

static int check_tls(struct carry_target *out, bool said, struct fault *why)
{
	bool here = out->path || is_here(out->host);

	if (!said)
		out->tls = here ? CARRY_TLS_NONE : CARRY_TLS_STARTTLS;
	if (out->lmtp && out->tls != CARRY_TLS_NONE)
		return fault_set(why, FAULT_USAGE, said ? "lmtp has no TLS" :
			"lmtp has no TLS: say ?tls=none if the network may read the mail");
	if (out->tls == CARRY_TLS_NONE && out->ca_file)
		return fault_set(why, FAULT_USAGE, "ca-file without TLS means nothing");
	return 0;
}

static int read_all(struct slice rest, struct carry_target *out, struct fault *why)
{
	struct slice place;
	bool tls_said = false;

	out->lmtp = slice_starts(rest, "lmtp:");
	if (!out->lmtp && !slice_starts(rest, "smtp:"))
		return fault_set(why, FAULT_USAGE, "smtp:HOST, lmtp:HOST:PORT or lmtp:/SOCKET");
	slice_skip(&rest, 5);
	if (!slice_cut(&rest, '?', &place))
		place = rest;
	if (out->lmtp && place.len && place.ptr[0] == '/')
		out->path = slice_copy(place);
	else if (read_place(place, out, why) < 0)
		return -1;
	if (read_options(rest, out, &tls_said, why) < 0)
		return -1;
	return check_tls(out, tls_said, why);
}

int carry_target_read(const char *text, struct carry_target *out, struct fault *why)
{
	*out = (struct carry_target){ 0 };
	if (read_all(slice_text(text), out, why) == 0)
		return 0;
	if (why)
		why->kind = FAULT_USAGE;
	fault_prefix(why, "%s", text);
	carry_target_free(out);
	return -1;
}
