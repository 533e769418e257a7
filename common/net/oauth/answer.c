/*
 * Answers of a provider: see answer.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/answer.h"

#include <jansson.h>

#include "common/base/say.h"

/* LIMIT: of a provider's description; Microsoft writes a page. */
enum { DETAIL_MAX = 300 };

static void wipe(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void oauth_answer_wipe(struct oauth_answer *a)
{
	wipe(&a->access);
	wipe(&a->refresh);
	free(a->scope);
	free(a->error);
	buf_free(&a->detail);
	*a = (struct oauth_answer){ 0 };
}

void oauth_device_wipe(struct oauth_device *d)
{
	wipe(&d->code);
	free(d->user_code);
	free(d->url);
	free(d->url_complete);
	free(d->error);
	buf_free(&d->detail);
	*d = (struct oauth_device){ 0 };
}

/* What Jansson held of tokens does not stay in freed memory. */
static void forget(json_t *object)
{
	static const char *const secrets[] = { "access_token", "refresh_token", "id_token",
		"device_code" };

	for (size_t i = 0; object && i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		const json_t *value = json_object_get(object, secrets[i]);

		if (json_is_string(value))
			explicit_bzero((char *)(uintptr_t)json_string_value(value),
				json_string_length(value));
	}
	json_decref(object);
}

/* All printable ASCII; `blanks`: 0x20 too. Token of RFC 6750 section 2.1, generously. */
static bool is_printable(struct slice text, bool blanks)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c > 126 || (c == ' ' && !blanks))
			return false;
	}
	return true;
}

/* 1 taken, 0 not there (or null, or empty), -1 not what it should be. */
static int take_text(const json_t *object, const char *name, bool blanks, char **out)
{
	const json_t *value = json_object_get(object, name);
	struct slice text;

	if (!value || json_is_null(value))
		return 0;
	if (!json_is_string(value))
		return -1;
	text = slice_of(json_string_value(value), json_string_length(value));
	if (text.len > OAUTH_TOKEN_MAX || !is_printable(text, blanks))
		return -1;
	if (text.len == 0)
		return 0;
	*out = slice_copy(text);
	return 1;
}

/* A number; some write it as a text. */
static int take_seconds(const json_t *object, const char *name, int64_t *out)
{
	const json_t *value = json_object_get(object, name);
	uint64_t number;

	if (!value || json_is_null(value))
		return 0;
	if (json_is_integer(value)) {
		*out = json_integer_value(value);
		return 1;
	}
	if (json_is_real(value)) {
		double real = json_real_value(value);

		*out = real < 0 ? 0 : real > OAUTH_LIFE_MAX ? OAUTH_LIFE_MAX : (int64_t)real;
		return 1;
	}
	if (!json_is_string(value) ||
		!slice_number(slice_of(json_string_value(value), json_string_length(value)),
			&number))
		return -1;
	*out = number > OAUTH_LIFE_MAX ? OAUTH_LIFE_MAX : (int64_t)number;
	return 1;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* "error: error_description"; the description may be in any language. */
static int take_error(const json_t *object, char **error, struct buf *detail)
{
	int found = take_text(object, "error", false, error);
	const json_t *about = json_object_get(object, "error_description");
	struct slice text = { "", 0 };
	struct slice line;

	if (found <= 0)
		return found;
	say_visible(detail, slice_first(slice_text(*error), 60));
	if (json_is_string(about))
		text = slice_of(json_string_value(about), json_string_length(about));
	/* The first line: what follows at Microsoft are ids of their own. */
	if (slice_line(&text, &line) && line.len > 0) {
		buf_add_text(detail, ": ");
		say_visible(detail, slice_first(line, DETAIL_MAX));
	}
	return 1;
}

static json_t *load(struct slice json, struct fault *why)
{
	json_error_t error;
	json_t *object = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES, &error);

	if (object && json_is_object(object))
		return object;
	forget(object);
	fault_set(why, FAULT_PROTOCOL, "it answers with what is no JSON object");
	return NULL;
}

static int bad(const char *name, struct fault *why)
{
	return fault_set(why, FAULT_PROTOCOL, "its answer has no sound %s", name);
}

static bool is_bearer(const json_t *object)
{
	const json_t *value = json_object_get(object, "token_type");

	return !value || (json_is_string(value) &&
		slice_is_case(slice_of(json_string_value(value), json_string_length(value)),
			"bearer"));
}

static int read_token(const json_t *object, struct oauth_answer *out, struct fault *why)
{
	int64_t life = OAUTH_LIFE_UNKNOWN;

	if (take_error(object, &out->error, &out->detail) != 0)
		return out->error ? 0 : bad("error", why);
	/* Section 7.1: a type that is not known must not be used. */
	if (!is_bearer(object))
		return bad("token_type", why);
	if (take_text(object, "access_token", false, &out->access) <= 0)
		return bad("access_token", why);
	if (take_text(object, "refresh_token", false, &out->refresh) < 0)
		return bad("refresh_token", why);
	if (take_text(object, "scope", true, &out->scope) < 0)
		return bad("scope", why);
	if (take_seconds(object, "expires_in", &life) < 0)
		return bad("expires_in", why);
	out->life = clamp(life, OAUTH_LIFE_MIN, OAUTH_LIFE_MAX);
	return 0;
}

int oauth_answer_read(struct slice json, struct oauth_answer *out, struct fault *why)
{
	json_t *object = load(json, why);
	int result;

	*out = (struct oauth_answer){ 0 };
	if (!object)
		return -1;
	result = read_token(object, out, why);
	forget(object);
	if (result < 0)
		oauth_answer_wipe(out);
	return result;
}

static int read_device(const json_t *object, struct oauth_device *out, struct fault *why)
{
	int64_t interval = 5;
	int found;

	if (take_error(object, &out->error, &out->detail) != 0)
		return out->error ? 0 : bad("error", why);
	if (take_text(object, "device_code", false, &out->code) <= 0)
		return bad("device_code", why);
	if (take_text(object, "user_code", true, &out->user_code) <= 0)
		return bad("user_code", why);
	/* The draft's name is still in use. */
	found = take_text(object, "verification_uri", false, &out->url);
	if (found == 0)
		found = take_text(object, "verification_url", false, &out->url);
	if (found <= 0)
		return bad("verification_uri", why);
	if (take_text(object, "verification_uri_complete", false, &out->url_complete) < 0)
		return bad("verification_uri_complete", why);
	if (take_seconds(object, "expires_in", &out->life) <= 0)
		return bad("expires_in", why);
	if (take_seconds(object, "interval", &interval) < 0)
		return bad("interval", why);
	/* LIMIT: who has to type a code has up to an hour. */
	out->life = clamp(out->life, 1, 3600);
	out->interval = clamp(interval, 1, 60);
	return 0;
}

int oauth_device_read(struct slice json, struct oauth_device *out, struct fault *why)
{
	json_t *object = load(json, why);
	int result;

	*out = (struct oauth_device){ 0 };
	if (!object)
		return -1;
	result = read_device(object, out, why);
	forget(object);
	if (result < 0)
		oauth_device_wipe(out);
	return result;
}

enum fault_kind oauth_error_kind(const char *error)
{
	static const struct {
		const char *error;
		enum fault_kind kind;
	} rows[] = {
		{ "invalid_grant", FAULT_LOGIN },
		{ "access_denied", FAULT_LOGIN },
		{ "expired_token", FAULT_LOGIN },
		/* OpenID Connect Core section 3.1.2.6; Microsoft's token endpoint, too. */
		{ "interaction_required", FAULT_LOGIN },
		{ "consent_required", FAULT_LOGIN },
		{ "login_required", FAULT_LOGIN },
		{ "invalid_client", FAULT_CONFIG },
		{ "unauthorized_client", FAULT_CONFIG },
		{ "unsupported_grant_type", FAULT_CONFIG },
		{ "unsupported_response_type", FAULT_CONFIG },
		{ "invalid_request", FAULT_CONFIG },
		{ "invalid_scope", FAULT_CONFIG },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(error, rows[i].error) == 0)
			return rows[i].kind;
	}
	return FAULT_TEMP;
}
