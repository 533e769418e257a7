/*
 * The main job: what comes in goes into batches, and batches are closed in time.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_RECEIVE_H
#define DELIVER_RECEIVE_H

#include "common/mail/intake.h"
#include "deliver/run.h"

/*
 * Reads one input to its end. What was whole is stored whatever comes after it. -1: the
 * input or the run is broken; r->status has what single messages met.
 */
int receive(struct run *r, struct intake *in, struct fault *why);

#endif
