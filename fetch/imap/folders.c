/*
 * Folders of an IMAP account: see folders.h. RFC 3501 section 6.3.8, RFC 2342, RFC 5258,
 * RFC 5819, RFC 6154, RFC 6855.
 *
 * SPDX-License-Identifier: ISC
 */
#include "fetch/imap/folders.h"

#include "common/base/say.h"
#include "fetch/imap/pick.h"

/* LIMIT: folders of one account. */
enum { FOLDERS_MAX = 10000 };

static void folder_clear(struct folder *f)
{
	free(f->wire);
	free(f->uses);
	buf_free(&f->status.name);
}

void folders_free(struct folders *f)
{
	for (size_t i = 0; i < f->count; i++)
		folder_clear(&f->at[i]);
	free(f->at);
	strings_free(&f->wire);
	imap_namespace_free(&f->names.space);
	*f = (struct folders){ 0 };
}

struct folder *folders_find(const struct folders *f, const char *wire)
{
	wire = folder_canonical(wire);
	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->at[i].wire, wire) == 0)
			return &f->at[i];
	}
	return NULL;
}

void folders_drop(struct folders *f, const char *wire)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++) {
		if (strcmp(f->at[i].wire, wire) == 0)
			folder_clear(&f->at[i]);
		else
			f->at[kept++] = f->at[i];
	}
	f->count = kept;
	strings_clear(&f->wire);
	for (size_t i = 0; i < f->count; i++)
		strings_add(&f->wire, slice_text(f->at[i].wire));
}

static struct folder *add(struct folders *f, const char *wire, const char *uses)
{
	struct folder *old = folders_find(f, wire);

	if (old)
		return old;
	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 16;
		f->at = mem_grow(f->at, f->room, sizeof(*f->at));
	}
	f->at[f->count] = (struct folder){ .wire = mem_text(folder_canonical(wire)),
		.uses = mem_text(uses) };
	return &f->at[f->count++];
}

/* ---- what the server says ---- */

static int hear_name(struct folders *f, const struct imap_list *list, struct fault *why)
{
	const char *wire = buf_text(&list->name);
	AUTO_BUF seen = { 0 };

	if (list->delimiter)
		f->names.delimiter = list->delimiter;
	if (f->count >= FOLDERS_MAX)
		return fault_set(why, FAULT_PROTOCOL, "more than %d folders", FOLDERS_MAX);
	if (list->no_select || list->name.len == 0)
		return 0; /* a node of the tree, or the answer that tells the delimiter */
	if (strlen(wire) != list->name.len || !folder_is_sane(&f->names, wire)) {
		say_visible(&seen, buf_slice(&list->name));
		fault_set(&f->trouble, FAULT_PROTOCOL, "a folder with an impossible name: \"%s\"",
			buf_text(&seen));
		return 0;
	}
	(void)add(f, wire, buf_text(&list->flags));
	return 0;
}

static int hear_list(struct folders *f, const struct imap_event *e, struct fault *why)
{
	struct imap_list list = { 0 };
	struct folder *known;
	int result = imap_list_read(e->text, &list, why);

	if (result == 0 && slice_is_case(e->name, "LSUB")) {
		known = folders_find(f, buf_text(&list.name));
		if (known && !list.no_select)
			known->subscribed = true;
	} else if (result == 0) {
		result = hear_name(f, &list, why);
	}
	imap_list_free(&list);
	return result;
}

static int hear_status(struct folders *f, const struct imap_event *e, struct fault *why)
{
	struct imap_status status = { 0 };
	int result = imap_status_read(e->text, &status, why);
	struct folder *known = result == 0 ? folders_find(f, buf_text(&status.name)) : NULL;

	if (known) {
		buf_free(&known->status.name);
		known->status = status;
	} else {
		buf_free(&status.name);
	}
	return result;
}

static int hear(void *arg, const struct imap_event *e, struct fault *why)
{
	struct folders *f = arg;

	if (e->kind != IMAP_DATA)
		return 0;
	if (slice_is_case(e->name, "LIST") || slice_is_case(e->name, "LSUB"))
		return hear_list(f, e, why);
	if (slice_is_case(e->name, "STATUS"))
		return hear_status(f, e, why);
	if (slice_is_case(e->name, "NAMESPACE"))
		return imap_namespace_read(e->text, &f->names.space, why);
	if (slice_is_case(e->name, "ENABLED") &&
		slice_find(e->text, SLICE("UTF8=ACCEPT")) >= 0)
		f->names.utf8 = true;
	return 0;
}

/* ---- what is asked ---- */

static bool can(const struct folders_wish *wish, const char *name)
{
	return wish->session && session_can(wish->session, name);
}

/* What joins the parts of a name, and what stands before all but INBOX. */
static int ask_tree(struct imap_talk *talk, const struct folders_wish *wish,
	struct folders *out, struct fault *why)
{
	bool beyond = wish->subscribed, deep = wish->subscribed;

	for (size_t i = 0; i < wish->items->count; i++) {
		beyond |= !slice_is_case(slice_text(wish->items->at[i]), "INBOX");
		deep |= strpbrk(wish->items->at[i], "/*%!") != NULL;
	}
	if (beyond && can(wish, "NAMESPACE") &&
		imap_ask(talk, hear, out, why, "NAMESPACE") < 0)
		return -1;
	out->names.delimiter = out->names.space.delimiter;
	if (deep && !out->names.delimiter)
		return imap_ask(talk, hear, out, why, "LIST \"\" \"\"");
	return 0;
}

/* RFC 6855, 3: names in UTF-8, and messages that are not downgraded for us. */
static int enable(struct imap_talk *talk, const struct folders_wish *wish,
	struct folders *out, struct fault *why)
{
	if (!can(wish, "ENABLE") || !(can(wish, "UTF8=ACCEPT") || can(wish, "UTF8=ONLY")))
		return 0;
	return imap_ask(talk, hear, out, why, "ENABLE UTF8=ACCEPT");
}

/* The options behind LIST. */
static void put_return(const struct folders_wish *wish, bool counted, struct buf *out)
{
	bool uses = can(wish, "SPECIAL-USE") && can(wish, "LIST-EXTENDED");

	counted = counted && wish->status && can(wish, "LIST-STATUS");
	if (!uses && !counted)
		return;
	buf_add_text(out, " RETURN (");
	if (uses)
		buf_add_text(out, "SPECIAL-USE");
	if (counted)
		buf_addf(out, "%sSTATUS (%s)", uses ? " " : "", wish->status);
	buf_add_byte(out, ')');
}

/* Names as they are, patterns by LIST. */
static int list_items(struct imap_talk *talk, const struct folders_wish *wish,
	struct folders *out, struct fault *why)
{
	for (size_t i = 0; i < wish->items->count; i++) {
		const char *item = wish->items->at[i];
		AUTO_BUF wire = { 0 };
		AUTO_BUF line = { 0 };

		if (folder_wire(&out->names, item, &wire, why) < 0)
			return -1;
		if (pick_is_name(item)) {
			(void)add(out, buf_text(&wire), "");
			continue;
		}
		buf_add_text(&line, "LIST \"\" ");
		(void)imap_quote(&line, buf_slice(&wire));
		put_return(wish, true, &line);
		if (imap_ask(talk, hear, out, why, "%s", buf_text(&line)) < 0)
			return -1;
	}
	return 0;
}

static int list_all(struct imap_talk *talk, const struct folders_wish *wish,
	struct folders *out, struct fault *why)
{
	bool extended = wish->subscribed && can(wish, "LIST-EXTENDED");
	AUTO_BUF line = { 0 };

	buf_addf(&line, "LIST %s\"\" \"*\"", extended ? "(SUBSCRIBED) " : "");
	put_return(wish, false, &line);
	if (imap_ask(talk, hear, out, why, "%s", buf_text(&line)) < 0)
		return -1;
	if (wish->subscribed && !extended)
		return imap_ask(talk, hear, out, why, "LSUB \"\" \"*\"");
	for (size_t i = 0; i < out->count; i++)
		out->at[i].subscribed = extended;
	return 0;
}

/* ---- what is wanted of it ---- */

static bool is_wanted(const struct folders *f, const struct folder *folder,
	const struct folders_wish *wish)
{
	struct pick_folder pick = { .uses = slice_text(folder->uses) };
	AUTO_BUF shown = { 0 };

	if (wish->subscribed && !folder->subscribed)
		return false;
	folder_shown(&f->names, folder->wire, &shown);
	pick.name = buf_slice(&shown);
	pick.inner = folder_inner(&f->names, pick.name);
	return pick_chooses(wish->items, &pick);
}

static void keep_wanted(struct folders *f, const struct folders_wish *wish)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++) {
		struct folder one = f->at[i];

		if (is_wanted(f, &one, wish))
			f->at[kept++] = one;
		else
			folder_clear(&one);
	}
	f->count = kept;
}

/* A name that is not listed may be there all the same, or selecting it tells why not. */
static int add_names(struct folders *f, const struct folders_wish *wish, struct fault *why)
{
	for (size_t i = 0; i < wish->items->count && !wish->subscribed; i++) {
		const char *item = wish->items->at[i];
		struct folder named = { .uses = (char[]){ "" } };
		AUTO_BUF wire = { 0 };

		if (!pick_is_name(item))
			continue;
		if (folder_wire(&f->names, item, &wire, why) < 0)
			return -1;
		named.wire = wire.ptr;
		if (is_wanted(f, &named, wish))
			(void)add(f, buf_text(&wire), "");
	}
	return 0;
}

/* "\Junk" at a server that marks none would fetch too much, or nothing, in silence. */
static void check_uses(struct folders *f, const struct folders_wish *wish)
{
	for (size_t i = 0; i < wish->items->count; i++) {
		const char *item = wish->items->at[i];
		bool found = can(wish, "SPECIAL-USE") && *item == '!';
		const char *use = *item == '!' ? item + 1 : item;
		AUTO_STRINGS only = { 0 };

		if (!pick_is_use(item))
			continue;
		strings_add(&only, slice_text(use));
		for (size_t k = 0; k < f->count && !found; k++)
			found = pick_chooses(&only,
				&(struct pick_folder){ .uses = slice_text(f->at[k].uses) });
		if (!found)
			fault_set(&f->trouble, FAULT_CONFIG, "the server marks no folder as %s",
				use);
	}
}

static int list(struct imap_talk *talk, const struct folders_wish *wish, struct folders *out,
	struct fault *why)
{
	bool all = wish->subscribed;
	bool patterns = false;

	if (enable(talk, wish, out, why) < 0 || ask_tree(talk, wish, out, why) < 0)
		return -1;
	for (size_t i = 0; i < wish->items->count; i++) {
		const char *item = wish->items->at[i];

		all |= *item == '!' || *item == '\\';
		patterns |= !pick_is_name(item);
	}
	/* With a prefix one pattern means names with it and without. */
	if (!all && !(patterns && out->names.space.prefix.len))
		return list_items(talk, wish, out, why);
	if (list_all(talk, wish, out, why) < 0)
		return -1;
	check_uses(out, wish);
	keep_wanted(out, wish);
	return add_names(out, wish, why);
}

int folders_list(struct imap_talk *talk, const struct folders_wish *wish, struct folders *out,
	struct fault *why)
{
	if (list(talk, wish, out, why) < 0)
		return -1;
	for (size_t i = 0; i < out->count; i++)
		strings_add(&out->wire, slice_text(out->at[i].wire));
	return 0;
}

static int look_for_use(struct imap_talk *talk, const struct folders_wish *wish,
	struct buf *wire, struct fault *why)
{
	AUTO_FOLDERS all = { 0 };

	if (list_all(talk, wish, &all, why) < 0)
		return -1;
	for (size_t i = 0; i < all.count && wire->len == 0; i++) {
		struct pick_folder pick = { .uses = slice_text(all.at[i].uses) };

		if (pick_chooses(wish->items, &pick))
			buf_add_text(wire, all.at[i].wire);
	}
	return 0;
}

int folders_look(struct imap_talk *talk, const struct session *session, struct folders *f,
	const char *item, struct buf *wire, struct fault *why)
{
	AUTO_STRINGS items = { 0 };
	const struct folders_wish wish = { .session = session, .items = &items };

	strings_add(&items, slice_text(item));
	if (pick_is_use(item))
		return look_for_use(talk, &wish, wire, why);
	if (!f->names.delimiter && ask_tree(talk, &wish, f, why) < 0)
		return -1;
	return folder_wire(&f->names, item, wire, why);
}
