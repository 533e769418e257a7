# Tickets into the folder of their queue, whose name a program of yours tells.
#
# "ticket-queue" lies in the folder "programs" beside the configuration. It reads the header
# and prints one word; exit status 0 says that it knows the ticket. One at a time, and for ten
# seconds at most: a program that hangs or is missing keeps the message in the inbox.
#
# SPDX-License-Identifier: ISC

require ["fileinto", "mailbox", "variables", "vnd.mailrail.program"];

if allof (
	header :matches "Subject" "*[ticket *]*",
	program :header :timeout 10 :lock "tickets" :output "queue" "ticket-queue" ["${2}"],
	not string :contains "${queue}" ["/", ".."]
) {
	fileinto :create "tickets/${queue}";
}
