/*
 * mr-deliver log: see log.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/log.h"

#include <stdio.h>

#include "common/base/options.h"
#include "common/base/paths.h"
#include "common/base/say.h"
#include "common/mail/date.h"
#include "common/mail/ledger/delivery.h"

/* One line per action: time, account and folder, what was done, the rule, the Message-ID. */
static void print_row(const struct log_row *row, void *context)
{
	AUTO_BUF line = { 0 };

	(void)context;
	date_put_stamp(&line, row->at);
	buf_add_text(&line, "  ");
	if (row->account.len > 0)
		say_visible(&line, row->account);
	else
		buf_add_byte(&line, '-');
	if (row->source.len > 0) {
		buf_add_byte(&line, '/');
		say_visible(&line, row->source);
	}
	buf_add_text(&line, "  ");
	say_visible(&line, row->kind);
	if (row->target.len > 0) {
		buf_add_text(&line, " \"");
		say_visible(&line, row->target);
		buf_add_byte(&line, '"');
	}
	buf_add_text(&line, "  ");
	say_visible(&line, row->rule.len > 0 ? row->rule : SLICE("-"));
	buf_add_text(&line, "  ");
	say_visible(&line, row->message_id.len > 0 ? row->message_id : SLICE("-"));
	if (row->note.len > 0) {
		buf_add_text(&line, "  (");
		say_visible(&line, row->note);
		buf_add_byte(&line, ')');
	}
	puts(buf_text(&line));
}

int log_main(int argc, char **argv, struct fault *why)
{
	const char *count = "20";
	bool help = false;
	const struct option_row rows[] = {
		{ .letter = 'n', .name = "lines", .argument = "NUMBER", .value = &count,
			.help = "the newest so many; 0: all (20)" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
		OPTION_END,
	};
	AUTO_FREE char *state = NULL;
	AUTO_LEDGER *ledger = NULL;
	uint64_t limit;

	if (options_take(rows, &argc, &argv, why) < 0)
		return -1;
	if (help) {
		options_help("mr-deliver log [-n NUMBER]", rows);
		return 0;
	}
	if (argc > 0)
		return fault_set(why, FAULT_USAGE, "log takes no argument: %s", argv[0]);
	if (!slice_number(slice_text(count), &limit) || limit > INT64_MAX)
		return fault_set(why, FAULT_USAGE, "-n: expected a number, not %s", count);
	state = paths_state(why);
	if (!state || ledger_open(state, LEDGER_READ, &ledger, why) < 0)
		return -1;
	if (!ledger)
		return 0;
	return ledger_log_read(ledger, 0, limit ? (int64_t)limit : INT64_MAX, print_row, NULL, why);
}
