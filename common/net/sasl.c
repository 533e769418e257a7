/*
 * SASL exchanges: see sasl.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/sasl.h"

#include <gsasl.h>
#include <strings.h>

#include "common/base/say.h"
#include "common/net/scram_client.h"

struct mechanism {
	const char *name;
	bool token;        /* wants an OAuth2 access token */
	bool client_first;
	bool sha256;       /* of the SCRAMs */
	bool bind;         /* with channel binding */
	bool by_name_only; /* only when the configuration names it */
	int (*step)(struct sasl *s, struct slice challenge, struct buf *response,
		struct fault *why);
};

struct sasl {
	const struct mechanism *mechanism;
	const struct sasl_identity *who;
	Gsasl *library;
	Gsasl_session *session;
	unsigned steps;
	bool done;
	char *complaint;
	struct scram_client scram;
};

static int gsasl_answer(struct sasl *s, struct slice challenge, struct buf *response,
	struct fault *why)
{
	char *out = NULL;
	size_t len = 0;
	int code;

	/* After its last word nothing more may be asked; an empty word is a courtesy. */
	if (s->done)
		return challenge.len == 0 ? 0 : fault_set(why, FAULT_PROTOCOL,
			"the server asks more than %s has", s->mechanism->name);
	code = gsasl_step(s->session, challenge.ptr, challenge.len, &out, &len);
	if (code != GSASL_OK && code != GSASL_NEEDS_MORE) {
		gsasl_free(out);
		return fault_set(why,
			code == GSASL_AUTHENTICATION_ERROR ? FAULT_LOGIN : FAULT_PROTOCOL,
			"%s fails: %s", s->mechanism->name, gsasl_strerror(code));
	}
	if (out) {
		buf_add(response, out, len);
		explicit_bzero(out, len);
	}
	gsasl_free(out);
	s->done = code == GSASL_OK;
	return 0;
}

static int scram_answer(struct sasl *s, struct slice challenge, struct buf *response,
	struct fault *why)
{
	int result = scram_client_step(&s->scram, challenge, response, why);

	s->done |= result > 0;
	return result < 0 ? -1 : 0;
}

/* What comes after the first word can only be an error, told in JSON. */
static void keep_complaint(struct sasl *s, struct slice challenge)
{
	AUTO_BUF shown = { 0 };

	say_visible(&shown, slice_first(challenge, 500));
	free(s->complaint);
	s->complaint = buf_give(&shown);
}

/* "user=" user ^A "auth=Bearer " token ^A ^A; an error challenge is answered by nothing. */
static int xoauth2_answer(struct sasl *s, struct slice challenge, struct buf *response,
	struct fault *why)
{
	(void)why;
	if (s->steps > 0)
		keep_complaint(s, challenge);
	else
		buf_addf(response, "user=%s\1auth=Bearer %s\1\1", s->who->user, s->who->secret);
	s->done = s->steps == 0;
	return 0;
}

/* RFC 5801: saslname = 1*(value-safe-char / "=2C" / "=3D"). */
static void add_saslname(struct buf *out, const char *name)
{
	for (; *name; name++) {
		if (*name == ',')
			buf_add_text(out, "=2C");
		else if (*name == '=')
			buf_add_text(out, "=3D");
		else
			buf_add_byte(out, *name);
	}
}

/* RFC 7628 section 3.1; an error challenge is answered by ^A (section 3.2.3). */
static int oauthbearer_answer(struct sasl *s, struct slice challenge, struct buf *response,
	struct fault *why)
{
	(void)why;
	if (s->steps > 0) {
		keep_complaint(s, challenge);
		buf_add_byte(response, '\1');
	} else {
		buf_add_text(response, "n,a=");
		add_saslname(response, s->who->user);
		buf_addf(response, ",\1host=%s\1port=%ld\1auth=Bearer %s\1\1", s->who->host,
			s->who->port, s->who->secret);
	}
	s->done = s->steps == 0;
	return 0;
}

/* In the order of preference (DESIGN section 6). */
static const struct mechanism mechanisms[] = {
	{ "SCRAM-SHA-256-PLUS", .client_first = true, .sha256 = true, .bind = true,
		.step = scram_answer },
	{ "SCRAM-SHA-1-PLUS", .client_first = true, .bind = true, .step = scram_answer },
	{ "SCRAM-SHA-256", .client_first = true, .sha256 = true, .step = scram_answer },
	{ "SCRAM-SHA-1", .client_first = true, .step = scram_answer },
	{ "CRAM-MD5", .step = gsasl_answer },
	{ "PLAIN", .client_first = true, .step = gsasl_answer },
	{ "LOGIN", .step = gsasl_answer },
	{ "EXTERNAL", .client_first = true, .by_name_only = true, .step = gsasl_answer },
	{ "OAUTHBEARER", .token = true, .client_first = true, .step = oauthbearer_answer },
	{ "XOAUTH2", .token = true, .client_first = true, .step = xoauth2_answer },
};

enum { MECHANISMS = sizeof(mechanisms) / sizeof(mechanisms[0]) };

static const struct mechanism *find(const char *name)
{
	for (size_t i = 0; i < MECHANISMS; i++) {
		if (strcasecmp(mechanisms[i].name, name) == 0)
			return &mechanisms[i];
	}
	return NULL;
}

static bool offers(const struct strings *offered, const char *name)
{
	for (size_t i = 0; i < offered->count; i++) {
		if (strcasecmp(offered->at[i], name) == 0)
			return true;
	}
	return false;
}

static bool fits(const struct mechanism *m, const struct strings *offered,
	const struct sasl_identity *who)
{
	return m->token == who->token && (!m->bind || who->binding) && offers(offered, m->name);
}

const char *sasl_choose(const struct strings *offered, const struct strings *allowed,
	struct sasl_identity *who)
{
	who->binding_offered = false;
	for (size_t i = 0; i < offered->count; i++)
		who->binding_offered |= slice_ends_case(slice_text(offered->at[i]), "-PLUS");
	if (allowed && allowed->count > 0) {
		for (size_t i = 0; i < allowed->count; i++) {
			const struct mechanism *m = find(allowed->at[i]);

			if (m && fits(m, offered, who))
				return m->name;
		}
		return NULL;
	}
	for (size_t i = 0; i < MECHANISMS; i++) {
		if (!mechanisms[i].by_name_only && fits(&mechanisms[i], offered, who))
			return mechanisms[i].name;
	}
	return NULL;
}

static int start_gsasl(struct sasl *s, struct fault *why)
{
	int code = gsasl_init(&s->library);

	if (code == GSASL_OK)
		code = gsasl_client_start(s->library, s->mechanism->name, &s->session);
	if (code == GSASL_OK)
		code = gsasl_property_set(s->session, GSASL_AUTHID, s->who->user);
	/* EXTERNAL: the identity that the certificate gives. */
	if (code == GSASL_OK && s->mechanism->by_name_only)
		code = gsasl_property_set(s->session, GSASL_AUTHZID, "");
	if (code == GSASL_OK)
		code = gsasl_property_set(s->session, GSASL_PASSWORD, s->who->secret);
	if (code != GSASL_OK)
		return fault_set(why, FAULT_CONFIG, "the SASL mechanism %s: %s",
			s->mechanism->name, gsasl_strerror(code));
	return 0;
}

/*
 * "y" says "we could bind, you cannot": not to a server that offers it and whose offer the
 * configuration passed over.
 */
static int start_scram(struct sasl *s, struct fault *why)
{
	const struct sasl_identity *who = s->who;
	bool bind = s->mechanism->bind;

	if (bind && !who->binding)
		return fault_set(why, FAULT_TEMP, "%s: this connection cannot be bound",
			s->mechanism->name);
	s->scram = (struct scram_client){ .sha256 = s->mechanism->sha256, .user = who->user,
		.password = who->secret, .bind = bind,
		.binding = bind || !who->binding_offered ? who->binding : NULL };
	return 0;
}

int sasl_begin(const char *mechanism, const struct sasl_identity *who, struct sasl **out,
	struct fault *why)
{
	AUTO_SASL *s = mem_zero(1, sizeof(*s));

	s->mechanism = find(mechanism);
	s->who = who;
	if (!s->mechanism)
		return fault_set(why, FAULT_CONFIG, "%s is no SASL mechanism known here",
			mechanism);
	if (s->mechanism->step == gsasl_answer && start_gsasl(s, why) < 0)
		return -1;
	if (s->mechanism->step == scram_answer && start_scram(s, why) < 0)
		return -1;
	*out = s;
	s = NULL;
	return 0;
}

void sasl_end(struct sasl *s)
{
	if (!s)
		return;
	if (s->session)
		gsasl_finish(s->session);
	if (s->library)
		gsasl_done(s->library);
	scram_client_free(&s->scram);
	free(s->complaint);
	free(s);
}

void sasl_end_at(struct sasl **s)
{
	sasl_end(*s);
	*s = NULL;
}

const char *sasl_mechanism(const struct sasl *s)
{
	return s->mechanism->name;
}

bool sasl_client_first(const struct sasl *s)
{
	return s->mechanism->client_first;
}

int sasl_step(struct sasl *s, struct slice challenge, struct buf *response,
	struct fault *why)
{
	/* LIMIT: the longest mechanism here takes four; a server must not keep us for ever. */
	if (s->steps >= 10)
		return fault_set(why, FAULT_PROTOCOL, "%s: the server asks without end",
			s->mechanism->name);
	buf_clear(response);
	if (s->mechanism->step(s, challenge, response, why) < 0)
		return -1;
	s->steps++;
	return 0;
}

bool sasl_is_done(const struct sasl *s)
{
	return s->done;
}

const char *sasl_complaint(const struct sasl *s)
{
	return s->complaint;
}

void sasl_encode(struct slice bytes, struct buf *out)
{
	char *text = NULL;
	size_t len = 0;

	if (gsasl_base64_to(bytes.ptr, bytes.len, &text, &len) == GSASL_OK) {
		buf_add(out, text, len);
		explicit_bzero(text, len);
	}
	gsasl_free(text);
}

bool sasl_decode(struct slice text, struct buf *out)
{
	char *bytes = NULL;
	size_t len = 0;
	bool good = gsasl_base64_from(text.ptr, text.len, &bytes, &len) == GSASL_OK;

	if (good)
		buf_add(out, bytes, len);
	gsasl_free(bytes);
	return good;
}
