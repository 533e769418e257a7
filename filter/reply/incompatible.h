/*
 * What may not be done to one message together: RFC 5429 section 2.4, RFC 5230 section 4.7.
 *
 * A message is refused or it is delivered, never both: whoever hears of a refusal believes
 * that nobody has the message.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_REPLY_INCOMPATIBLE_H
#define FILTER_REPLY_INCOMPATIBLE_H

#include "filter/outcome.h"

/*
 * Why an action of that kind may not be added to what this file has decided (`own`) and the
 * files before it have, or NULL. A keep of theirs is only as good as an implicit one.
 */
const char *incompatible_with(const struct outcome *before, const struct outcome *own,
	enum action_kind kind);

#endif
