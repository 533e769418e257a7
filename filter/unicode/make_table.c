/*
 * Writes casemap_table.c when mailrail is built: what RFC 5051 makes of each character, by
 * libunistring's copy of UnicodeData.txt. The programs then need neither the library nor
 * any work at their start.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdio.h>
#include <unicase.h>
#include <uninorm.h>

enum { CHARACTER_MAX = 0x10ffff, HANGUL_FIRST = 0xac00, HANGUL_LAST = 0xd7a3 };

static unsigned text_count;
static unsigned row_count;
static FILE *rows;

static void put_byte(uint32_t byte)
{
	printf("%s0x%02x,", text_count % 16 == 0 ? "\n\t" : " ", byte & 0xff);
	text_count++;
}

static void put_utf8(uint32_t c)
{
	if (c < 0x80) {
		put_byte(c);
	} else if (c < 0x800) {
		put_byte(0xc0 | c >> 6);
		put_byte(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		put_byte(0xe0 | c >> 12);
		put_byte(0x80 | (c >> 6 & 0x3f));
		put_byte(0x80 | (c & 0x3f));
	} else {
		put_byte(0xf0 | c >> 18);
		put_byte(0x80 | (c >> 12 & 0x3f));
		put_byte(0x80 | (c >> 6 & 0x3f));
		put_byte(0x80 | (c & 0x3f));
	}
}

/* Section 2, step (2)(b): recursively, in the order as it stands. */
static void decompose(uint32_t c)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	int tag;
	int count = uc_decomposition(c, &tag, parts);

	if (count <= 0)
		put_utf8(c);
	for (int i = 0; i < count; i++)
		decompose(parts[i]);
}

/* Hangul syllables are reckoned, in casemap.c: eleven thousand rows less. */
static int stays(uint32_t c)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	int tag;

	return (c >= 0xd800 && c <= 0xdfff) || (c >= HANGUL_FIRST && c <= HANGUL_LAST) ||
		(uc_totitle(c) == c && uc_decomposition(c, &tag, parts) <= 0);
}

/* The rows are kept aside until the bytes that they point to are out. */
int main(void)
{
	int c;

	rows = tmpfile();
	if (!rows)
		return 1;
	printf("/* Made by make_table.c. SPDX-License-Identifier: ISC */\n"
	       "#include \"filter/unicode/casemap_table.h\"\n\n"
	       "const unsigned char casemap_bytes[] = {");
	for (uint32_t from = 0x80; from <= CHARACTER_MAX; from++) {
		unsigned at = text_count;

		if (stays(from))
			continue;
		decompose(uc_totitle(from));
		fprintf(rows, "\t{ 0x%04x, %u, %u },\n", from, at, text_count - at);
		row_count++;
	}
	printf("\n};\n\nconst struct casemap_row casemap_rows[] = {\n");
	rewind(rows);
	while ((c = getc(rows)) != EOF)
		putchar(c);
	printf("};\n\nconst unsigned casemap_row_count = %u;\n", row_count);
	return ferror(rows) || fclose(rows) != 0 || fflush(stdout) != 0;
}
