/*
 * What a program says on stderr: one line per problem, nothing when all is well.
 *
 * Each line is "PROGRAM: TEXT", written in one write so that programs of one pipe do not
 * mix. Control characters (a server's or a message's) are shown as \xNN, never sent to
 * the terminal. Thread-safe.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_SAY_H
#define COMMON_BASE_SAY_H

#include <stdarg.h>
#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/fault.h"

/* Once, first thing in main: the name that stands before each line. */
void say_start(const char *program);
const char *say_program(void);

/* -v: progress lines, too. */
void say_verbose(bool on);

void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_detail(const char *format, ...) __attribute__((format(printf, 1, 2))); /* -v only */

/*
 * Lines that stand below all others on a terminal, until they are replaced: none takes them
 * away. They are short enough not to wrap, and nobody else ends one.
 */
void say_below(const struct strings *lines);

/* The text of a fault; returns its kind as exit status. */
int say_fault(const struct fault *why);

/* Adds the bytes with control characters as \xNN and LF, CR, TAB as \n, \r, \t. */
void say_visible(struct buf *out, struct slice bytes);

#endif
