/*
 * Fingerprints as texts: see pin.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/pin.h"

#include "common/base/say.h"
#include "common/net/sasl.h"

static const char key_word[] = "sha256:";
static const char certificate_word[] = "cert-sha256:";

/* hex = 32( [":"] 2HEXDIG ), no colon in front. */
static bool read_hex(struct slice text, unsigned char *out)
{
	for (size_t i = 0; i < PIN_BYTES; i++) {
		int high, low;

		if (i > 0 && text.len > 0 && text.ptr[0] == ':')
			slice_skip(&text, 1);
		if (text.len < 2)
			return false;
		high = slice_hex_digit(text.ptr[0]);
		low = slice_hex_digit(text.ptr[1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
		slice_skip(&text, 2);
	}
	return text.len == 0;
}

static bool read_base64(struct slice text, unsigned char *out)
{
	AUTO_BUF bytes = { 0 };

	if (text.len != 44 || !sasl_decode(text, &bytes) || bytes.len != PIN_BYTES)
		return false;
	memcpy(out, bytes.ptr, PIN_BYTES);
	return true;
}

bool pin_read(struct slice text, struct pin *out)
{
	text = slice_trim(text);
	out->certificate = slice_starts_case(text, certificate_word);
	if (out->certificate)
		return read_hex(slice_from(text, strlen(certificate_word)), out->digest);
	if (!slice_starts_case(text, key_word))
		return false;
	text = slice_from(text, strlen(key_word));
	return read_hex(text, out->digest) || read_base64(text, out->digest);
}

void pin_write(const struct pin *pin, struct buf *out)
{
	buf_add_text(out, pin->certificate ? certificate_word : key_word);
	if (!pin->certificate) {
		sasl_encode((struct slice){ (const char *)pin->digest, PIN_BYTES }, out);
		return;
	}
	for (size_t i = 0; i < PIN_BYTES; i++)
		buf_addf(out, "%02x", pin->digest[i]);
}

int pins_check(const struct strings *list, struct fault *why)
{
	AUTO_BUF shown = { 0 };
	struct pin pin;

	for (size_t i = 0; i < list->count; i++) {
		if (pin_read(slice_text(list->at[i]), &pin))
			continue;
		say_visible(&shown, slice_first(slice_text(list->at[i]), 100));
		return fault_set(why, FAULT_CONFIG, "pins: \"%s\" is no fingerprint: it must be "
			"\"sha256:\" and 44 characters of base64 or 64 hex digits, or "
			"\"cert-sha256:\" and 64 hex digits", buf_text(&shown));
	}
	return 0;
}

bool pins_match(const struct strings *list, const struct pin *key,
	const struct pin *certificate)
{
	struct pin pin;

	for (size_t i = 0; i < list->count; i++) {
		if (pin_read(slice_text(list->at[i]), &pin) &&
			memcmp(pin.digest, pin.certificate ? certificate->digest : key->digest,
				PIN_BYTES) == 0)
			return true;
	}
	return false;
}
