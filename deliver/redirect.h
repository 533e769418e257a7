/*
 * Behind the commit point, when the files are in their places: what is redirected, and what
 * senders of rejected mail are told, is handed on (outgoing.h), all of a batch before the
 * answers are waited for.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef DELIVER_REDIRECT_H
#define DELIVER_REDIRECT_H

#include "deliver/run.h"

void redirect_batch(struct run *r);

#endif
