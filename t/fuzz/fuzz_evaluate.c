/*
 * Messages: fixed scripts with every test run over any bytes. Whatever comes, there is a
 * decision, and each action is one that mr-deliver can read.
 *
 * SPDX-License-Identifier: ISC
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "t/unit/sieve_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* LIMIT: bytes of a message. Each test reads it; more bytes are slower, not other. */
enum { MESSAGE_MAX = 1024 };

static const char script[] =
	"require [\"body\",\"fileinto\",\"variables\",\"envelope\",\"relational\",\"regex\","
	"\"mailbox\",\"imap4flags\",\"copy\",\"comparator-i;ascii-numeric\",\"date\","
	"\"subaddress\",\"comparator-i;unicode-casemap\",\"vacation\","
	"\"mime\",\"foreverypart\",\"extracttext\",\"index\",\"duplicate\",\"vnd.mailrail.raw\","
	"\"vnd.mailrail.score\"];\n"
	"if header :matches [\"subject\", \"from\", \"x\"] \"*a*?b*\" { fileinto :copy \"${1}/${3}\"; }\n"
	"if header :regex \"subject\" \"^(.*)([0-9]+)\" { set :upperfirst \"a\" \"${2}${1}\"; }\n"
	"if address :all :matches [\"from\", \"to\", \"cc\"] \"*@*\" { redirect :copy \"${0}\"; }\n"
	"if address :count \"gt\" \"to\" \"2\" { addflag \"many\"; }\n"
	"if envelope :domain :contains \"from\" \"x\" { addflag \"${a}\"; }\n"
	"if body :text :contains [\"needle\", \"b\"] { addflag \"text\"; }\n"
	"if body :content [\"multipart\", \"message\"] :contains \"c\" { addflag \"part\"; }\n"
	"if body :raw :matches \"*d?e*\" { addflag \"raw\"; }\n"
	"if body :regex \"x+y\" { addflag \"regex\"; }\n"
	"if allof (header :value \"lt\" \"date\" \"M\", not exists [\"from\", \"date\"],"
	" size :over 20) { keep; }\n"
	"if header :comparator \"i;unicode-casemap\" :matches \"subject\" \"*a?*\" "
	"{ addflag \"${2}\"; }\n"
	"if date :originalzone :value \"ge\" \"date\" \"iso8601\" \"2\" { addflag \"d\"; }\n"
	"if address :detail :contains \"to\" \"b\" { addflag \"e\"; }\n"
	"foreverypart { extracttext :first 20 \"b\"; if header :mime :param [\"name\", \"filename\"]"
	" :matches [\"content-type\", \"content-disposition\"] \"*.*\" { addflag \"${1}\"; }\n"
	"foreverypart { if exists :mime :anychild [\"subject\", \"x\"] { addflag \"${b}\"; break; } } }\n"
	"if header :mime :anychild :contenttype :contains \"content-type\" \"t/p\" { addflag \"m\"; }\n"
	"if raw :header :regex \"^subject: .*[0-9]\" { addflag \"rawh\"; }\n"
	"if score (weight \"1^.5\" raw :message :contains \"a\", weight \"-2^1\" header :index 2 :last"
	" :contains \"received\" \"b\") { addflag \"score\"; }\n"
	"if duplicate :header \"message-id\" { addflag \"twice\"; }\n"
	"vacation :subject \"${a}\" :addresses \"a@b.org\" \"${1} ${a}\";\n"
	"if mailboxexists \"${a}\" { discard; }\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ruleset set;
	AUTO_FRAME frame = { 0 };
	AUTO_BUF out = { 0 };

	/* -1: it shall not be kept as a seed. */
	if (size > MESSAGE_MAX)
		return -1;
	if (set.count == 0) {
		sieve_case_add(&set, "fuzz.sieve", slice_text(script));
		assert(set.scripts[0]->problems.count == 0);
	}
	sieve_case_run(&set, &frame, slice_of(data, size), &out);
	assert(out.len > 0);
	return 0;
}
