#!/usr/bin/env bash
# Large rule files: little memory, every mistake told, nothing compiled in vain.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

"$MR_TOP/t/bench/rules" header sieve 20000 >large.sieve
printf 'Subject: ticket 20000 of the month\nFrom: a@b\n\ntext\n' >message

# A build with sanitizers has its own needs.
most=98304
grep -q -a __asan_init "$MR_BUILD/filter/mr-filter" && most=unlimited
exits '20,000 rules are compiled' 0 mr-filter check large.sieve
run bash -c "ulimit -v $most; exec mr-filter --rules large.sieve --message message"
is 'a message in 96 MiB of addresses' "$STATUS $(cat "$ERR")" '0 '
"$MR_TOP/t/lib/generate" mbox 20 200 >mbox
run bash -c "ulimit -v $most; exec mr-filter --rules large.sieve --mbox mbox"
is 'and twenty of them' "$STATUS $(cat "$ERR")" '0 '
is 'all are kept' "$(grep -c '^action: implicit keep;' "$OUT")" 20

# An expression that is not compiled before it is needed is wrong all the same.
n=0
for bad in '(' 'a)' '[b' '*a' 'a**' '[z-a]' 'a{5,2}' '(?<n' '\\Cx' '[[:what:]]' 'a{99999}'; do
	n=$((n + 1))
	printf 'require "regex";\nif header :regex "x" "fine" { keep; }\n  if header :regex "x" "%s" { stop; }\n' \
		"$bad" >bad.sieve
	run mr-filter check bad.sieve
	ok "$bad is refused, with its place" \
		'[ "$STATUS" = 65 ] && grep -q "^bad.sieve:3:24: .*regular expression" "$OUT" "$ERR"'
done

# The text that each match has to contain is there, or the expression is not tried.
cat >slow.sieve <<'SIEVE'
require ["regex", "fileinto"];
if header :regex "subject" "^(a+)+ needed$" { fileinto "found"; }
SIEVE
a=$(printf 'a%.0s' {1..60})
printf 'Subject: %s!\n\n' "$a" >absent
printf 'Subject: %s! needed\n\n' "$a" >present
printf 'Subject: aaa needed\n\n' >right
for verb in '' 'explain --plain'; do
	run mr-filter $verb --rules slow.sieve absent
	is "absent: no error (${verb:-main job})" "$STATUS $(cat "$ERR")" '0 '
	run mr-filter $verb --rules slow.sieve present
	like "present: given up (${verb:-main job})" "$(cat "$OUT" "$ERR")" 'given up'
	run mr-filter $verb --rules slow.sieve right
	like "right: found (${verb:-main job})" "$(cat "$OUT")" 'fileinto "found"'
done
done_testing
