#!/usr/bin/env bash
# mr-filter check --portable: what other Sieve servers lack, told as warnings.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

cat >"$TEST_HOME/a.sieve" <<'END'
require ["fileinto", "regex", "fcc", "copy"];
if header :regex "subject" "\\d+" { fileinto "x"; }
if header :regex "subject" ["^\\[a\\] .+$", "(?i)b", "c*?"] { fileinto "x"; }
redirect :copy "a@example.org"; redirect :copy "b@example.org"; redirect :copy "c@example.org";
redirect :copy "d@example.org"; redirect :copy "e@example.org"; redirect :copy "f@example.org";
END
run mr-filter check --portable "$TEST_HOME/a.sieve"
is 'warnings are no failure' "$STATUS $(cat "$ERR")" '0 '
is 'each at its place' "$(sed -n 's/.*a.sieve:\([0-9]*:[0-9]*\): warning: \([^:]*\).*/\1 \2/p' "$OUT")" \
	'1:22 "regex"
1:31 "fcc"
2:28 a backslash before a letter or digit is not known to POSIX regular expressions
3:45 a group with "?" is not known to POSIX regular expressions
3:54 a quantifier that takes as little as possible is not known to POSIX regular expressions
5:33 the fifth redirect'
run mr-filter check "$TEST_HOME/a.sieve"
is 'silent when not asked' "$STATUS $(cat "$OUT" "$ERR")" '0 '

mkdir "$TEST_HOME/rules.d"
echo 'keep;' >"$TEST_HOME/rules.d/1.sieve"
echo 'keep;' >"$TEST_HOME/rules.d/2.sieve"
echo 'keep' >"$TEST_HOME/rules.d/3.sieve"
run mr-filter check --portable "$TEST_HOME/rules.d"
is 'mistakes are one' "$STATUS" 65
is 'a second file, and the mistake' "$(grep -o '[0-9].sieve:.*: [a-z]*: [a-z]*' "$OUT")" \
	'2.sieve:1:1: warning: a
3.sieve:1:5: error: missing'
{
	printf 'if true {%.0s' $(seq 20)
	echo 'keep;'
	printf '}%.0s' $(seq 20)
} >"$TEST_HOME/deep.sieve"
run mr-filter check --portable "$TEST_HOME/deep.sieve"
like 'deep' "$(cat "$OUT")" 'deep.sieve:1:[0-9]*: warning: nested deeper than the 15 levels'
is 'once' "$(grep -c warning "$OUT")" 1
done_testing
