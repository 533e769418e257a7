# Marks on what has come so far and stays in the inbox.
#
# The last file that says something of the flags of the inbox wins: an invitation that is
# also important ends up \Flagged, without the keyword of 40-calendar.sieve.
#
# SPDX-License-Identifier: ISC

require "imap4flags";

if anyof (
	header :is "Importance" "high",
	header :matches "X-Priority" ["1*", "2*"]
) {
	addflag "\\Flagged";
}
