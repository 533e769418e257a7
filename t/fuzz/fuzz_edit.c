/*
 * Messages that rules change: fixed scripts with every edit over any bytes. Whatever comes,
 * each state is read whole, in the length that it says, and begins with its header.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "filter/edit/variants.h"
#include "t/unit/sieve_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char first[] =
	"require [\"editheader\",\"variables\",\"fileinto\",\"copy\",\"mime\",\"foreverypart\","
	"\"replace\",\"enclose\",\"index\"];\n"
	"if header :matches \"Subject\" \"*\" { set \"s\" \"${1}\"; }\n"
	"fileinto :copy \"raw\";\n"
	"addheader \"X-Subject\" \"${s}\"; addheader :last \"X-Last\" \"a ${s} b\";\n"
	"deleteheader :index 2 :last \"A\"; deleteheader :contains \"B\" [\"b\", \"${s}\"];\n"
	"fileinto :copy \"edited\";\n"
	"foreverypart { if header :mime :type \"Content-Type\" \"text\" { replace \"${s}\n--b\"; } }\n"
	"fileinto :copy \"replaced\";\n";

static const char second[] =
	"require [\"editheader\",\"enclose\",\"replace\",\"copy\",\"foreverypart\",\"mime\"];\n"
	"enclose :headers [\"From\", \"A\"] \"text\"; redirect :copy \"a@b.org\";\n"
	"deleteheader \"A\"; if header :mime :anychild \"B\" \"c\" { replace :subject \"x\" \"y\"; }\n";

static void read_state(const struct message *m)
{
	AUTO_BUF bytes = { 0 };
	char room[512];
	struct fault why;
	size_t got;

	do {
		assert(message_read(m, bytes.len, room, sizeof(room), &got, &why) == 0);
		buf_add(&bytes, room, got);
	} while (got > 0);
	assert(bytes.len == m->size);
	assert(slice_equal(slice_first(buf_slice(&bytes), m->header.len), m->header));
	/* What is a header when rules make it is one when others read it. */
	if (!m->cut)
		assert(header_length(buf_slice(&bytes), true) == (ptrdiff_t)m->header.len);
}

static void read_states(const struct verdict *verdict)
{
	unsigned *numbers;
	size_t count = variants_list(verdict, &numbers);

	for (size_t k = 0; k < count; k++)
		read_state(versions_message(&verdict->versions, numbers[k]));
	free(numbers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ruleset set;
	struct gather_state gather = GATHER_NONE;
	struct questions questions = { .answerer = { .ask = sieve_case_ask } };
	struct filter_settings settings = { .limits = { .actions = 9, .redirects = 2 } };
	struct message message;
	struct world world = { .message = &message, .questions = &questions,
		.settings = &settings, .now = 1767225600 };
	AUTO_VERDICT verdict = { 0 };
	AUTO_FRAME frame = { 0 };
	struct fault why;

	if (set.count == 0) {
		sieve_case_add(&set, "1.sieve", slice_text(first));
		sieve_case_add(&set, "2.sieve", slice_text(second));
		assert(!ruleset_broken(&set));
	}
	gather.whole = true;
	assert(gather_add(&gather, slice_of(data, size), &why) == 0);
	gather_end(&gather);
	gather_message(&gather, &frame, &message);
	ruleset_decide(&set, &world, &verdict);
	read_states(&verdict);
	message_close(&message);
	questions_free(&questions);
	gather_free(&gather);
	return 0;
}
