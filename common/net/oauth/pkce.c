/*
 * PKCE: see pkce.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/oauth/pkce.h"

#include <openssl/sha.h>

#include "common/base/stage.h"
#include "common/net/sasl.h"

void pkce_verifier(struct buf *out)
{
	stage_random_name(out, 64);
}

void pkce_challenge(struct slice verifier, struct buf *out)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	AUTO_BUF text = { 0 };

	SHA256((const unsigned char *)verifier.ptr, verifier.len, digest);
	sasl_encode(slice_of(digest, sizeof(digest)), &text);
	/* RFC 4648 section 5: another alphabet for 62 and 63, "=" left out. */
	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		char c = text.ptr[i];

		buf_add_byte(out, c == '+' ? '-' : c == '/' ? '_' : c);
	}
}
