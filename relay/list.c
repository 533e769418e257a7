/*
 * The queue as people see it: see list.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "relay/list.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/io.h"
#include "common/base/say.h"
#include "common/mail/date.h"
#include "relay/pause.h"

static const char *const state_names[] = {
	[RECIPIENT_WAITING] = "waiting",
	[RECIPIENT_SENT] = "sent",
	[RECIPIENT_FAILED] = "failed",
	[RECIPIENT_BOUNCED] = "returned",
};

static void put_address(FILE *out, const char *address)
{
	AUTO_BUF shown = { 0 };

	say_visible(&shown, slice_text(address));
	fputs(shown.len > 0 ? buf_text(&shown) : "MAILER-DAEMON", out);
}

static void list_one(const struct entry *e, FILE *out)
{
	const struct envelope *envelope = &e->envelope;
	AUTO_BUF date = { 0 };

	date_put_from_line(&date, envelope->created);
	fprintf(out, "%s %8llu %s  ", e->id, (unsigned long long)envelope->size, buf_text(&date));
	put_address(out, envelope->sender);
	fputc('\n', out);
	for (size_t i = 0; i < envelope->count; i++) {
		const struct recipient *r = &envelope->at[i];

		if (r->state == RECIPIENT_SENT)
			continue;
		if (r->text)
			fprintf(out, "%18s(%s)\n", "", r->text);
		fprintf(out, "%52s", "");
		put_address(out, r->address);
		fputc('\n', out);
	}
	fputc('\n', out);
}

static int pick_name(const struct dirent *one)
{
	return one->d_name[0] != '.';
}

/* What is not in the list, but should be known: pauses, and what was set aside. */
static void list_notes(const struct queue *q, FILE *out)
{
	static const char *const folders[] = { "failed", "corrupt" };
	struct dirent **names = NULL;
	int count = scandirat(q->root, "hosts", &names, pick_name, NULL);

	for (int i = 0; i < count; i++) {
		AUTO_PAUSE p = { 0 };

		pause_read(q, names[i]->d_name, &p);
		if (p.tries > 0)
			fprintf(out, "%s (failures in a row: %u)\n", buf_text(&p.text), p.tries);
		free(names[i]);
	}
	free(names);
	for (size_t f = 0; f < 2; f++) {
		names = NULL;
		count = scandirat(q->root, folders[f], &names, pick_name, NULL);
		if (count > 0)
			fprintf(out, "%d set aside in %s/%s\n", count, q->path, folders[f]);
		for (int i = 0; i < count; i++)
			free(names[i]);
		free(names);
	}
}

int list_queue(const struct queue *q, FILE *out, struct fault *why)
{
	AUTO_STRINGS ids = { 0 };
	size_t count = 0;
	uint64_t bytes = 0;

	if (queue_list(q, &ids, NULL, why) < 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++) {
		AUTO_ENTRY e = ENTRY_NONE;
		struct fault reason;
		int got = queue_look(q, ids.at[i], &e, &reason);

		if (got < 0)
			say("%s", reason.text);
		if (got <= 0)
			continue;
		if (count++ == 0)
			fprintf(out, "-Queue ID------- --Size-- ---Arrival Time (UTC)--- "
				"-Sender/Recipient-------\n");
		bytes += e.envelope.size;
		list_one(&e, out);
	}
	if (count == 0)
		fprintf(out, "Mail queue is empty\n");
	else
		fprintf(out, "-- %llu Kbytes in %zu Request%s.\n",
			(unsigned long long)(bytes + 1023) / 1024, count, count == 1 ? "" : "s");
	list_notes(q, out);
	return 0;
}

static int unknown_id(const char *id, struct fault *why)
{
	return fault_set(why, FAULT_USAGE, "no message %.60s in the queue", id);
}

static int copy_content(int fd, const char *id, FILE *out, struct fault *why)
{
	char bytes[16384];
	ssize_t n;

	while ((n = io_read(fd, bytes, sizeof(bytes))) > 0) {
		if (fwrite(bytes, 1, (size_t)n, out) != (size_t)n)
			return fault_set(why, FAULT_TEMP, "write: %s", strerror(errno));
	}
	if (n < 0)
		return fault_set(why, FAULT_TEMP, "read content %s: %s", id, strerror(errno));
	return 0;
}

static void show_recipient(const struct recipient *r, FILE *out)
{
	fprintf(out, "to ");
	put_address(out, r->address);
	fprintf(out, ": %s", state_names[r->state]);
	if (r->tries > 0)
		fprintf(out, ", %u tries", r->tries);
	if (r->text)
		fprintf(out, " (%s)", r->text);
	fputc('\n', out);
}

int list_show(const struct queue *q, const char *id, FILE *out, struct fault *why)
{
	AUTO_ENTRY e = ENTRY_NONE;
	AUTO_FD fd = -1;
	int got = queue_is_id(id) ? queue_look(q, id, &e, why) : 0;

	if (got <= 0)
		return got < 0 ? -1 : unknown_id(id, why);
	fprintf(out, "id %s\nfrom ", e.id);
	put_address(out, e.envelope.sender);
	fputc('\n', out);
	for (size_t i = 0; i < e.envelope.count; i++)
		show_recipient(&e.envelope.at[i], out);
	fputc('\n', out);
	fd = queue_content(q, id, why);
	return fd < 0 ? -1 : copy_content(fd, id, out, why);
}

int list_delete(const struct queue *q, const char *id, struct fault *why)
{
	AUTO_ENTRY e = ENTRY_NONE;
	AUTO_ENTRY seen = ENTRY_NONE;
	int got = queue_is_id(id) ? queue_claim(q, id, &e, why) : 0;

	if (got < 0)
		return -1;
	if (got == 0 && queue_is_id(id) && queue_look(q, id, &seen, NULL) == 1)
		return fault_set(why, FAULT_TEMP, "%s is being sent", id);
	if (got == 0)
		return unknown_id(id, why);
	if (queue_remove(q, id, why) < 0)
		return -1;
	return io_sync(q->entries, q->path, why);
}

int list_flush(const struct queue *q, struct fault *why)
{
	AUTO_STRINGS ids = { 0 };
	AUTO_BUF line = { 0 };
	const struct envelope_event event = { .kind = EVENT_NOW, .when = clock_wall() };

	envelope_put_event(&line, &event);
	if (queue_list(q, &ids, NULL, why) < 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++) {
		AUTO_ENTRY e = ENTRY_NONE;
		struct fault reason;
		int got = queue_claim(q, ids.at[i], &e, &reason);

		if (got < 0)
			say("%s", reason.text);
		/* What a lost line would cost is a wait: no sync. */
		if (got == 1 && envelope_next(&e.envelope) > event.when &&
			queue_append(&e, buf_slice(&line), false, why) < 0)
			return -1;
	}
	pause_forget_all(q);
	return 0;
}
