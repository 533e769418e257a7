# What machines answer: delivery reports (RFC 3464), read receipts (RFC 8098), automatic
# replies (RFC 3834).
#
# SPDX-License-Identifier: ISC

require ["fileinto", "mailbox", "envelope"];

if anyof (
	header :contains "Content-Type" "report-type=delivery-status",
	header :contains "Content-Type" "report-type=\"delivery-status\"",
	allof (
		envelope :is "from" "",
		address :localpart :is "from" ["mailer-daemon", "postmaster"]
	)
) {
	fileinto :create "bounces";
} elsif header :contains "Content-Type" "disposition-notification" {
	fileinto :create "receipts";
} elsif header :contains "Auto-Submitted" "auto-replied" {
	fileinto :create "receipts";
}
