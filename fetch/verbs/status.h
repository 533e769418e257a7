/*
 * mr-fetch status: how the accounts are. Asks no server and changes nothing.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_STATUS_H
#define FETCH_VERBS_STATUS_H

#include "fetch/account.h"

/* For people, on stdout. The exit status: 0 when it could be told, whatever it is. */
int status_accounts(const struct accounts *accounts);

/*
 * As JSON: { "time", "accounts": [ { "name", "protocol", "host", "user", "state": "well",
 * "trouble" or "new", "running", "last-success", "trouble": { "status", "text", "since",
 * "told" }, "next-try", "waiting", "paused": [ { "folder", "message", "tries", "next-try" } ]
 * } ] }. Times are in UTC, RFC 3339; what is not known is null.
 */
int status_json(const struct accounts *accounts);

#endif
