/*
 * Behind the commit point: files into their places, and the places made durable.
 *
 * What cannot be placed is left to recovery, which knows its intent. What was placed where
 * the sync failed is taken back, after its intent was opened again.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_PLACE_H
#define DELIVER_PLACE_H

#include "deliver/run.h"

/* All entries of the batch that are secured; their parts and units tell how it went. */
void place_batch(struct run *r);

#endif
