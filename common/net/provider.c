/*
 * Known mail providers: see provider.h. One row each; what they publish for mail programs.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/provider.h"

#define APP_PASSWORD "it wants an app password: make one in the settings of the account"

static const struct provider rows[] = {
	{ .title = "Gmail", .domains = "gmail.com googlemail.com",
		.imap = "imap.gmail.com", .pop3 = "pop.gmail.com", .smtp = "smtp.gmail.com",
		.oauth = OAUTH_GMAIL },
	{ .title = "Outlook.com",
		.domains = "outlook.com outlook.de outlook.fr outlook.es outlook.it outlook.at "
			   "hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.es hotmail.it "
			   "live.com live.co.uk live.de live.fr live.nl live.it live.at msn.com",
		.imap = "outlook.office365.com", .pop3 = "outlook.office365.com",
		.smtp = "smtp-mail.outlook.com", .starttls = true, .oauth = OAUTH_MICROSOFT },
	{ .title = "Yahoo",
		.domains = "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.ca "
			   "yahoo.com.au yahoo.com.br yahoo.in yahoo.co.in ymail.com rocketmail.com",
		.imap = "imap.mail.yahoo.com", .pop3 = "pop.mail.yahoo.com",
		.smtp = "smtp.mail.yahoo.com", .hint = APP_PASSWORD },
	{ .title = "AOL", .domains = "aol.com aol.de aim.com",
		.imap = "imap.aol.com", .pop3 = "pop.aol.com", .smtp = "smtp.aol.com",
		.hint = APP_PASSWORD },
	{ .title = "Fastmail",
		.domains = "fastmail.com fastmail.fm fastmail.net messagingengine.com",
		.imap = "imap.fastmail.com", .pop3 = "pop.fastmail.com",
		.smtp = "smtp.fastmail.com", .hint = APP_PASSWORD },
	{ .title = "iCloud", .domains = "icloud.com me.com mac.com",
		.imap = "imap.mail.me.com", .smtp = "smtp.mail.me.com", .starttls = true,
		.hint = "it wants an app-specific password: make one at account.apple.com" },
	{ .title = "GMX", .domains = "gmx.de gmx.net gmx.at gmx.ch gmx.info gmx.eu",
		.imap = "imap.gmx.net", .pop3 = "pop.gmx.net", .smtp = "mail.gmx.net",
		.hint = "POP3 and IMAP must first be allowed in its settings" },
	{ .title = "GMX", .domains = "gmx.com gmx.co.uk gmx.us gmx.fr gmx.es",
		.imap = "imap.gmx.com", .pop3 = "pop.gmx.com", .smtp = "mail.gmx.com",
		.hint = "POP3 and IMAP must first be allowed in its settings" },
	{ .title = "WEB.DE", .domains = "web.de",
		.imap = "imap.web.de", .pop3 = "pop3.web.de", .smtp = "smtp.web.de",
		.starttls = true, .hint = "POP3 and IMAP must first be allowed in its settings" },
	{ .title = "Telekom", .domains = "t-online.de magenta.de",
		.imap = "secureimap.t-online.de", .pop3 = "securepop.t-online.de",
		.smtp = "securesmtp.t-online.de",
		.hint = "it wants the password for mail programs, which its customer centre sets" },
	{ .title = "freenet", .domains = "freenet.de",
		.imap = "mx.freenet.de", .pop3 = "mx.freenet.de", .smtp = "mx.freenet.de",
		.starttls = true },
	{ .title = "Posteo",
		.domains = "posteo.de posteo.net posteo.eu posteo.org posteo.at posteo.ch",
		.imap = "posteo.de", .pop3 = "posteo.de", .smtp = "posteo.de" },
	{ .title = "mailbox.org", .domains = "mailbox.org",
		.imap = "imap.mailbox.org", .pop3 = "pop3.mailbox.org",
		.smtp = "smtp.mailbox.org" },
	{ .title = "Zoho", .domains = "zoho.com zohomail.com",
		.imap = "imap.zoho.com", .pop3 = "pop.zoho.com", .smtp = "smtp.zoho.com",
		.hint = "IMAP must first be allowed in its settings" },
	{ .title = "Yandex", .domains = "yandex.com yandex.ru ya.ru",
		.imap = "imap.yandex.com", .pop3 = "pop.yandex.com", .smtp = "smtp.yandex.com",
		.hint = APP_PASSWORD },
	{ .title = "Riseup", .domains = "riseup.net",
		.imap = "mail.riseup.net", .pop3 = "mail.riseup.net", .smtp = "mail.riseup.net" },
};

const struct provider *provider_find(const char *domain)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice rest = slice_text(rows[i].domains);
		struct slice one;

		while (slice_cut(&rest, ' ', &one)) {
			if (slice_is_case(one, domain))
				return &rows[i];
		}
	}
	return NULL;
}

const char *provider_oauth_name(const struct provider *p)
{
	static const char *const names[] = {
		[OAUTH_GMAIL] = "gmail",
		[OAUTH_MICROSOFT] = "microsoft",
	};

	return p->oauth == OAUTH_NONE ? NULL : names[p->oauth];
}
