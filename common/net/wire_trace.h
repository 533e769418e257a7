/*
 * What goes over the wires, line by line, for those who look for a fault: --trace.
 *
 * Secrets never come here: whoever puts one on a wire says so before (wire_hide), and until he
 * takes it back only the length of each line is told, and whether the server agreed. Bodies
 * are told by their size.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_NET_WIRE_TRACE_H
#define COMMON_NET_WIRE_TRACE_H

#include <stdbool.h>

#include "common/base/slice.h"

/*
 * Once, before any wire is opened: lines go to this descriptor, one write each, as threads
 * share it. It is borrowed. Without this call there is no trace, and nothing it costs.
 */
void wire_trace_to(int fd);

struct wire_trace;

/* For one wire, `name` "host:port" (copied); NULL when nobody traces. All take NULL. */
struct wire_trace *wire_trace_new(const char *name);
void wire_trace_free(struct wire_trace *t);

/* Bytes as they are queued and as they come, cut anywhere. */
void wire_trace_sent(struct wire_trace *t, struct slice bytes);
void wire_trace_heard(struct wire_trace *t, struct slice bytes);

void wire_trace_hide(struct wire_trace *t, bool hide);

#endif
