/*
 * What the commands that fill the action list have in common.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_COMMANDS_ACTION_COMMON_H
#define FILTER_COMMANDS_ACTION_COMMON_H

#include "filter/language/complaint.h"
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

/* A special use (RFC 6154) is one: 0, -1 and a problem; not looked at with variables in it. */
int action_check_use(struct checker *checker, const struct template *use);

/* Fills special_use of the action; -1 when it is none. */
int action_take_use(struct run *run, const struct template *use, struct action *action);

/*
 * Puts it on the list: its rule, what it may not stand beside, the limits; the action is
 * taken or freed.
 */
int action_file(struct run *run, struct action *action);

#endif
