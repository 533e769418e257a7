/*
 * address (RFC 5228 section 5.1): the addresses in a field, or a part of each.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/language/complaint.h"
#include "filter/keys.h"
#include "filter/tests/fields.h"
#include "filter/tests/test.h"
#include "filter/tests/values.h"

/* Fields that hold addresses: the test MUST be restricted to such. */
static const char *const fields[] = { "from", "to", "cc", "bcc", "sender", "reply-to",
	"resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender",
	"resent-reply-to", "return-path", "delivered-to", "envelope-to", "envelope-from",
	"x-envelope-to", "x-envelope-from", "x-original-to", "x-delivered-to",
	"x-original-from", "x-forwarded-to", "x-forwarded-for", "apparently-to", "errors-to",
	"mail-followup-to", "mail-reply-to", "disposition-notification-to",
	"return-receipt-to", "original-recipient", "final-recipient", "author", "approved",
	"x-beenthere", "x-loop", NULL };

/* RFC 5322 section 3.6.8: ftext = %d33-57 / %d59-126 */
static bool is_field_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == ':')
			return false;
	}
	return name.len > 0;
}

static bool holds_addresses(struct slice name)
{
	for (size_t i = 0; fields[i]; i++) {
		if (slice_is_case(name, fields[i]))
			return true;
	}
	/* What is no name of a field matches none, and is no error (section 2.4.2.2). */
	return !is_field_name(name);
}

/* With :mime any field is read as if it held some (RFC 5703 section 4.2: Content-From). */
static int check_address(struct checker *checker, struct node *node)
{
	if (node->mime)
		return 0;
	for (size_t i = 0; i < node->strings[0].count; i++) {
		const struct template *name = &node->strings[0].at[i];

		if (name->constant && !holds_addresses(name->text))
			return checker_complain_at(checker, name,
				"\"%.*s\" is no field of addresses, expected From, To, ...; or "
					"the test \"header\"",
				SLICE_ARG(slice_first(name->text, 40)));
	}
	return 0;
}

static int try_value(void *context, struct slice value)
{
	return keys_try(context, value);
}

static int try_field(struct message *message, size_t field, void *context)
{
	struct keys *keys = context;
	struct value_spec spec =
		values_wanted(keys->node, keys->run->settings->recipient_delimiter);
	bool cut;
	int got = values_of_field(message, field, &spec, try_value, keys, &cut);

	if (got == 0 && cut)
		return run_fail(keys->run, "a field holds more than %d addresses", ADDRESS_MAX);
	return got;
}

/* Those with variables, too, name fields of addresses. */
static int check_names(struct run *run, const struct template_list *names)
{
	AUTO_BUF room = { 0 };
	struct slice name;

	for (size_t i = 0; i < names->count; i++) {
		if (names->at[i].constant)
			continue;
		if (run_expand(run, &names->at[i], &room, &name) < 0)
			return -1;
		if (!holds_addresses(name))
			return run_fail(run, "\"%.*s\" is no field of addresses",
				SLICE_ARG(slice_first(name, 40)));
	}
	return 0;
}

static int test_addresses(struct run *run, const struct node *node)
{
	const struct template_list *names = &node->strings[0];
	AUTO_KEYS keys = { 0 };
	int got;

	if ((!node->mime && check_names(run, names) < 0) ||
		keys_start(&keys, run, node, &node->strings[1]) < 0)
		return -1;
	got = fields_each(run, node, names, try_field, &keys);
	return got != 0 ? got : keys_finish(&keys);
}

const struct word test_address = {
	.name = "address",
	.uses = USES_MATCH | USES_LIST | USES_PART | USES_INDEX | USES_MIME,
	.positions = "SS",
	.check = check_address,
	.test = test_addresses,
};
