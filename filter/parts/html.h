/*
 * HTML to the text that a reader would see of it: tags, comments, scripts and style sheets
 * go, character references become characters, white space becomes one blank.
 *
 * A push reader that refuses nothing and holds some bytes: where its input is cut makes no
 * difference. Tags are read as browsers read them (the tokenizer of HTML, section 13.2.5),
 * so that what one shows is what rules see. Tags within a line (<b>, <span>, ...) leave
 * nothing behind, which joins a word that they split; all others part what stands before
 * and behind them by a line end. Input and output are UTF-8.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_PARTS_HTML_H
#define FILTER_PARTS_HTML_H

#include "common/base/buf.h"

/* LIMIT: letters of a tag's name and of a character reference; longer ones are unknown. */
enum { HTML_NAME_MAX = 15 };

/* All zero at the begin. */
struct html {
	int state;
	int gap;    /* what is owed before the next character: 0, a blank or a line end */
	bool begun; /* some text was given out */
	char quote;
	bool closing; /* the tag begins with "/" */
	size_t len;   /* of name */
	char name[HTML_NAME_MAX + 1]; /* of the tag, or the reference so far */
	char skipped[HTML_NAME_MAX + 1]; /* "script": all up to its end tag goes */
	int dashes;   /* at the end of what came of a comment */
};

/* Adds text. */
void html_feed(struct html *h, struct slice bytes, struct buf *out);
void html_finish(struct html *h, struct buf *out);

#endif
