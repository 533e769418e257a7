#!/usr/bin/env bash
# Every setting that a table knows stands in mailrail.conf(5), and nothing else does; the
# example is a configuration that all programs take.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$MR_TOP" || exit 1

page=common/mailrail.conf.5
# Rows span lines: all of a file is one line here.
for file in $(grep -rlE 'SETTING(_CHOOSE|_RANGE)?\(|\.kind = SETTING_' --include='*.[ch]' \
	common/mail common/net fetch filter deliver relay); do
	tr '\n' ' ' <"$file" |
		grep -oE 'SETTING(_CHOOSE|_RANGE)?\([a-z_]+, *[a-z_.]+, *"[a-z-]+"|\.name = "[a-z-]+", *\.kind' |
		grep -oE '"[a-z-]+"' | tr -d '"'
done | sort -u >"$TEST_HOME/known"
grep -oE '^\.It Cm [a-z-]+' "$page" | cut -d' ' -f3 | sort -u >"$TEST_HOME/told"

ok 'the tables were found' '[ "$(wc -l <"$TEST_HOME/known")" -gt 20 ]'
is 'settings without a word in mailrail.conf(5)' \
	"$(comm -23 "$TEST_HOME/known" "$TEST_HOME/told")" ''
is 'words of mailrail.conf(5) that are no settings' \
	"$(comm -13 "$TEST_HOME/known" "$TEST_HOME/told")" ''

mkdir -p "$TEST_HOME/example/rules.d"
cp common/mailrail.conf.example "$TEST_HOME/example/config"
config=$TEST_HOME/example/config
exits 'mr-filter takes the example' 0 mr-filter -c "$config" check
exits 'mr-relay takes it' 0 mr-relay -c "$config" queue
printf 'Subject: one\n\n' >"$TEST_HOME/one"
exits 'mr-deliver takes it' 0 mr-deliver -c "$config" "$TEST_HOME/one"
run mr-fetch -c "$config" check home <"$TEST_HOME/one"
ok 'mr-fetch takes it and gets as far as the password' \
	'[ "$STATUS" = 78 ] && grep -q "pass show mail/home\|password-command" "$ERR"'

# The commented second account and settings are right, too.
sed -E 's/^( *)# ((  )?[a-z-]+( = |: \{)|  \}|\})/\1\2/' "$config" >"$config.all"
chmod 600 "$config.all"
exits 'what the example has in comments is right, too' 0 mr-relay -c "$config.all" queue
run mr-fetch -c "$config.all" check work
ok 'the second account of the example is one' \
	'[ "$STATUS" = 78 ] && grep -q "account work" "$ERR"'

done_testing
