/*
 * What goes out: see outlet.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/mail/outlet.h"

#include "common/base/io.h"

void outlet_drop(struct outlet *o)
{
	buf_free(&o->pending);
}

int outlet_flush(struct outlet *o, struct fault *why)
{
	int result = 0;

	if (o->fd >= 0 && o->pending.len > 0)
		result = io_write_all(o->fd, o->pending.ptr, o->pending.len, o->name, why);
	buf_clear(&o->pending);
	return result;
}

int outlet_spill(struct outlet *o, struct fault *why)
{
	return o->pending.len >= OUTLET_ROOM ? outlet_flush(o, why) : 0;
}

int outlet_pass(struct outlet *o, const struct stream_event *event, struct fault *why)
{
	stream_put_event(&o->pending, event);
	switch (event->kind) {
	case STREAM_PREAMBLE:
	case STREAM_FLUSH:
	case STREAM_DONE:
	case STREAM_ABORT:
		return outlet_flush(o, why);
	default:
		return outlet_spill(o, why);
	}
}
