/*
 * A DNS answer of any bytes: bounded many records, each with a host that can stand in a
 * configuration, in an order that has them all.
 *
 * SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "common/net/srv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t dice;

static uint32_t roll(uint32_t limit)
{
	dice = dice * 1103515245 + 12345;
	return dice % limit;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_SRV_LIST list = { 0 };
	struct fault why;
	size_t count;

	dice = (uint32_t)size;
	if (srv_parse(slice_of(data, size), &list, &why) < 0 && why.kind != FAULT_PROTOCOL)
		abort();
	count = list.count;
	srv_order(&list, roll);
	if (list.count != count || count > 50)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (!srv_is_host(list.at[i].target) || list.at[i].port == 0)
			abort();
		if (i > 0 && list.at[i].priority < list.at[i - 1].priority)
			abort();
	}
	return 0;
}
