#!/usr/bin/env bash
# mr-filter stats: which rule decided how many messages, and which never did.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
rules=$XDG_CONFIG_HOME/mailrail/rules.d
mkdir -p "$rules"
cat >"$rules/10.sieve" <<'SIEVE'
require ["fileinto", "copy"];
if header :contains "subject" "a" { fileinto "a"; }
elsif header :contains "subject" "b" { fileinto :copy "b"; keep; }
elsif header :contains "subject" "never" {
	redirect "x@y.org";
}
SIEVE
exits 'without a ledger' 0 mr-filter stats
is 'nothing has fired' "$(cat "$OUT")" '       -  never                 10.sieve:2
       -  never                 10.sieve:3
       -  never                 10.sieve:3
       -  never                 10.sieve:5'
for subject in a a a b other; do
	printf 'Subject: %s\n\n' "$subject" | mr-filter | mr-deliver
done
exits 'with one' 0 mr-filter stats
is 'counts' "$(awk '{print $1, $3}' "$OUT")" '3 10.sieve:2
2 10.sieve:3
1 implicit
- 10.sieve:5'
like 'when last' "$(head -1 "$OUT")" "^ +3  $(date -u +%Y)-..-..T..:..:..Z  10.sieve:2$"
run mr-filter stats --since 2999-01-01
is 'nothing since' "$(grep -vc never "$OUT")" 0
run mr-filter stats --since 1d
is 'since yesterday' "$(grep -vc never "$OUT")" 3
exits 'JSON' 0 mr-filter stats --json
is 'its members' "$(perl -MJSON::PP -e '
	my $o = decode_json(<>);
	print join(" ", map { "$_->{rule}=$_->{messages}" } @{$o->{rules}}), " / @{$o->{never}}"' "$OUT")" \
	'10.sieve:2=3 10.sieve:3=2 implicit=1 / 10.sieve:5'
exits 'a time that is none' 64 mr-filter stats --since never
done_testing
