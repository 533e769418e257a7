/*
 * One rule file on disk: read and compiled.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_RULE_FILE_H
#define FILTER_RULE_FILE_H

#include "filter/script.h"

bool rule_file_is_there(const char *path);

/*
 * Never fails: what cannot be read is a problem of the script like any other. `listed`: the
 * user did not name this file, so a FIFO or a device must not stop us.
 */
struct script *rule_file_compile(const char *path, bool listed);

#endif
