/*
 * The states of a message: see versions.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/edit/versions.h"

void versions_start(struct versions *v, struct message *original)
{
	*v = (struct versions){ .original = original };
}

void version_free(struct version *one)
{
	if (!one)
		return;
	message_close(&one->message);
	buf_free(&one->header);
	spool_free(&one->spool);
	free(one);
}

void versions_free(struct versions *v)
{
	for (size_t i = 0; i < v->count; i++)
		version_free(v->list[i]);
	free(v->list);
	*v = (struct versions){ 0 };
}

struct message *versions_message(const struct versions *v, unsigned number)
{
	return number == 0 ? v->original : &v->list[number - 1]->message;
}

const struct spool *versions_body(const struct versions *v, unsigned number)
{
	const struct message *m = versions_message(v, number);

	return number == 0 || m->spool == v->original->spool ? NULL : m->spool;
}

unsigned versions_plain(const struct versions *v)
{
	const struct version *now = v->current > 0 ? v->list[v->current - 1] : NULL;

	return now && now->enclosed ? now->plain : v->current;
}
