/*
 * mr-fetch folders: what folders there are, what they are for, and which are fetched.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_FOLDERS_H
#define FETCH_VERBS_FOLDERS_H

#include "fetch/account.h"

/* One line on stdout for each folder; the exit status, faults are said. */
int list_folders(const struct accounts *accounts);

#endif
