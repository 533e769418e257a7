#!/usr/bin/env bash
# Special use (RFC 8579): rules name what a folder is for, a setting says which it is.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

dir=$TEST_HOME/use
mkdir -p "$dir/rules.d"
cat >"$dir/config" <<CONF
deliver: {
  inbox = "maildir:$dir/Mail"
  special-use = [ "\\\\Junk Gone", "\\\\Junk Spam", "\\\\Junk Other", "\\\\Archive Archive" ]
}
CONF
for folder in Mail Mail/.Spam Mail/.Other; do
	mkdir -p "$dir/$folder/cur" "$dir/$folder/new" "$dir/$folder/tmp"
done
printf 'Subject: one\n\nbody\n' >"$dir/message"

# deliver RULE: the message by this rule.
deliver() {
	printf 'require ["fileinto", "special-use", "mailbox"];\n%s\n' "$1" >"$dir/rules.d/1.sieve"
	mr-filter -c "$dir/config" <"$dir/message" | mr-deliver -c "$dir/config"
}
held() { find "$dir/Mail/$1/new" -type f 2>/dev/null | wc -l; }

ok 'delivered by use' 'deliver "fileinto :specialuse \"\\\\Junk\" \"Named\";"'
is 'into the first folder that exists' "$(held .Spam)" 1
is 'not into the one named' "$(held .Named)" 0
ok 'delivered to one of the folders by name' 'deliver "fileinto :specialuse \"\\\\junk\" \"Other\";"'
is 'which is taken' "$(held .Other)" 1
ok 'delivered without a folder for it' \
	'deliver "fileinto :specialuse \"\\\\Archive\" :create \"Named\";"'
is 'into the one named' "$(held .Named)" 1
ok 'an unknown use' 'deliver "fileinto :specialuse \"\\\\Flagged\" \"Named\";"'
is 'is the folder named, too' "$(held .Named)" 2
ok 'both ways to one folder' \
	'deliver "fileinto :specialuse \"\\\\Junk\" \"x\"; fileinto \"Spam\";"'
is 'is one copy' "$(held .Spam)" 2

ok 'the test asks the same folders' 'deliver "
	if allof (specialuse_exists \"\\\\Junk\", specialuse_exists \"Spam\" \"\\\\Junk\",
		not specialuse_exists \"Gone\" \"\\\\Junk\", not specialuse_exists \"\\\\Archive\",
		not specialuse_exists \"Spam\" \"\\\\Archive\") { fileinto \"Named\"; }"'
is 'and it is so' "$(held .Named)" 3

sed -i 's/"..Junk Gone"/"Junk Gone"/' "$dir/config"
exits 'a use without a backslash is a mistake of the configuration' 78 \
	mr-deliver -c "$dir/config" "$dir/message"
ok 'that is told' 'grep -q "special-use .*expected a use and a folder" "$ERR"'
done_testing
