/*
 * An action on one line: the form that explain prints for programs, and that stays
 * (mr-filter(1), "The plain form").
 *
 *	line   = name [ SP target ] *( SP argument ) *( SP word [ SP value ] ) " # " rule
 *	name   = "implicit-keep" / the name of an action
 *	target, argument, rule's strings and values are quoted: \" \\ \n \r \t \xHH
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_VERBS_PLAIN_H
#define FILTER_VERBS_PLAIN_H

#include "common/mail/action.h"

/* A keep that no rule asked for, or that stands in place of a rule that failed. */
bool plain_is_implicit(const struct action *a);

/* Adds the action without its rule. */
void plain_put(struct buf *out, const struct action *a);

/* The line without " # RULE" and blanks at its end. */
struct slice plain_action(struct slice line);

#endif
