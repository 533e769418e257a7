/*
 * mr-deliver doctor: is the ledger sound, and if not, what a person can do.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_DOCTOR_H
#define DELIVER_DOCTOR_H

#include "common/base/fault.h"

/* argv[0] is the verb. Changes nothing. */
int doctor_main(int argc, char **argv, struct fault *why);

#endif
