# SPDX-License-Identifier: ISC
# Tells whoever writes to me that I am away, once a week each, and stops by itself.
require ["vacation", "date", "relational"];

# Change the days, the address and the text; fetched mail needs the address here or in
# the setting filter.addresses. Lists, machines and spam are never answered.
if allof (currentdate :value "ge" "date" "2026-07-01",
	currentdate :value "lt" "date" "2026-07-15")
{
	vacation :days 7
		:addresses ["me@example.org"]
		:subject "Away until 15 July"
		text:
I am away until 15 July and read mail again then.

If it cannot wait, write to office@example.org.
.
	;
}
