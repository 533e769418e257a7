/*
 * mr-deliver doctor: see doctor.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "deliver/doctor.h"

#include <stdio.h>

#include "common/base/options.h"
#include "common/base/paths.h"
#include "common/mail/ledger/delivery.h"

static void print_advice(const char *state)
{
	printf("No mail is lost: what is fetched stays at its server until this is mended.\n"
	       "Either bring %s/ledger.db back from a backup (with its -wal file, if there is\n"
	       "one), or begin a new ledger by moving away, while no mailrail program runs:\n"
	       "    %s/ledger.db*\n"
	       "    %s/run/ledger.made\n"
	       "Mail that is still at its server and was stored before is then stored again.\n",
		state, state, state);
}

static int examine(const char *state, struct fault *why)
{
	AUTO_LEDGER *ledger = NULL;
	struct ledger_health health = { 0 };

	if (ledger_open(state, LEDGER_READ, &ledger, why) < 0)
		return -1;
	if (!ledger) {
		printf("There is no ledger yet in %s.\n", state);
		return 0;
	}
	if (ledger_examine(ledger, &health, why) < 0)
		return -1;
	printf("%s is sound: %lld messages done, %lld actions pending, %lld to be done again\n",
		ledger_path(ledger), (long long)health.done, (long long)health.pending,
		(long long)health.open);
	return 0;
}

int doctor_main(int argc, char **argv, struct fault *why)
{
	bool help = false;
	const struct option_row rows[] = {
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
		OPTION_END,
	};
	AUTO_FREE char *state = NULL;

	if (options_take(rows, &argc, &argv, why) < 0)
		return -1;
	if (help) {
		options_help("mr-deliver doctor", rows);
		return 0;
	}
	if (argc > 0)
		return fault_set(why, FAULT_USAGE, "doctor takes no argument: %s", argv[0]);
	state = paths_state(why);
	if (!state)
		return -1;
	if (examine(state, why) == 0)
		return 0;
	if (why->kind == FAULT_TEMP)
		print_advice(state);
	return -1;
}
