/*
 * Who answers the questions of rules: the disk, or what the command line says.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FILTER_WORLD_H
#define FILTER_WORLD_H

#include "common/base/program.h"
#include "common/mail/deliver_settings.h"
#include "filter/duplicates.h"
#include "filter/questions.h"

struct world_answers {
	const struct config *config;   /* borrowed */
	const struct strings *folders; /* with any: these exist and no others; borrowed */
	bool told_only;                /* without any, too */
	const struct program_settings *programs; /* NULL: no program is run; borrowed */
	const struct strings *replay;  /* lines of a record that answers first; NULL; borrowed */
	struct duplicates duplicates;
	bool loaded;
	struct deliver_settings deliver;
	struct stores stores;
};

/* An answerer over it: the disk is looked at when the first rule asks. */
struct answerer world_answerer(struct world_answers *w);
void world_answers_free(struct world_answers *w);

#endif
