/*
 * The table that make_table.c writes, for casemap.c.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_UNICODE_CASEMAP_TABLE_H
#define FILTER_UNICODE_CASEMAP_TABLE_H

#include <stdint.h>

/* A character beyond ASCII that does not stay itself, and its UTF-8 in casemap_bytes. */
struct casemap_row {
	uint32_t from;
	uint32_t at;
	uint32_t len;
};

extern const unsigned char casemap_bytes[];
extern const struct casemap_row casemap_rows[]; /* by `from` */
extern const unsigned casemap_row_count;

#endif
