#!/usr/bin/env bash
# Settings of section filter, each by its name in a configuration, and what it changes.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

printf '%s\n' 'From: a@b.org' 'To: me-list+x@example.org' 'Message-ID: <1@b>' \
	'X-Spam: maybe limit=8 found=6' 'X-Virus: Perhaps' '' 'text' >message

# sets 'NAME = VALUE...' SCRIPT: the actions with these settings.
sets() {
	echo "filter: { $1 }" >config
	chmod 600 config
	printf '%s\n' "$2" >rules.sieve
	mr-filter -c config explain --plain --envelope from=a@b.org --rules rules.sieve message 2>&1 |
		grep -o '^mark.*\|^discard\|^implicit-keep\|seconds [0-9]*\|^redirect [^ ]*\|^mr-filter:.*' |
		tr '\n' ' '
}

detail='require "subaddress"; if address :detail "to" "KEY" { discard; }'
is 'recipient-delimiter' "$(sets 'recipient-delimiter = "-"' "${detail/KEY/list+x}")" 'discard '
is 'of several the first that occurs' "$(sets 'recipient-delimiter = "+-"' "${detail/KEY/list+x}")" 'discard '
is 'else +' "$(sets '' "${detail/KEY/x}")" 'discard '
is 'empty: none' "$(sets 'recipient-delimiter = ""' "${detail/KEY/x}")" 'implicit-keep '

twice='require "duplicate"; if duplicate SECONDS { discard; }'
is 'duplicate-default' "$(sets 'duplicate-default = "1h"' "${twice/SECONDS/}")" \
	'mark "<1@b>" seconds 3600 # rules.sieve:1 implicit-keep '
is 'duplicate-max' "$(sets 'duplicate-max = "60s"' "${twice/SECONDS/:seconds 100}")" \
	'mark "<1@b>" seconds 60 # rules.sieve:1 implicit-keep '

away='require "vacation"; vacation DAYS :addresses "me-list+x@example.org" "away";'
is 'vacation-default' "$(sets 'vacation-default = "3d"' "${away/DAYS/}")" 'seconds 259200 implicit-keep '
is 'vacation-min' "$(sets 'vacation-min = "2d"' "${away/DAYS/:days 1}")" 'seconds 172800 implicit-keep '
is 'vacation-max' "$(sets 'vacation-max = "5d"' "${away/DAYS/:days 30}")" 'seconds 432000 implicit-keep '
is 'addresses' "$(sets 'addresses = [ "me-list+x@example.org" ]' \
	'require "vacation"; vacation "away";')" 'seconds 604800 implicit-keep '

spam='require ["spamtestplus", "relational", "comparator-i;ascii-numeric"];
if spamtest :percent :value "eq" :comparator "i;ascii-numeric" "PERCENT" { discard; }'
scanner='spam-header = "X-Spam: found=([0-9]+)"'
is 'spam-max' "$(sets "$scanner spam-max = \"12\"" "${spam/PERCENT/50}")" 'discard '
is 'spam-max-header' "$(sets "$scanner spam-max-header = \"X-Spam: limit=([0-9]+)\"" \
	"${spam/PERCENT/75}")" 'discard '
is 'spam-text' "$(sets 'spam-header = "X-Spam: ([a-z]+)" spam-kind = "text" spam-text = [ "3 maybe" ]' \
	"${spam/PERCENT/22}")" 'discard '
virus='require ["virustest", "relational", "comparator-i;ascii-numeric"];
if virustest :value "eq" :comparator "i;ascii-numeric" "4" { discard; }'
is 'virus-text' "$(sets 'virus-header = "X-Virus" virus-kind = "text" virus-text = [ "1 No", "4 Perhaps" ]' \
	"$virus")" 'discard '

two='require "copy"; redirect :copy "a@x.org"; redirect :copy "b@x.org";'
is 'max-redirects' "$(sets 'max-redirects = 2' "$two")" \
	'redirect "a@x.org" redirect "b@x.org" implicit-keep '
like 'one more is an error' "$(sets 'max-redirects = 1' "$two")" 'mr-filter: .*rules.sieve:1.*implicit-keep'
like 'max-actions' "$(sets 'max-actions = 1' "$two")" 'mr-filter: .*rules.sieve:1.*implicit-keep'

done_testing
