/*
 * What the commands that fill the action list have in common.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_COMMANDS_ACTION_COMMON_H
#define FILTER_COMMANDS_ACTION_COMMON_H

#include "filter/evaluate.h"

/*
 * RFC 5232 section 5: the flags of a keep or fileinto: those of :flags, the node's tag
 * `row`, else the internal variable.
 */
int action_flags(struct run *run, const struct node *node, unsigned row, struct action *out);

/* -1 when nothing of that kind may be done beside what was decided before. */
int action_allowed(struct run *run, enum action_kind kind);

/* Why this cannot name a folder, or NULL. Whether one is legal in its mailbox mr-deliver knows. */
const char *action_wrong_folder(struct slice name);

/*
 * Puts it on the list: its rule, what it may not stand beside, the limits; the action is
 * taken or freed.
 */
int action_file(struct run *run, struct action *action);

#endif
