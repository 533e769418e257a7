/*
 * SHA-256: see sha256.h. The names are those of FIPS 180-4 sections 4 to 6.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/sha256.h"

#include <stdint.h>

enum { BLOCK = 64, ROUNDS = 64, WORDS = 8 };

static const uint32_t constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void schedule(const unsigned char *block, uint32_t *w)
{
	for (size_t t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
			(uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (size_t t = 16; t < ROUNDS; t++) {
		uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;

		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}
}

/* v[0] to v[7] are a to h of section 6.2.2. */
static void take_block(uint32_t *hash, const unsigned char *block)
{
	uint32_t w[ROUNDS];
	uint32_t v[WORDS];

	schedule(block, w);
	for (size_t i = 0; i < WORDS; i++)
		v[i] = hash[i];
	for (size_t t = 0; t < ROUNDS; t++) {
		uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
		uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t t1 = v[7] + s1 + choice + constants[t] + w[t];
		uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
		uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

		for (size_t i = WORDS - 1; i > 0; i--)
			v[i] = v[i - 1];
		v[4] += t1;
		v[0] = t1 + s0 + majority;
	}
	for (size_t i = 0; i < WORDS; i++)
		hash[i] += v[i];
}

/* The rest, a bit 1, zeros, the length in bits: one block or two (section 5.1.1). */
static void take_last(uint32_t *hash, struct slice rest, uint64_t bits)
{
	unsigned char last[2 * BLOCK] = { 0 };
	size_t size = rest.len < BLOCK - 8 ? BLOCK : 2 * BLOCK;

	for (size_t i = 0; i < rest.len; i++)
		last[i] = (unsigned char)rest.ptr[i];
	last[rest.len] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[size - 1 - i] = (unsigned char)(bits >> (8 * i));
	take_block(hash, last);
	if (size > BLOCK)
		take_block(hash, last + BLOCK);
}

void sha256_put_hex(struct buf *out, struct slice bytes)
{
	uint32_t hash[WORDS] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
		0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	uint64_t bits = (uint64_t)bytes.len * 8;

	for (; bytes.len >= BLOCK; bytes = slice_from(bytes, BLOCK))
		take_block(hash, (const unsigned char *)bytes.ptr);
	take_last(hash, bytes, bits);
	for (size_t i = 0; i < WORDS; i++)
		buf_addf(out, "%08x", hash[i]);
}
