/*
 * mr-deliver log: what went where, and which rule said so.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_LOG_H
#define DELIVER_LOG_H

#include "common/base/fault.h"

/* argv behind the verb. */
int log_main(int argc, char **argv, struct fault *why);

#endif
