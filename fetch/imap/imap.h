/*
 * An IMAP account at work; for the files of this folder alone.
 *
 *	imap.c     the source: login, commands in flight, answers to where they belong
 *	news.c     is there anything to do in a folder? Without selecting it
 *	folder.c   one folder after the other
 *	search.c   what is there and wanted, by choose.c
 *	survey.c   sizes and Message-IDs of many messages
 *	size.c     what is too large
 *	decide.c   what the rules discard by its header (decide.h)
 *	renumber.c what is known although UIDVALIDITY is another
 *	remember.c what is remembered of it
 *	bodies.c   bodies into the feed
 *	rest.c     waiting for news between two rounds of a watch, by idle.c
 *	target.c   where stored messages are moved to
 *	plan.c     what becomes of a message there once it is stored here
 *	settle.c   who is to be settled, in which order, and what the ledger knows of it
 *	stages.c   the commands that do it
 *	rows.c     rows of the ledger about what is kept
 *	gmail.c    one message in many folders
 *
 * Messages are known by their UID throughout: answers may interleave, and sequence numbers
 * shift under us.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_IMAP_H
#define FETCH_IMAP_H

#include "common/net/imap_reply.h"
#include "fetch/imap/folders.h"
#include "fetch/imap/idle.h"
#include "fetch/imap/settling.h"
#include "fetch/imap/surveying.h"
#include "fetch/source.h"

/* LIMIT: commands in flight; two FETCH ranges hide the way there and back. */
enum { IMAP_FLIGHTS = 64, IMAP_FETCHES = 2 };
/* LIMIT: messages asked for by one FETCH, and ranges in one command line. */
enum { IMAP_RANGE = 200, IMAP_LINE_RANGES = 100 };
/* In the key of a receipt: it is about an excerpt (fetch/hand/excerpt.h), not the message. */
#define IMAP_EXCERPT_KEY ((uint64_t)1 << 32)
/* LIMIT: messages asked for or fed, and not yet answered by a receipt. */
enum { IMAP_WINDOW = 1000 };

enum imap_job {
	IMAP_JOB_STATUS,
	IMAP_JOB_SELECT,
	IMAP_JOB_SEARCH,  /* what is there */
	IMAP_JOB_HIDDEN,  /* what is not wanted because others marked it */
	IMAP_JOB_ALL_UIDS, /* of a folder that was numbered anew */
	IMAP_JOB_SURVEY,
	IMAP_JOB_FETCH,
	IMAP_JOB_MISSING, /* is it still there, though FETCH did not give it? */
	IMAP_JOB_STAGE,   /* of settling */
	IMAP_JOB_THERE,   /* what an earlier run left to be settled: is it there? */
	IMAP_JOB_DELETED, /* what others marked */
	IMAP_JOB_CREATE,  /* the folder to move to */
	IMAP_JOB_ALL,     /* all that is there: which rows are about nothing? */
	IMAP_JOB_LOGOUT,
};

struct imap_flight {
	unsigned tag;
	enum imap_job job;
	bool again;        /* FETCH: what did not come is to be asked for once more */
	size_t folder;     /* STATUS: of s->folders */
	bool excerpt;      /* FETCH: headers of what is too large */
	enum imap_stage stage;
	struct uidset set; /* FETCH: not yet come; STAGE, THERE: what it is about */
};

/* Where the work on the folder stands. */
enum imap_step {
	IMAP_NEWS,   /* none was selected yet */
	IMAP_NEXT,   /* no folder is selected */
	IMAP_SELECT,
	IMAP_SEARCH,
	IMAP_SURVEY,
	IMAP_FETCHING,
	IMAP_MISSING,
	IMAP_SETTLING,
	IMAP_REST,   /* a watch: nothing to do, idle.c has the session */
	IMAP_LOGOUT,
};

struct imap_folder {
	struct buf shown;      /* UTF-8, parts joined by "/" */
	struct buf place;      /* in the ledger */
	uint64_t validity;
	uint64_t exists;
	uint64_t next;         /* UIDNEXT when it was selected; 0: not told */
	uint64_t chatter;      /* answers in a row that say nothing */
	uint64_t numbers;      /* found by a search, one by one or in ranges */
	struct uidset todo;    /* wanted, not yet asked for */
	struct uidset undecided; /* wanted, if the rules let it: goes to todo by and by */
	struct uidset missing; /* asked for, not given */
	struct uidset gone;    /* of those, what the server says it still has */
	struct uidset large;   /* wanted, but only their headers */
	struct uidset headed;  /* of those, stored; not yet in the ledger */
	struct uidset all;     /* where it was numbered anew */
	struct uidset kept;    /* fetched, stay there */
	struct uidset leaving; /* stored here, something is to be done there: see settle.c */
	struct imap_settling settling;
	struct uidset hidden;  /* marked \Deleted by others, not fetched before */
	struct strings paused; /* items with a row among the pauses */
	struct strings pausing, unpausing;
	bool dirty;            /* not yet in the ledger */
	/*
	 * Something in it waits for a later run (a failure, a day to come): whoever leaves it
	 * undone says so here. Else the folder is quiet when it is left: the next run asks for
	 * its UIDNEXT, and does not select it when that has not moved.
	 */
	bool pending;
	bool restored;    /* UIDNEXT went back */
	bool renumbering; /* nothing is written: which messages are which is not known yet */
	bool mark;   /* what is there is to be taken for known */
	bool looked; /* for what is hidden by a flag */
	bool quiet, was_quiet;
};

/* What the ledger knows of a folder. */
struct imap_known {
	uint64_t validity;
	uint64_t next; /* 0: it was not quiet, or under another choice */
	bool quiet;    /* it still is */
	bool mark;     /* what is there is to be taken for known (first = "now") */
	bool written;  /* SELECT, even where EXAMINE would do: see folder.c */
};

/* The body that is coming. */
enum imap_body_state {
	IMAP_BODY_IDLE,
	IMAP_BODY_WAITS, /* for its turn in the feed */
	IMAP_BODY_FED,
	IMAP_BODY_DROPPED, /* read, not fed */
};

struct imap_source {
	struct source base; /* first */
	struct imap_reply *reply;
	struct folders folders;
	struct buf target;        /* wire name of where stored messages are moved; or empty */
	struct imap_known *known; /* one for each of the folders, or NULL */
	size_t asked;             /* of them, for news */
	bool fresh;               /* none of them is known */
	struct strings pieces;    /* of a SEARCH: the next waits for "+" */
	size_t piece;
	struct survey survey;
	uint64_t bytes;           /* of what is fetched in this run, with max-bytes */
	uint64_t begun;           /* messages asked for in this run */
	size_t next; /* folder */
	struct imap_folder folder;
	enum imap_step step;
	unsigned tag;
	struct imap_flight flights[IMAP_FLIGHTS];
	size_t flying;
	struct idle idle;
	bool one_by_one; /* the server tells the UID after the body */
	bool gmail;      /* X-GM-EXT-1 */

	enum imap_body_state body;
	uint32_t uid;       /* of the body */
	uint64_t gmail_id;  /* of the body; 0: not told */
	uint64_t body_size;
	bool excerpt;           /* it is a header alone */
	struct imap_event held; /* the event that waits for its turn */
};

/* ---- imap.c ---- */

/* Sends "TAG text" and notes what it is for; the flight's set is empty. */
struct imap_flight *imap_send(struct imap_source *s, enum imap_job job, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

size_t imap_count(const struct imap_source *s, enum imap_job job);

/* ---- target.c ---- */

/*
 * While logging in: s->target from move-to, or the trash of Gmail, where EXPUNGE would only
 * take a label away. It is not fetched from, whatever pattern it matches.
 */
int imap_find_target(struct imap_source *s, struct imap_talk *talk, struct fault *why);

/* ---- news.c ---- */

#define IMAP_NEWS_ITEMS "MESSAGES UIDNEXT UIDVALIDITY"

/* Asks for news of the folders that were quiet; IMAP_NEXT when all have answered. */
int imap_ask_news(struct imap_source *s, struct fault *why);
int imap_news_heard(struct imap_source *s, const struct imap_event *e, struct fault *why);
bool imap_is_quiet(const struct imap_source *s, size_t folder);

/* ---- folder.c ---- */

/* Where the folder stands in the ledger. */
void imap_place(const struct imap_source *s, const char *wire, struct buf *out);

/* Queues what is to be asked next. 0, -1. */
int imap_advance(struct imap_source *s, struct fault *why);

/* The answer to a command: `e` is tagged. The flight is gone afterwards. */
int imap_answered(struct imap_source *s, struct imap_flight *flight,
	const struct imap_event *e, struct fault *why);

/* Untagged STATUS, COUNT, FOUND. */
int imap_heard(struct imap_source *s, const struct imap_event *e, struct fault *why);

/* A fault that ends the folder or is only noted, with the server's words. */
void imap_note(struct imap_source *s, enum fault_kind kind, const char *what,
	const struct imap_event *e);

void imap_log_out(struct imap_source *s);

/* ---- rest.c ---- */

/* Can the session stay and wait when all is done? Begins that. */
bool imap_may_rest(const struct imap_source *s);
void imap_rest(struct imap_source *s);
int imap_rest_step(struct imap_source *s, struct fault *why);

/* True for response codes that say "not now": [UNAVAILABLE] and so on. */
bool imap_is_passing(struct slice code);

/* ---- search.c ---- */

/* Asks for what is wanted; "+" goes on with it. */
void imap_search(struct imap_source *s);
void imap_search_on(struct imap_source *s);
int imap_searched(struct imap_source *s, const struct imap_event *e, struct fault *why);
void imap_hidden_found(struct imap_source *s, const struct imap_event *e);

/* FOUND goes to the set of the search that is in flight, in order once that is answered. */
int imap_found(struct imap_source *s, const struct imap_event *e, struct fault *why);
int imap_found_all(struct imap_source *s, enum imap_job job, struct fault *why);

/* ---- survey.c ---- */

/* Looks at these; then what it was for goes on. */
void imap_survey_begin(struct imap_source *s, enum survey_what what, const struct uidset *which);
int imap_survey_step(struct imap_source *s, struct fault *why);
void imap_survey_heard(struct imap_source *s, const struct imap_fetch *fetch);
void imap_surveyed(struct imap_source *s, const struct imap_event *e);

/* ---- renumber.c ---- */

/* The folder was numbered anew, and the ledger has rows of it: finds out, then searches. */
int imap_renumber(struct imap_source *s, struct fault *why);
void imap_renumber_listed(struct imap_source *s, const struct imap_event *e);
int imap_told_again(struct imap_source *s, struct fault *why);

/* ---- size.c ---- */

/* Are there limits for what is wanted? Then it is looked at before it is fetched. */
void imap_size_up(struct imap_source *s);
int imap_sized(struct imap_source *s, struct fault *why);

/* ---- decide.c, for imap.c; the rest of it is in decide.h ---- */

/* May the next header be read? */
bool imap_decide_room(const struct imap_source *s);
void imap_decided(struct source *base, uint64_t key, const char *rule);

/* ---- remember.c ---- */

/* Reads what is remembered of the folder that was selected. */
int imap_load(struct imap_source *s, struct fault *why);

/* Writes what changed to the ledger. */
int imap_save(struct imap_source *s, struct fault *why);

/* All is done in the folder that can be now: saves, IMAP_NEXT. */
int imap_leave(struct imap_source *s, struct fault *why);

/* Forgets pauses of messages that are not among `todo`. */
void imap_end_pauses(struct imap_source *s);

/* The UID of a paused item; 0: it is not of this folder as it is now numbered. */
uint32_t imap_paused_uid(const struct imap_folder *f, struct slice item);

/* Takes off the set what is known and not to be fetched. */
void imap_forget_known(const struct imap_source *s, struct uidset *set);
/* `kept` is not ours to touch, although the account does not keep mail. */
bool imap_spares(const struct imap_source *s);

/* A digest of the settings that choose: source_folder.choice. */
uint64_t imap_choice(const struct account *account);

void imap_folder_clear(struct imap_folder *f);

/* ---- bodies.c ---- */

void imap_ask_messages(struct imap_source *s);

/*
 * BODY, BYTES, FETCH. 1 taken, 0 it is another's turn in the stream: call imap_resume
 * before the next event is read. -1.
 */
int imap_body(struct imap_source *s, const struct imap_event *e, struct fault *why);
int imap_resume(struct imap_source *s);

/* What FETCH asks of a message but its body: enough for a frame, and for the rules. */
#define IMAP_HEADER_ITEMS "UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.131072>"

/* What FETCH asks of Gmail besides: "" or with a blank behind it. */
const char *imap_gmail_items(const struct imap_source *s);

/* What the message s->uid is in the stream. */
void imap_fill_frame(const struct imap_source *s, const struct imap_fetch *fetch,
	struct frame *frame);

/* FETCH was answered: what did not come. */
void imap_fetched(struct imap_source *s, struct imap_flight *flight,
	const struct imap_event *e);

/* ---- settle.c ---- */

/* Makes the plan of the folder that comes; true: it is to be SELECTed, not EXAMINEd. */
bool imap_settle_begin(struct imap_source *s);

/* `kept` and `leaving` were read. `anew`: rows are about messages numbered otherwise. */
int imap_settle_load(struct imap_source *s, bool anew, struct fault *why);

/* The code of an untagged OK when the folder was selected. */
void imap_settle_heard(struct imap_source *s, struct slice code);

/* The message s->uid is in the stream; what it was is remembered up to its receipt. */
void imap_settle_fed(struct imap_source *s);
void imap_receipt(struct source *base, uint64_t key, enum receipt_verdict verdict);

/* It is stored here, or the rules discard it, which is the same to its server. */
void imap_settle_stored(struct imap_source *s, struct imap_letter *letter);

/* The message s->uid need not come: it was stored under another UID. */
void imap_settle_twin(struct imap_source *s);

/* The folder is empty: nothing is left to be done in it. */
void imap_settle_empty(struct imap_source *s);

/* Nothing may be done by these UIDs any more. */
void imap_settle_forget(struct imap_source *s);

/* ---- rows.c ---- */

/*
 * Is something that was kept at this place to be deleted today? Also when the ledger cannot
 * be read: whoever opens the folder then is told why.
 */
bool imap_is_due(const struct imap_source *s, const char *place);

/* Adds the UIDs of all rows of the folder. */
int imap_rows_uids(const struct imap_source *s, struct uidset *out, struct fault *why);
/* What is due; are there rows about nothing? See imap_settle_load. */
int imap_rows_load(struct imap_source *s, bool anew, struct fault *why);
void imap_rows_ask(struct imap_source *s);
int imap_rows_listed(struct imap_source *s, const struct imap_event *e, struct fault *why);

/* Within a transaction; and when it is as good as done. */
int imap_rows_write(struct imap_source *s, struct fault *why);
void imap_rows_written(struct imap_source *s);

/* ---- gmail.c ---- */

/* Was this message stored already, by whatever folder it came? */
int imap_gmail_known(struct imap_source *s, const struct imap_fetch *fetch, bool *known,
	struct fault *why);

/* May a stored message come again by another folder? */
bool imap_gmail_stays(const struct imap_source *s);

int imap_gmail_write(struct imap_source *s, const struct imap_letter *letter,
	struct fault *why);

/* ---- stages.c ---- */

/* What is stored begins its way; so does what an earlier run left, and what is due. */
void imap_stages_begin(struct imap_source *s, uint32_t uid);
void imap_stages_resume(struct imap_source *s);

/* Enough is waiting to begin with it while the folder is still being fetched. */
bool imap_settle_early(const struct imap_source *s);

/* Settles what it can; true while it is at it. */
int imap_settle(struct imap_source *s, bool *busy, struct fault *why);
int imap_settled(struct imap_source *s, struct imap_flight *flight,
	const struct imap_event *e, struct fault *why);

#endif
