/*
 * mr-fetch state export, state import: what is remembered, from one machine to another.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_CARRY_H
#define FETCH_VERBS_CARRY_H

#include "fetch/account.h"

/* Writes what is remembered of these accounts to stdout (state_line.h). The exit status. */
int export_state(const struct accounts *accounts);

/*
 * Reads such lines from stdin into the ledger, all or nothing. What is there already stays
 * as it is; a folder that is numbered otherwise is left alone, with one line. No run of
 * `accounts` may be at work. The exit status.
 */
int import_state(const struct accounts *accounts);

#endif
