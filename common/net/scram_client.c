/*
 * SCRAM, the client's words: see scram_client.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/scram_client.h"

#include <gsasl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/base/say.h"
#include "common/mail/word.h"
#include "common/net/scram.h"

/* Of SHA-256; SHA-1 takes less. */
enum { HASH_MAX = 32 };

/* Bytes of randomness in our nonce. */
enum { NONCE_BYTES = 18 };

void scram_client_free(struct scram_client *s)
{
	buf_free(&s->header);
	buf_free(&s->first);
	buf_free(&s->expected);
}

static int nonsense(const char *what, struct fault *why)
{
	return fault_set(why, FAULT_PROTOCOL, "SCRAM: the server's %s is none", what);
}

/* saslname = 1*(value-safe-char / "=2C" / "=3D"), prepared by SASLprep (RFC 4013). */
static int add_user(const struct scram_client *s, struct buf *out, struct fault *why)
{
	char *prepared = NULL;

	if (gsasl_saslprep(s->user, GSASL_ALLOW_UNASSIGNED, &prepared, NULL) != GSASL_OK)
		return fault_set(why, FAULT_CONFIG,
			"the user holds characters that SASLprep (RFC 4013) forbids");
	for (const char *p = prepared; *p; p++) {
		if (*p == ',')
			buf_add_text(out, "=2C");
		else if (*p == '=')
			buf_add_text(out, "=3D");
		else
			buf_add_byte(out, *p);
	}
	gsasl_free(prepared);
	return 0;
}

/*
 * client-first-message = gs2-header "n=" saslname ",r=" c-nonce
 * gs2-header = ("p=" cb-name / "n" / "y") ",,"
 */
static int speak_first(struct scram_client *s, struct buf *response, struct fault *why)
{
	char nonce[NONCE_BYTES];

	if (gsasl_nonce(nonce, sizeof(nonce)) != GSASL_OK)
		return fault_set(why, FAULT_TEMP, "SCRAM: there are no random bytes");
	if (s->bind)
		buf_addf(&s->header, "p=%s,,", s->binding->type);
	else
		buf_add_text(&s->header, s->binding ? "y,," : "n,,");
	buf_add_text(&s->first, "n=");
	if (add_user(s, &s->first, why) < 0)
		return -1;
	buf_add_text(&s->first, ",r=");
	s->nonce = s->first.len;
	word_base64_encode(slice_of(nonce, sizeof(nonce)), &s->first);
	buf_add_slice(response, buf_slice(&s->header));
	buf_add_slice(response, buf_slice(&s->first));
	return 0;
}

/* Takes "NAME=value" and the comma behind it; false when it does not stand there. */
static bool take(struct slice *in, char name, struct slice *value)
{
	if (in->len < 2 || in->ptr[0] != name || in->ptr[1] != '=')
		return false;
	slice_skip(in, 2);
	*value = slice_first(*in, 0);
	(void)slice_cut(in, ',', value);
	return true;
}

/* nonce: ours, and printable characters of the server's behind it. */
static int check_nonce(const struct scram_client *s, struct slice nonce, struct fault *why)
{
	struct slice ours = slice_from(buf_slice(&s->first), s->nonce);

	for (size_t i = 0; i < nonce.len; i++) {
		if (nonce.ptr[i] <= ' ' || nonce.ptr[i] >= 127)
			return nonsense("nonce", why);
	}
	if (nonce.len <= ours.len || !slice_equal(slice_first(nonce, ours.len), ours))
		return fault_set(why, FAULT_LOGIN, "SCRAM: the server answers with another nonce");
	return 0;
}

struct keys {
	const EVP_MD *hash;
	size_t len;
	unsigned char salted[HASH_MAX];
	unsigned char client[HASH_MAX];
	unsigned char stored[HASH_MAX];
	unsigned char server[HASH_MAX];
};

static bool hmac(const struct keys *k, const unsigned char *key, struct slice text,
	unsigned char *out)
{
	return HMAC(k->hash, key, (int)k->len, (const unsigned char *)text.ptr, text.len, out,
		       NULL) != NULL;
}

static int derive(const struct scram_client *s, struct slice salt, struct slice count,
	struct keys *k, struct fault *why)
{
	AUTO_FREE char *salt_text = slice_copy(salt);
	AUTO_FREE char *count_text = slice_copy(count);
	AUTO_BUF hex = { 0 };

	k->hash = s->sha256 ? EVP_sha256() : EVP_sha1();
	k->len = s->sha256 ? 32 : 20;
	if (scram_salted_password(s->sha256, s->password, salt_text, count_text, &hex, why) < 0)
		return -1;
	for (size_t i = 0; i < k->len; i++)
		k->salted[i] = (unsigned char)(slice_hex_digit(hex.ptr[2 * i]) << 4 |
			slice_hex_digit(hex.ptr[2 * i + 1]));
	explicit_bzero(hex.ptr, hex.len);
	if (!hmac(k, k->salted, SLICE("Client Key"), k->client) ||
		!hmac(k, k->salted, SLICE("Server Key"), k->server) ||
		EVP_Digest(k->client, k->len, k->stored, NULL, k->hash, NULL) != 1)
		return fault_set(why, FAULT_TEMP, "SCRAM: OpenSSL derives no key");
	return 0;
}

/* c=base64(gs2-header [cb-data]) */
static void add_channel(const struct scram_client *s, struct buf *out)
{
	AUTO_BUF input = { 0 };

	buf_add_slice(&input, buf_slice(&s->header));
	if (s->bind)
		buf_add(&input, s->binding->bytes, s->binding->len);
	buf_add_text(out, "c=");
	word_base64_encode(buf_slice(&input), out);
}

/* ClientProof and ServerSignature over AuthMessage (RFC 5802 section 3). */
static int sign(struct scram_client *s, const struct keys *k, const struct buf *message,
	struct buf *response, struct fault *why)
{
	unsigned char proof[HASH_MAX];
	unsigned char server[HASH_MAX];

	if (!hmac(k, k->stored, buf_slice(message), proof) ||
		!hmac(k, k->server, buf_slice(message), server))
		return fault_set(why, FAULT_TEMP, "SCRAM: OpenSSL signs nothing");
	for (size_t i = 0; i < k->len; i++)
		proof[i] ^= k->client[i];
	buf_add_text(response, ",p=");
	word_base64_encode(slice_of((char *)proof, k->len), response);
	buf_clear(&s->expected);
	word_base64_encode(slice_of((char *)server, k->len), &s->expected);
	return 0;
}

/*
 * server-first-message = "r=" nonce ",s=" salt ",i=" count ["," extensions], and what begins
 * with "m=" must not be understood. client-final-message = "c=" ... ",r=" nonce ",p=" proof
 */
static int speak_last(struct scram_client *s, struct slice challenge, struct buf *response,
	struct fault *why)
{
	struct slice rest = challenge;
	struct slice nonce, salt, count;
	AUTO_BUF message = { 0 };
	struct keys keys;
	int result;

	if (!take(&rest, 'r', &nonce) || !take(&rest, 's', &salt) || !take(&rest, 'i', &count))
		return nonsense("challenge", why);
	if (check_nonce(s, nonce, why) < 0)
		return -1;
	add_channel(s, response);
	buf_add_text(response, ",r=");
	buf_add_slice(response, nonce);
	buf_add_slice(&message, buf_slice(&s->first));
	buf_add_byte(&message, ',');
	buf_add_slice(&message, challenge);
	buf_add_byte(&message, ',');
	buf_add_slice(&message, buf_slice(response));
	result = derive(s, salt, count, &keys, why);
	if (result == 0)
		result = sign(s, &keys, &message, response, why);
	explicit_bzero(&keys, sizeof(keys));
	return result;
}

/* server-final-message = ("e=" error / "v=" base64) ["," extensions] */
static int hear_last(const struct scram_client *s, struct slice challenge, struct fault *why)
{
	AUTO_BUF shown = { 0 };
	struct slice value;

	if (take(&challenge, 'e', &value)) {
		say_visible(&shown, slice_first(value, 100));
		return fault_set(why, FAULT_LOGIN, "SCRAM: the server refuses: %s",
			buf_text(&shown));
	}
	if (!take(&challenge, 'v', &value))
		return nonsense("last word", why);
	if (value.len != s->expected.len ||
		CRYPTO_memcmp(value.ptr, s->expected.ptr, value.len) != 0)
		return fault_set(why, FAULT_LOGIN,
			"SCRAM: the server does not prove that it knows the password");
	return 1;
}

int scram_client_step(struct scram_client *s, struct slice challenge, struct buf *response,
	struct fault *why)
{
	switch (s->steps++) {
	case 0:
		return speak_first(s, response, why);
	case 1:
		return speak_last(s, challenge, response, why);
	case 2:
		return hear_last(s, challenge, why);
	default:
		/* After its last word nothing more may be asked; an empty word is a courtesy. */
		return challenge.len == 0 ? 1 : fault_set(why, FAULT_PROTOCOL,
			"the server asks more than SCRAM has");
	}
}
