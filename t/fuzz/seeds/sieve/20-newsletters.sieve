# Bulk mail that is no discussion list: newsletters, notifications, offers.
#
# One can unsubscribe from it, or it calls itself bulk.
#
# SPDX-License-Identifier: ISC

require ["fileinto", "mailbox"];

if anyof (
	exists "List-Unsubscribe",
	header :is "Precedence" ["bulk", "junk"],
	exists "Feedback-ID"
) {
	fileinto :create "newsletters";
}
