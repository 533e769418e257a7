/*
 * What replies mean for recipients: RFC 5321 section 4.2.1, RFC 3463.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/smtp_own.h"

void smtp_results_free(struct smtp_results *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->at[i].text);
	free(r->at);
	*r = (struct smtp_results){ 0 };
}

enum smtp_verdict smtp_verdict_of(const struct smtp_reply *r)
{
	switch (r->code / 100) {
	case 2:
		return SMTP_DELIVERED;
	case 5:
		return SMTP_REFUSED;
	default:
		return SMTP_DEFERRED;
	}
}

void smtp_find(struct smtp_result *r, enum smtp_verdict verdict, const char *enhanced,
	const char *text)
{
	r->verdict = verdict;
	r->code = 0;
	snprintf(r->enhanced, sizeof(r->enhanced), "%s", enhanced);
	free(r->text);
	r->text = mem_text(text);
}

void smtp_give(struct transaction *t, size_t index, enum smtp_verdict verdict)
{
	struct smtp_result *r = &t->results->at[index];
	AUTO_BUF text = { 0 };

	smtp_reply_show(&t->reply, 500, &text);
	/* A 552 that counts as "later" (RFC 5321 4.5.3.1.10) must not look permanent. */
	if (t->reply.enhanced[0] && (verdict != SMTP_DEFERRED || t->reply.code < 500))
		smtp_find(r, verdict, t->reply.enhanced, buf_text(&text));
	else
		smtp_find(r, verdict, verdict == SMTP_DELIVERED ? "2.0.0"
			: verdict == SMTP_REFUSED ? "5.0.0" : "4.0.0", buf_text(&text));
	r->code = t->reply.code;
	r->stage = t->stage;
}

void smtp_give_open(struct transaction *t, enum smtp_verdict verdict)
{
	for (size_t i = 0; i < t->results->count; i++) {
		if (t->results->at[i].verdict == SMTP_OPEN)
			smtp_give(t, i, verdict);
	}
}

static int fatal(struct transaction *t, enum fault_kind kind, const char *what,
	struct fault *why)
{
	AUTO_BUF text = { 0 };

	smtp_reply_show(&t->reply, 300, &text);
	smtp_give_open(t, SMTP_DEFERRED);
	return fault_set(why, kind, "%s: %s: %s", wire_name(t->w), what, buf_text(&text));
}

int smtp_check_fatal(struct transaction *t, struct fault *why)
{
	switch (t->reply.code) {
	case 421:
		return fatal(t, FAULT_TEMP, "the server ends the connection", why);
	case 530: /* RFC 4954 section 6 */
	case 534:
	case 535:
	case 538:
		return fatal(t, FAULT_LOGIN, "the server wants another login", why);
	default:
		return 0;
	}
}

int smtp_unfit(struct transaction *t, struct fault *why)
{
	return fatal(t, FAULT_PROTOCOL, "the server's reply fits nothing that was asked", why);
}
