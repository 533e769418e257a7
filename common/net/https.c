/*
 * HTTPS over libcurl: see https.h. Beside the wire_*.c of mail the one file that knows
 * libcurl, whose URL interface serves here as it is (DESIGN section 6).
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/https.h"

#include <errno.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/net/wire_own.h"

struct request {
	CURL *easy;
	CURLM *multi;
	struct curl_slist *headers;
	struct https_answer *answer;
	bool too_long;
	char error[CURL_ERROR_SIZE];
};

static void request_end(struct request *r)
{
	if (r->multi && r->easy)
		curl_multi_remove_handle(r->multi, r->easy);
	if (r->easy)
		curl_easy_cleanup(r->easy);
	if (r->multi)
		curl_multi_cleanup(r->multi);
	curl_slist_free_all(r->headers);
}

void https_answer_wipe(struct https_answer *a)
{
	if (a->body.ptr)
		explicit_bzero(a->body.ptr, a->body.room);
	buf_free(&a->body);
	*a = (struct https_answer){ 0 };
}

static bool part_is(CURLU *url, CURLUPart part, const char *text)
{
	char *value = NULL;
	bool same = curl_url_get(url, part, &value, 0) == CURLUE_OK && strcmp(value, text) == 0;

	curl_free(value);
	return same;
}

static bool has_part(CURLU *url, CURLUPart part)
{
	char *value = NULL;
	bool has = curl_url_get(url, part, &value, 0) == CURLUE_OK;

	curl_free(value);
	return has;
}

bool https_url_is_safe(const char *url)
{
	CURLU *parts = curl_url();
	bool here, safe;

	if (!parts)
		return false;
	safe = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK;
	here = safe && part_is(parts, CURLUPART_SCHEME, "http") &&
	       (part_is(parts, CURLUPART_HOST, "127.0.0.1") ||
		       part_is(parts, CURLUPART_HOST, "localhost") ||
		       part_is(parts, CURLUPART_HOST, "[::1]"));
	safe = safe && (here || part_is(parts, CURLUPART_SCHEME, "https")) &&
	       !has_part(parts, CURLUPART_USER) && !has_part(parts, CURLUPART_PASSWORD) &&
	       !has_part(parts, CURLUPART_FRAGMENT);
	curl_url_cleanup(parts);
	return safe;
}

static size_t on_bytes(char *ptr, size_t size, size_t count, void *state)
{
	struct request *r = state;
	struct buf *body = &r->answer->body;

	if (size * count > HTTPS_ANSWER_MAX - body->len) {
		r->too_long = true;
		return 0;
	}
	buf_add(body, ptr, size * count);
	return size * count;
}

/* A proxy would read what goes in clear to this machine, and take itself for it. */
static CURLcode set_proxy(CURL *easy, const struct https_plan *plan)
{
	static const struct way straight = { 0 };

	if (!slice_starts_case(slice_text(plan->url), "https:"))
		return wire_set_proxy(easy, &straight, NULL);
	if (!plan->way || !plan->way->proxy)
		return CURLE_OK;
	return wire_set_proxy(easy, plan->way, plan->proxy_password);
}

static CURLcode set_options(struct request *r, const struct https_plan *plan,
	struct slice form)
{
	CURL *easy = r->easy;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_URL, plan->url);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
	bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->error);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, r->headers);
	bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "mailrail/" MAILRAIL_VERSION);
	bad |= curl_easy_setopt(easy, CURLOPT_POST, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)form.len);
	bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, form.ptr);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, r);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)plan->timeout_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)plan->timeout_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, wire_open_socket);
	bad |= set_proxy(easy, plan);
	if (plan->ca_file) {
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, plan->ca_file);
		bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	return bad;
}

/* Runs it to its end: CURLE_OK, its error, or -1 for "stopped by cancel_fd". */
static int run(struct request *r, const struct https_plan *plan)
{
	struct curl_waitfd stop = { .fd = plan->cancel_fd, .events = CURL_WAIT_POLLIN };
	int64_t end = clock_deadline(plan->timeout_ms + 1000);
	int running = 1;
	int left;
	CURLMsg *news;

	if (curl_multi_add_handle(r->multi, r->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	for (;;) {
		if (curl_multi_perform(r->multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		news = curl_multi_info_read(r->multi, &left);
		if (news)
			return (int)news->data.result;
		if (clock_tick() >= end)
			return CURLE_OPERATION_TIMEDOUT;
		stop.revents = 0;
		curl_multi_poll(r->multi, &stop, plan->cancel_fd >= 0 ? 1 : 0, 1000, NULL);
		if (stop.revents)
			return -1;
	}
}

static int failed(const struct request *r, int code, const struct https_plan *plan,
	struct fault *why)
{
	const char *detail = r->error[0] ? r->error : curl_easy_strerror((CURLcode)code);
	struct slice name = slice_text(plan->url);
	ptrdiff_t slash;

	slice_skip(&name, (size_t)slice_find(name, SLICE("://")) + 3);
	slash = slice_find_byte(name, '/');
	name = slice_first(name, slash < 0 ? name.len : (size_t)slash);
	if (r->too_long)
		return fault_set(why, FAULT_PROTOCOL, "%.*s: its answer is longer than %d bytes",
			SLICE_ARG(name), HTTPS_ANSWER_MAX);
	if (code == -1)
		return fault_set(why, FAULT_TEMP, "%.*s: stopped", SLICE_ARG(name));
	if (code == CURLE_OPERATION_TIMEDOUT)
		return fault_set(why, FAULT_TEMP, "%.*s: no answer within %lld s", SLICE_ARG(name),
			(long long)(plan->timeout_ms + 999) / 1000);
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return fault_set(why, FAULT_TEMP, "%.*s: its certificate is not trusted: %s",
			SLICE_ARG(name), detail);
	return fault_set(why, FAULT_TEMP, "%.*s: %s", SLICE_ARG(name), detail);
}

static int prepare(struct request *r, const struct https_plan *plan, struct slice form,
	struct fault *why)
{
	if (!https_url_is_safe(plan->url))
		return fault_set(why, FAULT_CONFIG, "%s does not begin with https://", plan->url);
	if (plan->ca_file && access(plan->ca_file, R_OK) < 0)
		return fault_set(why, FAULT_CONFIG, "oauth-ca-file %s: %s", plan->ca_file,
			strerror(errno));
	r->easy = curl_easy_init();
	r->multi = curl_multi_init();
	r->headers = curl_slist_append(NULL, "Accept: application/json");
	if (!r->easy || !r->multi || !r->headers)
		return fault_set(why, FAULT_TEMP, "libcurl does not start");
	if (set_options(r, plan, form) != CURLE_OK)
		return fault_set(why, FAULT_TEMP, "this libcurl (%s) lacks what is needed",
			curl_version());
	return 0;
}

int https_post(const struct https_plan *plan, struct slice form, struct https_answer *out,
	struct fault *why)
{
	__attribute__((cleanup(request_end))) struct request r = { .answer = out };
	curl_off_t later = 0;
	int code;

	*out = (struct https_answer){ 0 };
	if (prepare(&r, plan, form, why) < 0)
		return -1;
	/* Once, of the size it may have: growing would leave copies behind. */
	buf_reserve(&out->body, HTTPS_ANSWER_MAX);
	code = run(&r, plan);
	curl_easy_getinfo(r.easy, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_getinfo(r.easy, CURLINFO_RETRY_AFTER, &later);
	out->retry_after = later;
	return code == CURLE_OK ? 0 : failed(&r, code, plan, why);
}
