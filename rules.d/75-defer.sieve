# What is larger than 20 MiB stays at the server until the evening, when the line is free.
# It is tried again at every run, with growing pauses; nothing may be done with it before.
#
# SPDX-License-Identifier: ISC

require ["date", "relational", "comparator-i;ascii-numeric", "vnd.mailrail.defer"];

if allof (
	size :over 20M,
	currentdate :value "ge" :comparator "i;ascii-numeric" "hour" "8",
	currentdate :value "lt" :comparator "i;ascii-numeric" "hour" "20"
) {
	defer "larger than 20 MiB, to be fetched in the evening";
}
