/*
 * One rule file on disk: read and compiled.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_RULE_FILE_H
#define FILTER_LANGUAGE_RULE_FILE_H

#include "filter/language/script.h"

bool rule_file_is_there(const char *path);

/* Who wants it read: --rules FILE, --rules FOLDER that it is in, or the configuration. */
enum rule_file_origin { RULE_FILE_NAMED, RULE_FILE_LISTED, RULE_FILE_CONFIGURED };

/*
 * Never fails: what cannot be read is a problem of the script like any other. Unless it was
 * named itself it must be a regular file: no FIFO or device may stop us. What is there by the
 * configuration only is refused if everybody may write it or the folder that it is in, or
 * somebody other than us and root owns one of them.
 */
struct script *rule_file_compile(const char *path, enum rule_file_origin origin);

#endif
