/*
 * The costly half of SCRAM: see scram.h. OpenSSL does in a millisecond what takes libgsasl's
 * own hash five.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/scram.h"

#include <gsasl.h>
#include <openssl/evp.h>

#include "common/mail/word.h"

/* LIMIT: RFC 5802 gives none; servers take 16 to 64 bytes. */
enum { SALT_MAX = 1024 };

static int derive(bool sha256, const char *password, const char *salt, unsigned iterations,
	struct buf *out, struct fault *why)
{
	unsigned char key[EVP_MAX_MD_SIZE];
	const EVP_MD *hash = sha256 ? EVP_sha256() : EVP_sha1();
	int len = sha256 ? 32 : 20;
	AUTO_BUF bytes = { 0 };

	if (!word_base64_decode(slice_text(salt), &bytes) || bytes.len == 0 ||
		bytes.len > SALT_MAX)
		return fault_set(why, FAULT_PROTOCOL, "the server's salt for SCRAM is none");
	if (PKCS5_PBKDF2_HMAC(password, (int)strlen(password), (unsigned char *)bytes.ptr,
		    (int)bytes.len, (int)iterations, hash, len, key) != 1)
		return fault_set(why, FAULT_TEMP, "SCRAM: OpenSSL derives no key");
	/* Once: growing would leave a copy behind. */
	buf_reserve(out, 2 * (size_t)len);
	for (int i = 0; i < len; i++)
		buf_addf(out, "%02x", key[i]);
	explicit_bzero(key, sizeof(key));
	return 0;
}

int scram_salted_password(bool sha256, const char *password, const char *salt,
	const char *iterations, struct buf *out, struct fault *why)
{
	char *prepared = NULL;
	uint64_t count = 0;
	int result;

	if (!slice_number(slice_text(iterations), &count) || count == 0)
		return fault_set(why, FAULT_PROTOCOL, "the server's count for SCRAM is none");
	if (count > SCRAM_ITERATIONS_MAX)
		return fault_set(why, FAULT_PROTOCOL, "the server wants %llu iterations of SCRAM, "
			"more than %d", (unsigned long long)count, SCRAM_ITERATIONS_MAX);
	if (gsasl_saslprep(password, 0, &prepared, NULL) != GSASL_OK)
		return fault_set(why, FAULT_CONFIG,
			"the password holds characters that SASLprep (RFC 4013) forbids");
	result = derive(sha256, prepared, salt, (unsigned)count, out, why);
	explicit_bzero(prepared, strlen(prepared));
	gsasl_free(prepared);
	return result;
}
