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

/* Puts it on the list: rule, limit of actions; the action is taken or freed. */
int action_file(struct run *run, struct action *action);

#endif
