# What the spam filter of the mail server has marked.
#
# Filters write a field of their own: SpamAssassin "X-Spam-Flag: YES", rspamd
# "X-Spam: Yes", others stars in X-Spam-Level or "Yes, score=..." in X-Spam-Status. Any
# sender can write these fields, too: at worst, spam declares itself.
#
# SPDX-License-Identifier: ISC

require ["fileinto", "mailbox", "imap4flags"];

if anyof (
	header :is ["X-Spam-Flag", "X-Spam"] "yes",
	header :matches "X-Spam-Status" "yes,*",
	header :contains "X-Spam-Level" "**********"
) {
	# Read already: junk shall not count as new mail.
	fileinto :create :flags "\\Seen" "junk";
}
