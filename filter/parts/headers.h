/*
 * The header of a part as rules see it: fields by name, values decoded once.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PARTS_HEADERS_H
#define FILTER_PARTS_HEADERS_H

#include "filter/parts/parts.h"

/*
 * The part as a message of which only the fields may be asked for; part 0 is `message`
 * itself. Valid until the next call: headers of many parts are not held together. At most
 * MESSAGE_HEADER_MAX of it is seen. NULL with FAULT_TEMP when the spool cannot be read.
 */
struct message *headers_of(struct message *message, size_t part, struct fault *why);

#endif
