/*
 * The values that address and envelope compare (RFC 5228 sections 5.1, 5.4).
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_TESTS_VALUES_H
#define FILTER_TESTS_VALUES_H

#include "filter/message.h"
#include "filter/language/script.h"

struct value_spec {
	enum address_part part;
	const char *delimiters; /* RFC 5233; may be NULL */
	bool addresses_only;    /* :count: what is no address is no value */
};

/*
 * What the test compares. :count is of addresses, whatever part of them is asked for (RFC
 * 5231 section 4.2: "the number of mailbox elements").
 */
struct value_spec values_wanted(const struct node *node, const char *delimiters);

/* One value; what is not 0 ends the walk. */
typedef int value_visit(void *context, struct slice value);

/*
 * The addresses of a field. What is no address at all is a value as a whole, with :all only
 * (section 2.7.4 forbids it for the parts). Returns what the last visit did; *cut: there
 * are more addresses than were looked at.
 */
int values_of_field(struct message *m, size_t field, const struct value_spec *spec,
	value_visit *visit, void *context, bool *cut);

/* "from", "to", "orig_to", "auth", in any case. */
bool values_envelope_part(struct slice name);

/*
 * MAIL FROM, each RCPT TO, what a recipient was before it was rewritten, or the name under
 * which the sender logged in (":all" of it is the name as it stands). The null sender is the
 * empty text whatever the part of the address; :count leaves it out.
 */
int values_of_envelope(struct message *m, struct slice name, const struct value_spec *spec,
	value_visit *visit, void *context);

#endif
