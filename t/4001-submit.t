#!/usr/bin/env bash
# Submission as its real callers do it: what is queued, for whom, and with which exit status.
# check: asan
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
	relay: { hostname = "laptop.test", send = "manual" }
	smarthost: { default: { host = "127.0.0.1", port = 9, tls = "none" } }
EOF
queue=$XDG_STATE_HOME/mailrail/queue

# submit INPUT OPTIONS...: runs sendmail; the message is in $content, the addresses of its
# envelope in $from and $to. INPUT is a printf format.
submit() {
	local input=$1 id
	shift
	# shellcheck disable=SC2059
	run sendmail "$@" < <(printf "$input")
	id=$(ls "$queue/queue" 2>/dev/null)
	content=$queue/content/$id
	from=$(sed -n 's/^from //p' "$queue/queue/$id" 2>/dev/null)
	to=$(sed -n 's/^to //p' "$queue/queue/$id" 2>/dev/null | tr '\n' ' ')
	[ -z "$id" ] || rm -f "$queue/queue/$id"
}

me=$(id -un)
submit 'From: root (Cron Daemon)\nTo: alice\nSubject: Cron\n\noutput\n.\nmore\n' \
	-FCronDaemon -i -B8BITMIME -oem alice
is 'Debian cron: accepted' "$STATUS" 0
is 'Debian cron: to' "$to" 'alice@laptop.test '
is 'Debian cron: from the user' "$from" "$me@laptop.test"
ok 'Debian cron: From gets its domain' 'grep -qx "From: root@laptop.test (Cron Daemon)" "$content"'
ok 'a dot does not end it under -i' 'grep -qx more "$content"'
ok 'Date and Message-ID are there' '[ "$(grep -cE "^(Date|Message-ID): " "$content")" = 2 ]'

submit 'From: mdadm\nTo: root\nSubject: DegradedArray\n\ntext\n.\nlost\n' -t
is 'mdadm: to whom the header names' "$to" 'root@laptop.test '
ok 'mdadm: without -i a dot ends it' '! grep -q lost "$content" && grep -qx text "$content"'

submit 'To: a@x\r\nBcc: secret@x\r\nSubject: php\r\n\r\nline\r\n' -t -i -fwww@site.test
is 'PHP: sender' "$from" www@site.test
is 'PHP: to, Bcc too' "$to" 'a@x secret@x '
ok 'PHP: the Bcc is not in the mail' '! grep -qi "bcc\|secret" "$content"'
ok 'PHP: CRLF is stored as LF' '! grep -q $'"'\r'"' "$content"'
ok 'PHP: From names the sender' 'grep -q "^From: .*www@site.test" "$content"'

patch='From: A <a@x>\nTo: l@x\nDate: d\nMessage-Id: <m@x>\nSubject: [PATCH]\n\n---\n'
submit "$patch" -f a@x -i one@x two@x,three@x
is 'git send-email: to, comma lists too' "$to" 'one@x two@x three@x '
ok 'git send-email: the bytes are the same' 'printf "$patch" | cmp - "$content"'

submit 'To: x@y\n\nb\n' -oem -oi -f '' -B 8BITMIME -N failure -R hdrs -- "O'Neil <o@x>"
is 'mutt: the null sender' "$STATUS,$from" '0,'
is 'mutt: a full address' "$to" 'o@x '
submit 'hello\n' root
is 'atd: a name, no header' "$to$(sed '1,/^$/d' "$content")" 'root@laptop.test hello'
submit 'To: a@x, b@x\nCc: c\nBcc: d@x,\n e@x\nbcc : f@x\n\nBcc: body@x\n' -t g@x a@x
is '-t and arguments add up, each once' "$to" 'g@x a@x b@x c@laptop.test d@x e@x f@x '
ok 'no Bcc of the header leaves' '! sed "/^$/q" "$content" | grep -qi "^bcc *:"'
ok 'a Bcc in the body does' 'grep -qx "Bcc: body@x" "$content"'
submit 'Resent-To: new@x\nTo: old@x\nBcc: old2@x\n\n' -t
is 'Resent fields stand alone' "$to" 'new@x '
submit 'Subject: x\n\nbody\n' -F "$(printf 'long%.0s' {1..600})" x@y
ok 'a long name makes no line that SMTP does not know' \
	'! grep -q "^.\{999\}" "$content"'
submit 'Subject: x\n\n\0\377\001 8-bit\n' -F "$(printf 'J\303\266rg "x"')" x@y
is 'NUL and 8-bit pass' "$(tail -c 10 "$content" | od -An -tx1 | tr -d ' \n')" \
	00ff0120382d6269740a
ok 'a full name is encoded' 'grep -qE "^From: =\?utf-8\?B\?[A-Za-z0-9+/=]+\?= <" "$content"'

refused() {
	local label=$1 want=$2
	shift 2
	submit "$@"
	is "$label" "$STATUS" "$want"
	ok "$label: said in one line, nothing is queued" \
		'[ "$(wc -l <"$ERR")" = 1 ] && [ -z "$(ls "$queue/queue")" ]'
}
refused 'no recipients' 64 'To: x@y\n\n'
refused 'no recipients in the header' 65 'Subject: x\n\nb\n' -t
refused 'a recipient that is no address' 65 'x\n' 'a@b@c d'
refused 'CR LF in a recipient' 65 'x\n' $'ok@y>\r\nRCPT TO:<inj@z'
refused 'LF in the sender' 65 'x\n' -f $'a@b\nBcc: z@y' x@y
refused 'LF in the name' 65 'x\n' -F $'x\nBcc: z@y' x@y
refused 'an option that is unknown' 64 'x\n' -Z x@y
refused 'SMTP on stdin' 64 'x\n' -bs
refused 'a daemon' 64 'x\n' -bd
refused 'nothing on stdin' 75 '' x@y
refused 'only a dot' 75 '.\n' x@y
submit 'To: x@y\n\n<?php\n' -t -X "$TEST_HOME/evil.php" -OQueueDirectory="$TEST_HOME/evil"
ok '-X opens no file' '[ "$STATUS" = 0 ] && ! ls "$TEST_HOME" | grep -q evil'

exits 'newaliases does nothing' 0 newaliases
run sendmail x@y < <(echo x)
run mailq
like 'mailq lists' "$(cat "$OUT")" '-- 1 Kbytes in 1 Request'
exits 'delete takes it out' 0 mr-relay delete "$(ls "$queue/queue")"
run sendmail -bp
is 'an empty queue says so' "$(cat "$OUT")" 'Mail queue is empty'
exits 'an id that is a path' 64 mr-relay delete ../content/x
printf 'relay: { queue = "/proc/none" }\n' >"$XDG_CONFIG_HOME/mailrail/config"
run sendmail x@y < <(echo x)
ok 'a spool that cannot be made' '[ "$STATUS" = 73 ] || [ "$STATUS" = 75 ]'
printf 'relay: { hostnam = "x" }\n' >"$XDG_CONFIG_HOME/mailrail/config"
run sendmail x@y < <(echo x)
is 'a mistake in the configuration' "$STATUS" 78
like 'it is named with its line' "$(cat "$ERR")" 'config:1: unknown setting "hostnam"'
done_testing
