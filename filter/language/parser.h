/*
 * RFC 5228 section 8.2: the grammar of Sieve.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_LANGUAGE_PARSER_H
#define FILTER_LANGUAGE_PARSER_H

#include "filter/language/script.h"

/*
 * Fills script->commands from script->source. Mistakes go to script->problems; parsing goes
 * on behind the next semicolon or block, so that several can be told at once.
 */
void parser_parse(struct script *script);

#endif
