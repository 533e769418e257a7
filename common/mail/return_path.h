/*
 * RFC 5321 section 4.4: the envelope sender as the final delivery wrote it down.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_MAIL_RETURN_PATH_H
#define COMMON_MAIL_RETURN_PATH_H

#include "common/base/buf.h"

/*
 * The topmost Return-Path of a header, without <>, replaces *out. "<>" is the null sender,
 * and so is what may not stand in an envelope: anybody writes this field, and nobody behind
 * a broken one can be told anything. False: there is no such field; *out is empty.
 */
bool return_path_read(struct slice header, struct buf *out);

#endif
