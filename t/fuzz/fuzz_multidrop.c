/*
 * fetch/hand/multidrop, digest: whatever a header holds, each recipient may stand in an
 * envelope, and the digest is the same however the message is cut.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/mail/address.h"
#include "fetch/hand/digest.h"
#include "fetch/hand/multidrop.h"

static void must(bool right)
{
	if (!right)
		abort();
}

static void take(struct slice header)
{
	static char field[] = "To";
	static char strip[] = "x-";
	static char domain[] = "x";
	static char *domains[] = { domain, NULL };
	static const struct multidrop named = { .field = field, .count = 1, .strip = strip };
	static const struct multidrop guessed = { .field = strip, .count = 1, .guess = true,
		.domains = { .at = domains, .count = 1 } };
	const struct multidrop *const all[] = { &named, &guessed };

	for (size_t i = 0; i < 2; i++) {
		AUTO_FRAME frame = { 0 };
		struct fault why = { 0 };

		if (multidrop_take(all[i], header, &frame, &why) < 0) {
			must(why.kind == FAULT_TEMP && why.text[0]);
			continue;
		}
		must(frame.rcpt_to.count > 0 && frame.rcpt_to.count <= MULTIDROP_RECIPIENTS_MAX);
		for (size_t k = 0; k < frame.rcpt_to.count; k++)
			must(address_check_envelope(slice_text(frame.rcpt_to.at[k]), NULL) == 0);
		if (frame.mail_from.len)
			must(address_check_envelope(buf_slice(&frame.mail_from), NULL) == 0);
	}
}

static uint64_t digest(struct slice message, size_t cut)
{
	struct digest d = { 0 };
	uint64_t value;

	digest_bytes(&d, slice_first(message, cut));
	digest_bytes(&d, slice_from(message, cut));
	value = digest_end(&d);
	digest_free(&d);
	return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice message = slice_of(size ? (const void *)data : "", size);

	take(message);
	must(digest(message, size ? data[0] % size : 0) == digest(message, size));
	must(digest(message, size) == digest_of_header(message));
	return 0;
}
