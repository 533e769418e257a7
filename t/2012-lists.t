#!/usr/bin/env bash
# Lists in files (RFC 6134) and the verdicts of scanners (RFC 5235), as a configuration has
# them; a list of a million lines is no burden.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

dir=$TEST_HOME/lists
mkdir -p "$dir/rules.d" "$dir/lists"
cat >"$dir/config" <<'CONF'
filter: {
  spam-header = "X-Spam-Status: score=(-?[0-9.]+)"
  spam-max = "10"
  virus-header = "X-Virus: seems ([a-z]+)"
  virus-kind = "text"
  virus-text = [ "1 clean", "5 infected" ]
}
CONF
chmod 600 "$dir/config"
printf '%s\n' 'From: Bob <Bob@example.org>' 'To: me@example.net' \
	'X-Spam-Status: Yes, score=7.5 required=5.0' 'X-Virus: seems infected' \
	'Subject: one' '' 'body' >"$dir/message"

# decided RULE: what is decided, without the places of the rules.
decided() {
	printf 'require ["fileinto", "extlists", "variables", "envelope", "copy", "spamtestplus",
"virustest", "relational", "comparator-i;ascii-numeric", "subaddress"];\n%s\n' "$1" \
		>"$dir/rules.d/1.sieve"
	mr-filter -c "$dir/config" explain --plain "$dir/message" 2>"$ERR" | sed 's/ # .*//'
}

printf '# my friends\nalice@example.org\nbob@example.org friends/bob\n' >"$dir/lists/friends"
printf 'x@example.org\ny@example.org\n' >"$dir/lists/two"
is 'the folder "lists" beside the configuration' \
	"$(decided 'if address :list "from" ":addrbook:friends" { fileinto "${1}"; }')" \
	'fileinto "friends/bob"'
is 'a list is redirected to' "$(decided 'redirect :list "tag:example.org,2026:two";')" \
	$'redirect "x@example.org"\nredirect "y@example.org"'
ln -s /etc/passwd "$dir/lists/passwd"
decided 'if string :list "root" "passwd" { discard; }' >"$OUT"
ok 'a link is an error that keeps the message' \
	'grep -q keep "$OUT" && ! grep -q discard "$OUT"'

perl -e 'printf "user%d\@example.com value%d\n", $_, $_ for 1 .. 1_000_000' >"$dir/lists/million"
start=$(date +%s%N)
is 'one of a million lines' \
	"$(decided 'if string :list "USER777777@example.com" "million" { fileinto "${1}"; }')" \
	'fileinto "value777777"'
# A laden machine may take longer than it should; a list that is searched line by line for each
# line takes days.
ok 'is found in less than ten seconds' '[ $((($(date +%s%N) - start) / 1000000)) -lt 10000 ]'

is 'a score' "$(decided 'if allof (spamtest :value "eq" :comparator "i;ascii-numeric" "7",
	spamtest :percent :value "eq" :comparator "i;ascii-numeric" "75",
	spamtest :count "eq" "1") { fileinto "spam"; }')" 'fileinto "spam"'
is 'a word' "$(decided 'if virustest :value "eq" :comparator "i;ascii-numeric" "5"
	{ fileinto "virus"; }')" 'fileinto "virus"'
done_testing
