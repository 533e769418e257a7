/*
 * extlists (RFC 6134): names, files, :list, redirect :list, valid_ext_list.
 *
 * SPDX-License-Identifier: ISC
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filter/lists/list_name.h"
#include "t/unit/sieve_check.h"

static const struct {
	const char *name;
	const char *file; /* NULL: no name of a list; "*" in front: the default book */
} names[] = {
	{ "friends", "friends" },
	{ "two words", "two words" },
	{ "a%41", "a%41" },
	{ ":addrbook:friends", "friends" },
	{ ":ADDRBOOK:Friends", "Friends" },
	{ "urn:ietf:params:sieve:addrbook:friends", "friends" },
	{ ":addrbook:default", "*default" },
	{ ":ADDRBOOK:DEFAULT", "*default" },
	{ ":aDdRbOOk:DeFauLt", "*default" },
	{ ":AddrBook:%44%65%66ault", "*default" },
	{ "URN:IETF:params:sieve:addrbook:DEFAULT", "*default" },
	{ "tag:example.com,2010-05-28:mylist", "mylist" },
	{ "TAG:me@example.com,2010:a:b", "b" },
	{ "tag:example.com,2010:%6dine", "mine" },
	{ "", NULL },
	{ ".", NULL },
	{ "..", NULL },
	{ ".hidden", NULL },
	{ "../passwd", NULL },
	{ "/etc/passwd", NULL },
	{ "a/b", NULL },
	{ "a\nb", NULL },
	{ ":addrbook:", NULL },
	{ ":addrbook", NULL },
	{ ":addrbook:a?name.contains=fred", NULL },
	{ ":addrbook:a:b", NULL },
	{ ":addrbook:%2e%2e%2fpasswd", NULL },
	{ ":addrbook:%2Fetc%2Fpasswd", NULL },
	{ ":addrbook:a%00", NULL },
	{ ":addrbook:a%4", NULL },
	{ ":addrbook:a%zz", NULL },
	{ ":other:a", NULL },
	{ "tag:example.com:a", NULL },
	{ "tag:,2010-01-01:a", NULL },
	{ "tag:example.com,2010-01-01", NULL },
	{ "tag:example.com,2010-01-01:", NULL },
	{ "tag:example.com,2010-01-01:../a", NULL },
	{ "ldap://example.com/a", NULL },
	{ "http:a", NULL },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(names); i++) {
		AUTO_BUF file = { 0 };
		AUTO_BUF got = { 0 };
		bool book;

		if (list_name(slice_text(names[i].name), &file, &book))
			buf_addf(&got, "%s%s", book ? "*" : "", buf_text(&file));
		else
			buf_add_text(&got, "-");
		if (strcmp(got.ptr, names[i].file ? names[i].file : "-") != 0)
			fail_msg("%s: got %s", names[i].name, got.ptr);
	}
}

static const char lines[] =
	"\xef\xbb\xbf" "first\r\n"
	"# a comment\n"
	"  # another\n"
	"\n"
	"alice@example.org\n"
	"  Bob@Example.org \t Bob from the office  \n"
	"bob@example.org second\n"
	"carol # no value\n"
	"\"two words\" here\n"
	"\"open quote\n"
	"\"stuck\"behind\n"
	"\xc3\x84rger \xc3\xa4\n"
	"\xe4 latin\n"
	"last one";

static const struct {
	const char *key;
	const char *found; /* "key=value", or NULL */
} finds[] = {
	{ "first", "first=" },
	{ "alice@example.org", "alice@example.org=" },
	{ "ALICE@EXAMPLE.ORG", "alice@example.org=" },
	{ " alice@example.org ", "alice@example.org=" },
	{ "bob@example.org", "Bob@Example.org=Bob from the office" },
	{ "carol", "carol=" },
	{ "two words", "two words=here" },
	{ "TWO WORDS", "two words=here" },
	{ "\"open", "\"open=quote" },
	{ "\"stuck\"behind", "\"stuck\"behind=" },
	{ "\xc3\xa4RGER", "\xc3\x84rger=\xc3\xa4" },
	{ "\xe4", "\xe4=latin" },
	{ "last", "last=one" },
	{ "", NULL },
	{ "#", NULL },
	{ "# a comment", NULL },
	{ "alice", NULL },
	{ "alice@example.orgx", NULL },
	{ "two", NULL },
	{ "last one", NULL },
};

static void test_list(void **state)
{
	AUTO_BUF text = { 0 };
	struct list *list;

	(void)state;
	buf_add_text(&text, lines);
	list = list_new(&text);
	for (size_t i = 0; i < SIEVE_COUNT(finds); i++) {
		AUTO_BUF got = { 0 };
		struct list_entry entry;

		if (list_find(list, slice_text(finds[i].key), &entry))
			buf_addf(&got, "%.*s=%.*s", SLICE_ARG(entry.key), SLICE_ARG(entry.value));
		else
			buf_add_text(&got, "-");
		if (strcmp(got.ptr, finds[i].found ? finds[i].found : "-") != 0)
			fail_msg("%s: got %s", finds[i].key, got.ptr);
	}
	list_free(list);
	list = list_new(&text);
	assert_false(list_find(list, SLICE(""), NULL));
	list_free(list);
}

static void test_million(void **state)
{
	AUTO_BUF text = { 0 };
	struct list *list;

	(void)state;
	for (unsigned i = 0; i < 1000000; i++)
		buf_addf(&text, "user%u@example.org %u\n", i, i);
	list = list_new(&text);
	for (unsigned i = 0; i < 1000000; i += 997) {
		AUTO_BUF key = { 0 };
		struct list_entry entry;

		buf_addf(&key, "USER%u@example.org", i);
		assert_true(list_find(list, buf_slice(&key), &entry));
		buf_clear(&key);
		buf_addf(&key, "%u", i);
		assert_true(slice_equal(entry.value, buf_slice(&key)));
		assert_false(list_find(list, entry.value, NULL));
	}
	list_free(list);
}

static char folder[] = "/tmp/extlists-XXXXXX";

static void put(const char *name, const char *text)
{
	AUTO_BUF path = { 0 };
	FILE *file;

	buf_addf(&path, "%s/%s", folder, name);
	file = fopen(path.ptr, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_folder(void **state)
{
	AUTO_BUF path = { 0 };

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	sieve_case_settings.lists = folder;
	put("friends", "coyote@desert.example.org friends/coyote\nx@x.org\n");
	put("two", "a@x.org\nb@x.org Bee\n");
	put("three", "a@x.org\nb@x.org\nc@x.org\n");
	put("nobody", "# nobody\n");
	put("words", "alpha\nbeta\n");
	put("holidays", "2025-12-25\n2026-01-01 New Year\n");
	put("ips", "192.0.2.7\n");
	put("subjects", "\"i have a present\tfor you\" gift\n");
	buf_addf(&path, "%s/link", folder);
	if (symlink("friends", path.ptr) < 0)
		return -1;
	buf_clear(&path);
	buf_addf(&path, "%s/fifo", folder);
	if (mkfifo(path.ptr, 0600) < 0)
		return -1;
	buf_clear(&path);
	buf_addf(&path, "%s/sub", folder);
	return mkdir(path.ptr, 0700);
}

static int remove_folder(void **state)
{
	static const char *const files[] = { "friends", "two", "three", "nobody", "words",
		"holidays", "ips", "subjects", "link", "fifo" };
	AUTO_BUF path = { 0 };

	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(files); i++) {
		buf_clear(&path);
		buf_addf(&path, "%s/%s", folder, files[i]);
		unlink(path.ptr);
	}
	buf_clear(&path);
	buf_addf(&path, "%s/sub", folder);
	rmdir(path.ptr);
	return rmdir(folder);
}

static const struct sieve_case rows[] = {
	{ "address", "address :list \"from\" \"friends\"", SIEVE_TRUE },
	{ "address, no member", "address :list \"to\" \"friends\"", SIEVE_FALSE },
	{ "address of a group", "address :list \"to\" [\"friends\", \"two\"]", SIEVE_TRUE },
	{ "part of an address", "address :list :localpart \"from\" \"words\"", SIEVE_FALSE },
	{ "header is the whole value", "header :list \"from\" \"friends\"", SIEVE_FALSE },
	{ "header", "header :list \"subject\" \"tag:example.org,2026:subjects\"", SIEVE_TRUE },
	{ "envelope", "envelope :list \"from\" [\"two\", \"friends\"]", SIEVE_FALSE },
	{ "string", "string :list [\"x\", \" Beta \"] \"words\"", SIEVE_TRUE },
	{ "currentdate", "currentdate :list :zone \"+0000\" \"date\" "
		"\"tag:example.com,2011-01-01:holidays\"", SIEVE_TRUE },
	{ "an address in brackets, section 2.9.4", "allof (string :matches \"a (b [192.0.2.7]) c\" "
		"\"*(* [*.*.*.*])*\", string :list \"${3}.${4}.${5}.${6}\" "
		"\"tag:example.com,2011-04-10:ips\")", SIEVE_TRUE },
	{ "${0} as in the list", "allof (string :list \"BETA\" \"words\", string "
		":comparator \"i;octet\" \"${0}\" \"beta\", string \"${1}\" \"\")", SIEVE_TRUE },
	{ "${1} is the value", "allof (address :list \"from\" \"friends\", string \"${1}\" "
		"\"friends/coyote\", string \"${0}\" \"coyote@desert.example.org\")", SIEVE_TRUE },
	{ "no match leaves them", "allof (string :matches \"ab\" \"a*\", not string :list \"x\" "
		"\"words\", string \"${1}\" \"b\")", SIEVE_TRUE },
	{ "the default book without a file", "string :list \"x\" \":addrbook:default\"",
		SIEVE_FALSE },
	{ "valid", "valid_ext_list [\"friends\", \":addrbook:default\", "
		"\"tag:a.org,2026:two\"]", SIEVE_TRUE },
	{ "not valid: no file", "valid_ext_list [\"friends\", \"enemies\"]", SIEVE_FALSE },
	{ "not valid: no name", "valid_ext_list \"http://example.org/list\"", SIEVE_FALSE },
	{ "not valid: a link", "valid_ext_list \"link\"", SIEVE_FALSE },
	{ "not valid: a folder", "valid_ext_list \"sub\"", SIEVE_FALSE },
	{ "not valid: outside", "valid_ext_list \"../extlists\"", SIEVE_FALSE },
};

static const struct sieve_case runs[] = {
	{ "redirect", "redirect :list \"two\";",
		"redirect \"a@x.org\";redirect \"b@x.org\";" },
	{ "redirect :copy", "redirect :copy :list \":addrbook:two\";",
		"redirect \"a@x.org\";redirect \"b@x.org\";keep;" },
	{ "too many", "redirect :list \"three\";",
		"keep;!r.sieve:2: more than 2 redirects (filter.max-redirects)" },
	{ "none is no discard", "redirect :list \"nobody\";",
		"keep;!r.sieve:2: list \"nobody\" holds no address" },
	{ "no addresses", "redirect :list \"words\";",
		"keep;!r.sieve:2: \"alpha\" is not one address, expected name@domain" },
	{ "missing", "if header :list \"subject\" \"enemies\" { discard; }",
		"keep;!r.sieve:2: list \"enemies\": there is no such file in filter.lists" },
	{ "a link", "if header :list \"subject\" \"link\" { discard; }",
		"keep;!r.sieve:2: list \"link\": it is a link" },
	{ "a FIFO", "if header :list \"subject\" \"fifo\" { discard; }",
		"keep;!r.sieve:2: list \"fifo\": it is no regular file" },
	{ "a name of a variable", "set \"n\" \"../passwd\"; if header :list \"subject\" \"${n}\" "
		"{ discard; }", "keep;!r.sieve:2: \"../passwd\" is no name of a list" },
	{ "a good one of a variable", "set \"n\" \"subjects\"; if header :list \"subject\" "
		"\"${n}\" { fileinto \"${1}\"; }", "fileinto \"gift\";" },
};

#define NAME " is no name of a list, expected the name of a file, \":addrbook:NAME\" or " \
	"\"tag:DOMAIN,DATE:NAME\""

static const struct sieve_case wrong[] = {
	{ "no require", "if header :list \"a\" \"b\" {}",
		"1:11 \":list\" expected require \"extlists\" at the top" },
	{ "no require of the test", "if valid_ext_list \"b\" {}",
		"1:4 \"valid_ext_list\" expected require \"extlists\" at the top" },
	{ "with a comparator", "require \"extlists\"; if header :list :comparator \"i;octet\" "
		"\"a\" \"b\" {}", "1:24 \":list\" takes no \":comparator\"" },
	{ "with another match type", "require \"extlists\"; if header :is :list \"a\" \"b\" {}",
		"1:35 second match type \":list\", expected only one" },
	{ "a test without", "require [\"extlists\", \"body\"]; if body :list \"a\" {}",
		"1:39 \"body\" knows no \":list\", expected :is, :contains, :matches, :regex, "
		":count, :value, :comparator, :raw, :content, :text" },
	{ "no name", "require \"extlists\"; if header :list \"a\" \"../b\" {}",
		"1:41 \"../b\"" NAME },
	{ "no name to redirect to", "require \"extlists\"; redirect :list \"a@b.org/\";",
		"1:36 \"a@b.org/\"" NAME },
};

static void test_tests(void **state)
{
	(void)state;
	sieve_case_check_tests(rows, SIEVE_COUNT(rows), REQUIRE, sieve_case_message);
}

static void test_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIEVE_COUNT(runs); i++) {
		AUTO_BUF script = { 0 };

		buf_addf(&script, "%s%s", REQUIRE, runs[i].script);
		sieve_case_check(&runs[i], script.ptr);
	}
}

static void test_refused(void **state)
{
	(void)state;
	sieve_case_check_refused(wrong, SIEVE_COUNT(wrong));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_million),
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(all, make_folder, remove_folder);
}
