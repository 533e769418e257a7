/*
 * Functions that invite overruns, hidden state or a shell: they do not compile here.
 * Included before every file by the build.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_BANNED_H
#define COMMON_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef MAILRAIL_ALLOW_BANNED
/* With clang and _FORTIFY_SOURCE the C library has these two as macros. */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison strtok atoi atol atoll tmpnam mktemp tempnam
#pragma GCC poison system popen gmtime localtime ctime asctime
#endif

#endif
