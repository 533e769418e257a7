#!/usr/bin/env bash
# mr-fetch setup: a configuration that is there keeps its comments or is not touched; hosts
# outside of the domain want a yes; a bad name server ends nothing.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/dns.sh"

dovecot_start
dns_start
config=$XDG_CONFIG_HOME/mailrail/config
none='_submissions._tcp.localhost 0 0 0 .'
dns_table <<<"_imaps._tcp.localhost 0 1 $DOVECOT_IMAPS localhost
$none"

# set_up OPTION...: without a terminal; write: the configuration from stdin.
set_up() {
	run mr-fetch setup --resolver "$DNS" --ca-file "$DOVECOT_CA" --user alice \
		--password-command 'echo alice secret' "$@" </dev/null
}

write() {
	rm -f "$config" "$config~"
	cat >"$config"
	chmod 600 "$config"
	cp "$config" "$TEST_HOME/before"
}

# added LABEL: the account is there and works, and whatever was there is there.
added() {
	set_up alice@localhost
	is "$1: 0" "$STATUS" 0
	is "$1: not a line is lost" "$(grep -cvxFf "$config" "$TEST_HOME/before")" 0
	ok "$1: it works" 'mr-fetch check localhost'
	ok "$1: the old one stays beside it" 'cmp "$config~" "$TEST_HOME/before"'
}

write <<'END'
# Mine; "}" account: {
account: { // the first }
  old: { host = "h"; user = "}\"" }  /* } */
  # the end }
}
deliver: { inbox = "maildir:~/Mail" }   # last
END
added 'comments'
is 'it stands where it belongs' "$(grep -nE '# the end|^  localhost: |^deliver' "$config" |
	cut -d: -f2 | xargs)" '# the end } localhost deliver'
write <<'END'
deliver: { inbox = "maildir:~/Mail" }
END
added 'no section yet'
printf 'filter: { rules = "rules.d" }' | write
added 'no line end'
write <<'END'
account = {
}
END
added 'an empty section'
write </dev/null
added 'an empty file'
write <<'END'
smarthost: { mine: { host = "mine" } }
END
set_up alice@localhost
ok 'a smart host stays' '! grep -q default: "$config" && grep -q "stays as it is" "$OUT"'
mv "$config" "$TEST_HOME/elsewhere"
: >"$TEST_HOME/elsewhere"
ln -s "$TEST_HOME/elsewhere" "$config"
set_up alice@localhost
ok 'a link stays one' '[ -L "$config" ] && grep -q alice "$TEST_HOME/elsewhere"'
rm "$config"

# refused LABEL STATUS REGEX: and nothing is touched.
refused() {
	set_up alice@localhost
	is "$1: $2" "$STATUS" "$2"
	like "$1: says why" "$(cat "$ERR")" "$3"
	ok "$1: nothing is changed" 'cmp "$config" "$TEST_HOME/before" && [ ! -e "$config~" ]'
	is "$1: nothing is left" "$(ls -A "${config%/*}" | grep -vxF -e config -e more)" ''
}

write <<<'account: { old: { host = "h" '
refused 'broken' 78 'config:[0-9]+: syntax error'
write <<<'account: { old: { colour = "red" } }'
refused 'an unknown setting' 78 'config:1: .*colour'
echo 'account: { old: { host = "h"; user = "u" } }' >"${config%/*}/more"
write <<END
@include "more"
END
refused 'other files are included' 78 'put these lines there yourself: .*includes other files'
like 'and the section is printed' "$(cat "$OUT")" '  localhost: \{'
if [ "$(id -u)" = 0 ]; then
	write <<<'deliver: { }'
	chown nobody "$config"
	refused 'the file of somebody else' 78 'belongs to somebody else'
	rm -f "$config"
fi
rm -f "$config"

# A domain of which nothing is known; its records lead to localhost.
dns_table <<<"_imaps._tcp.example.invalid 0 1 $DOVECOT_IMAPS localhost
_submissions._tcp.example.invalid 0 0 0 ."
sleep 0.3
logins=$(grep -c imap-login "$DOVECOT_LOG")
set_up alice@example.invalid
sleep 0.3
is 'outside of the domain: 64' "$STATUS" 64
like 'it is told' "$(cat "$OUT")" 'localhost:.*not in the domain of the address, left out'
like 'and what to do' "$(cat "$ERR")" 'yes takes them'
is 'nobody was contacted' "$(grep -c imap-login "$DOVECOT_LOG")" "$logins"
ok 'nothing is written' '[ ! -e "$config" ]'
set_up --yes --name other alice@example.invalid
is '--yes takes it: 0' "$STATUS" 0
ok 'it works' 'mr-fetch check other'
rm -f "$config"

for wrong in truncated garbage cut loop servfail other silent huge; do
	dns_table <<<"_imaps._tcp.example.invalid $wrong
_imaps._tcp.example.invalid 0 1 $DOVECOT_IMAPS localhost"
	run timeout 60 mr-fetch setup --resolver "$DNS" --protocol imap \
		--password-command 'echo alice secret' alice@example.invalid </dev/null
	like "$wrong: an end" "$STATUS" '^(64|75)$'
	is "$wrong: one line says it" "$(wc -l <"$ERR")" 1
	ok "$wrong: nothing is written" '[ ! -e "$config" ]'
done
dns_table <<<'_imaps._tcp.example.invalid 0 0 0 .'
set_up --protocol imap alice@example.invalid
is 'not offered: 78' "$STATUS" 78
unlike 'nothing is guessed' "$(cat "$OUT")" 'usual name'
dns_table </dev/null
run mr-fetch setup --resolver "$DNS" --password-command false alice@example.invalid </dev/null
is 'no records, nobody answers: 75' "$STATUS" 75
is 'the usual names were tried' "$(sed -n 's/ (TLS, usual name).*//p' "$OUT" | xargs)" \
	'IMAP imap.example.invalid:993 IMAP mail.example.invalid:993 IMAP example.invalid:993 POP3 pop.example.invalid:995 POP3 mail.example.invalid:995 POP3 example.invalid:995'
is 'a host that is named needs no record' "$(dns_log | sort -u | wc -l)" 6
done_testing
