/*
 * The test program, for those that weigh its exit status.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_COMMANDS_PROGRAM_H
#define FILTER_COMMANDS_PROGRAM_H

#include "filter/evaluate.h"

/* Runs it. 0 and the status, whatever :exit says; -1: the script fails. */
int program_status(struct run *run, const struct node *node, int *status);

#endif
