# Mail that is junk by several weak signs, none of which would do alone, into "maybe-junk".
#
# Each "weight" adds to a sum; the rule is true when the sum is above zero. "w^x": the first
# match counts w, the second w*x, the third w*x*x. What would be a strong sign is found once
# ("^0"), what is weak may add up ("^.5": never more than twice the weight).
#
# SPDX-License-Identifier: ISC

require ["fileinto", "regex", "vnd.mailrail.score", "vnd.mailrail.raw"];

if score (
	weight "-100^0" true,
	weight "60^0" not exists "Message-ID",
	weight "40^0" not header :contains "To" "@",
	weight "30^.5" raw :header :regex "^Subject:.*(lottery|winner|million)",
	weight "25^.5" raw :header :regex "^Subject:.*!!",
	weight "-80^0" exists ["In-Reply-To", "References"]
) {
	fileinto "maybe-junk";
	stop;
}
