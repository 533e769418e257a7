# Invitations stay in the inbox, with a keyword that mail programs can show.
#
# Only the header is asked. `body :content "text/calendar" :contains ""` finds invitations
# inside multiparts as well, but then every message has to be read to its end first.
#
# SPDX-License-Identifier: ISC

require "imap4flags";

if anyof (
	header :contains "Content-Type" ["text/calendar", "method=request"],
	header :is "Content-Class" "urn:content-classes:calendarmessage"
) {
	keep :flags "$Calendar";
}
