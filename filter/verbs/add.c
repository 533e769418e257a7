/*
 * mr-filter add: writes a small rule file, so that nobody must write Sieve to file a list.
 *
 * The file is new (nothing is ever overwritten), checked before it is written, and appears
 * whole, mode 0600.
 *
 * SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/base/io.h"
#include "common/base/options.h"
#include "common/base/paths.h"
#include "common/base/stage.h"
#include "common/mail/deliver_settings.h"
#include "common/mail/token.h"
#include "filter/language/compile.h"
#include "filter/settings.h"
#include "filter/verbs/verb.h"

/* LIMIT: characters of a value in the name of a file; LIMIT: numbers that are tried. */
enum { NAME_SHOWN = 40, NAME_TRIES = 1000 };

struct wish {
	struct strings list_id, from, to, subject;
	const char *into;
	const char *name;
};

static void put_list(struct buf *out, const struct strings *values)
{
	if (values->count > 1)
		buf_add_byte(out, '[');
	for (size_t i = 0; i < values->count; i++) {
		if (i > 0)
			buf_add_text(out, ", ");
		token_put_string(out, slice_text(values->at[i]));
	}
	if (values->count > 1)
		buf_add_byte(out, ']');
}

/* "example.org" and "@example.org" are all addresses of that domain. */
static void split_addresses(const struct strings *given, struct strings *whole,
	struct strings *domains)
{
	for (size_t i = 0; i < given->count; i++) {
		struct slice one = slice_text(given->at[i]);
		ptrdiff_t at = slice_find_byte(one, '@');

		if (at > 0)
			strings_add(whole, one);
		else
			strings_add(domains, slice_from(one, at == 0 ? 1 : 0));
	}
}

static void add_test(struct strings *tests, const char *test, const struct strings *values)
{
	AUTO_BUF text = { 0 };

	if (values->count == 0)
		return;
	buf_addf(&text, "%s ", test);
	put_list(&text, values);
	strings_add(tests, buf_slice(&text));
}

static void add_address(struct strings *tests, const char *fields, const struct strings *given)
{
	AUTO_STRINGS whole = { 0 };
	AUTO_STRINGS domains = { 0 };
	AUTO_STRINGS either = { 0 };
	AUTO_BUF test = { 0 };

	split_addresses(given, &whole, &domains);
	buf_addf(&test, "address :is %s", fields);
	add_test(&either, buf_text(&test), &whole);
	buf_clear(&test);
	buf_addf(&test, "address :domain :is %s", fields);
	add_test(&either, buf_text(&test), &domains);
	if (either.count == 2) {
		buf_clear(&test);
		buf_addf(&test, "anyof (%s, %s)", either.at[0], either.at[1]);
		strings_add(tests, buf_slice(&test));
	} else if (either.count == 1) {
		strings_add(tests, slice_text(either.at[0]));
	}
}

/* RFC 2919: the identifier stands in <>, behind a description that anybody may change. */
static void add_list_id(struct strings *tests, const struct strings *given)
{
	AUTO_STRINGS values = { 0 };

	for (size_t i = 0; i < given->count; i++) {
		AUTO_BUF value = { 0 };
		bool whole = given->at[i][0] == '<';

		buf_addf(&value, whole ? "%s" : "<%s>", given->at[i]);
		strings_add(&values, buf_slice(&value));
	}
	add_test(tests, "header :contains \"list-id\"", &values);
}

static void compose(const struct wish *w, struct buf *out)
{
	AUTO_STRINGS tests = { 0 };

	add_list_id(&tests, &w->list_id);
	add_address(&tests, "\"from\"", &w->from);
	add_address(&tests, "[\"to\", \"cc\"]", &w->to);
	add_test(&tests, "header :contains \"subject\"", &w->subject);
	buf_add_text(out, "# Written by mr-filter add.\nrequire \"fileinto\";\n\nif ");
	if (tests.count > 1)
		buf_add_text(out, "allof (\n\t");
	for (size_t i = 0; i < tests.count; i++) {
		if (i > 0)
			buf_add_text(out, ",\n\t");
		buf_add_text(out, tests.at[i]);
	}
	buf_add_text(out, tests.count > 1 ? "\n) {\n\tfileinto " : " {\n\tfileinto ");
	token_put_string(out, slice_text(w->into));
	buf_add_text(out, ";\n}\n");
}

static int check_values(const struct strings *values, struct fault *why)
{
	for (size_t i = 0; i < values->count; i++) {
		const char *at = values->at[i];

		if (!*at)
			return fault_set(why, FAULT_USAGE, "an empty value matches everything");
		for (; *at; at++) {
			if ((unsigned char)*at < ' ' || *at == 0x7f)
				return fault_set(why, FAULT_USAGE, "a control character in %s",
					"a value");
		}
	}
	return 0;
}

static int check_wish(const struct wish *w, struct fault *why)
{
	AUTO_STRINGS into = { 0 };

	if (!w->into)
		return fault_set(why, FAULT_USAGE, "add wants --into FOLDER");
	if (w->list_id.count + w->from.count + w->to.count + w->subject.count == 0)
		return fault_set(why, FAULT_USAGE,
			"add wants --list-id, --from, --to or --subject");
	strings_add(&into, slice_text(w->into));
	if (check_values(&into, why) < 0 || check_values(&w->list_id, why) < 0 ||
		check_values(&w->from, why) < 0 || check_values(&w->to, why) < 0)
		return -1;
	return check_values(&w->subject, why);
}

/* Letters, digits, dots and dashes of the value that says most. */
static void name_after(const struct wish *w, struct buf *out)
{
	const struct strings *first = w->list_id.count ? &w->list_id :
		w->from.count                          ? &w->from :
		w->to.count                            ? &w->to :
							 &w->subject;

	for (const char *at = first->at[0]; *at && out->len < NAME_SHOWN; at++) {
		bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
			(*at >= '0' && *at <= '9');

		if (letter || (*at == '.' && out->len > 0))
			buf_add_byte(out, *at);
		else if (out->len > 0 && out->ptr[out->len - 1] != '-')
			buf_add_byte(out, '-');
	}
	while (out->len > 0 && (out->ptr[out->len - 1] == '-' || out->ptr[out->len - 1] == '.'))
		buf_cut(out, out->len - 1);
	if (out->len == 0)
		buf_add_text(out, "rule");
}

static int compile_it(const char *name, const struct buf *text, struct fault *why)
{
	AUTO_BUF source = { 0 };
	struct script *script;
	int result = 0;

	buf_set(&source, buf_slice(text));
	script = script_compile(name, &source);
	if (script->problems.count > 0)
		result = fault_set(why, FAULT_DATA, "the rule would not compile: %s",
			script->problems.at[0].text);
	script_free(script);
	return result;
}

/* 0, or -1 with errno EEXIST when that name is taken. */
static int place(int dir, const char *name, const struct buf *text, struct fault *why)
{
	AUTO_STAGE stage = STAGE_NONE;
	AUTO_BUF temporary = { 0 };

	buf_add_text(&temporary, ".add-");
	stage_random_name(&temporary, 12);
	errno = 0;
	if (stage_open(dir, buf_text(&temporary), 0600, &stage, why) < 0 ||
		stage_write(&stage, text->ptr, text->len, why) < 0 ||
		stage_sync(&stage, NULL, why) < 0)
		return -1;
	return stage_place(&stage, dir, name, why);
}

static int write_file(const struct wish *w, const char *folder, const struct buf *text,
	struct buf *name, struct fault *why)
{
	AUTO_BUF after = { 0 };
	AUTO_FD dir = -1;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return fault_set(why, FAULT_CONFIG, "create %s: %s", folder, strerror(errno));
	dir = open(folder, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (dir < 0)
		return fault_set(why, FAULT_CONFIG, "%s: %s (add writes into a folder of rules)",
			folder, strerror(errno));
	name_after(w, &after);
	for (unsigned i = 1; i < NAME_TRIES; i++) {
		buf_clear(name);
		if (w->name)
			buf_add_text(name, w->name);
		else if (i == 1)
			buf_addf(name, "50-%s.sieve", buf_text(&after));
		else
			buf_addf(name, "50-%s-%u.sieve", buf_text(&after), i);
		if (place(dir, buf_text(name), text, why) == 0)
			return io_sync_directory(dir, folder, why);
		if (errno != EEXIST || w->name)
			break;
	}
	return -1;
}

static int check_name(const char *name, struct fault *why)
{
	if (!name)
		return 0;
	if (name[0] == '.' || strchr(name, '/') || !slice_ends_case(slice_text(name), ".sieve"))
		return fault_set(why, FAULT_USAGE,
			"--name %s: expected a name as \"20-foo.sieve\", without a folder", name);
	return 0;
}

/* mr-deliver would put the mail of a folder without a place into the inbox. */
static int check_folder(const struct config *config, const char *folder, struct fault *why)
{
	struct deliver_settings settings;
	struct stores stores = { 0 };
	AUTO_BUF path = { 0 };
	enum store_kind kind;
	int result = deliver_settings_read(config, &settings, &stores, why);

	if (result == 0)
		result = folder_place(&stores, slice_text(folder), &kind, &path, NULL, why);
	deliver_settings_free(&settings);
	stores_clear(&stores);
	return result;
}

static int add(const struct wish *w, const char *config_file, struct fault *why)
{
	AUTO_CONFIG *config = NULL;
	AUTO_BUF text = { 0 };
	AUTO_BUF name = { 0 };
	struct filter_settings settings = { 0 };
	int result;

	if (check_wish(w, why) < 0 || check_name(w->name, why) < 0 ||
		config_open(config_file, &config, why) < 0)
		return -1;
	compose(w, &text);
	result = filter_settings_read(config, &settings, why);
	if (result == 0)
		result = check_folder(config, w->into, why);
	if (result == 0)
		result = compile_it("the new rule", &text, why);
	if (result == 0)
		result = write_file(w, settings.rules, &text, &name, why);
	if (result == 0)
		printf("%s/%s:\n%s", settings.rules, buf_text(&name), buf_text(&text));
	settings_free(filter_setting_rows, &settings);
	return result;
}

int verb_add(const struct command_line *global, int argc, char **argv, struct fault *why)
{
	struct wish w = { 0 };
	bool help = false;
	const struct option_row options[] = {
		{ .name = "list-id", .argument = "ID", .list = &w.list_id,
			.help = "mail of this list (\"foo.example.org\")" },
		{ .name = "from", .argument = "ADDRESS", .list = &w.from,
			.help = "mail from this address, or domain" },
		{ .name = "to", .argument = "ADDRESS", .list = &w.to,
			.help = "mail to this address, or domain, To or Cc" },
		{ .name = "subject", .argument = "TEXT", .list = &w.subject,
			.help = "mail with this in its subject" },
		{ .name = "into", .argument = "FOLDER", .value = &w.into,
			.help = "goes into this folder" },
		{ .name = "name", .argument = "FILE", .value = &w.name,
			.help = "the new file (else 50-..., after what it takes)" },
		{ .letter = 'h', .name = "help", .flag = &help, .help = "this text" },
		OPTION_END,
	};
	int result = options_take(options, &argc, &argv, why);

	if (result == 0 && help)
		options_help("mr-filter add --list-id|--from|--to|--subject VALUE... --into FOLDER",
			options);
	else if (result == 0 && argc > 0)
		result = fault_set(why, FAULT_USAGE, "add takes no argument: %s", argv[0]);
	else if (result == 0)
		result = add(&w, global->config, why);
	strings_free(&w.list_id);
	strings_free(&w.from);
	strings_free(&w.to);
	strings_free(&w.subject);
	return result < 0 ? (int)why->kind : 0;
}
