/*
 * May a message be answered by a machine? See guard.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "filter/reply/guard.h"

#include "common/mail/parameter.h"
#include "filter/reply/own.h"
#include "filter/reply/sender.h"

/* Local parts that machines send from. POSTMASTER is a person (RFC 5230 section 4.6). */
static const struct {
	enum { WHOLE, START, END } where;
	const char *text;
} machines[] = {
	{ WHOLE, "mailer-daemon" },
	{ WHOLE, "listserv" },
	{ WHOLE, "majordomo" },
	{ WHOLE, "bounce" },
	{ WHOLE, "bounces" },
	{ START, "owner-" },
	{ END, "-owner" },
	{ END, "-request" },
	{ END, "-bounce" },
	{ END, "-bounces" },
	{ START, "noreply" },
	{ START, "no-reply" },
	{ START, "no_reply" },
	{ START, "donotreply" },
	{ START, "do-not-reply" },
	{ START, "do_not_reply" },
	{ END, "noreply" },
	{ END, "no-reply" },
};

/* Fields whose presence alone tells of a list (RFC 2369, RFC 2919). */
static const char *const list_fields[] = { "List-Id", "List-Help", "List-Subscribe",
	"List-Unsubscribe", "List-Post", "List-Owner", "List-Archive" };

/* A field and a word in its value; the words are parted by commas, semicolons and blanks. */
static const struct {
	const char *field;
	const char *word;
} words[] = {
	{ "Precedence", "list" },
	{ "Precedence", "bulk" },
	{ "Precedence", "junk" },
	{ "Precedence", "auto_reply" },
	{ "X-Auto-Response-Suppress", "all" },
	{ "X-Auto-Response-Suppress", "oof" },
	{ "X-Auto-Response-Suppress", "autoreply" },
	{ "X-Spam-Flag", "yes" },
	{ "Content-Type", "multipart/report" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* What stands behind "+" names one of many: "bounces+me=example.org". */
static bool is_machine(struct slice address)
{
	size_t at = address.len;
	struct slice local;
	ptrdiff_t plus;

	while (at > 0 && address.ptr[at - 1] != '@')
		at--;
	local = slice_first(address, at > 0 ? at - 1 : address.len);
	plus = slice_find_byte(local, '+');
	if (plus > 0)
		local = slice_first(local, (size_t)plus);
	for (size_t i = 0; i < COUNT(machines); i++) {
		const char *text = machines[i].text;

		if (machines[i].where == WHOLE  ? slice_is_case(local, text) :
			machines[i].where == START ? slice_starts_case(local, text) :
						     slice_ends_case(local, text))
			return true;
	}
	return false;
}

static bool is_break(char c)
{
	return c == ',' || c == ';' || c == ' ' || c == '\t';
}

static bool has_word(struct slice value, const char *word)
{
	while (value.len > 0) {
		size_t len = 0;

		while (len < value.len && !is_break(value.ptr[len]))
			len++;
		if (slice_is_case(slice_first(value, len), word))
			return true;
		slice_skip(&value, len < value.len ? len + 1 : len);
	}
	return false;
}

static bool field_has_word(struct message *m, const char *field, const char *word)
{
	size_t at = message_find(m, slice_text(field));

	for (; at != MESSAGE_NONE; at = message_find_next(m, at)) {
		if (has_word(message_value(m, at), word))
			return true;
	}
	return false;
}

/* Anything but "no", comments and parameters aside (RFC 3834 section 5). */
static bool is_submitted(struct message *m, struct buf *why)
{
	size_t at = message_find(m, SLICE("auto-submitted"));

	for (; at != MESSAGE_NONE; at = message_find_next(m, at)) {
		if (slice_is_case(parameter_main(message_value(m, at)), "no"))
			continue;
		buf_add_text(why, "it was submitted by a machine (Auto-Submitted)");
		return true;
	}
	return false;
}

static bool is_impersonal(struct message *m, struct buf *why)
{
	for (size_t i = 0; i < COUNT(list_fields); i++) {
		if (message_find(m, slice_text(list_fields[i])) == MESSAGE_NONE)
			continue;
		buf_addf(why, "it comes from a list (%s)", list_fields[i]);
		return true;
	}
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!field_has_word(m, words[i].field, words[i].word))
			continue;
		buf_addf(why, "it does not want a reply (%s: %s)", words[i].field, words[i].word);
		return true;
	}
	return is_submitted(m, why);
}

static const char *wrong_sender(struct message *m, const struct strings *own, struct buf *sender)
{
	AUTO_STRINGS canonical = { 0 };

	if (!sender_read(m, sender))
		return "its envelope sender is not known (no Return-Path)";
	if (sender->len == 0)
		return "its envelope sender is the null sender";
	own_add(&canonical, buf_slice(sender));
	if (canonical.count == 0 || address_check_envelope(buf_slice(sender), NULL) < 0)
		return "its envelope sender is no address";
	if (own_has(own, slice_text(canonical.at[0])))
		return "its envelope sender is one of your addresses";
	if (is_machine(buf_slice(sender)))
		return "its envelope sender is a machine";
	return NULL;
}

bool guard_reply(struct message *m, const struct strings *own, struct buf *sender,
	struct buf *why)
{
	const char *wrong = wrong_sender(m, own, sender);
	AUTO_BUF named = { 0 };

	if (wrong) {
		buf_add_text(why, wrong);
		return false;
	}
	if (is_impersonal(m, why))
		return false;
	if (own_named(m, own, &named))
		return true;
	buf_add_text(why, own->count > 0 ?
		"none of your addresses is among its recipients (To, Cc, Bcc)" :
		"none of your addresses is known (filter.addresses, :addresses)");
	return false;
}

bool guard_notify(struct message *m, struct buf *why)
{
	return !is_submitted(m, why);
}
