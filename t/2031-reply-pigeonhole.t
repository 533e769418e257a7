#!/usr/bin/env bash
# vacation, reject and notify beside Pigeonhole's sieve-test: whether a reply goes, what is an
# error, who is told.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

type sieve-test >/dev/null 2>&1 || bail_out 'no sieve-test: t/check installs dovecot-sieve'

dir=$TEST_HOME/sieve
mkdir -p "$dir/home"
uid=$(id -u) gid=$(id -g)
# sieve-test wants to be nobody when it is started by root.
[ "$uid" != 0 ] || { uid=65534 gid=65534; chmod 755 "$TEST_HOME"; chmod -R 777 "$dir"; }
cat >"$dir/dovecot.conf" <<CONF
mail_uid = $uid
mail_gid = $gid
first_valid_uid = 1
mail_home = $dir/home
mail_location = maildir:$dir/home/Maildir
postmaster_address = postmaster@example.org
log_path = /dev/stderr
info_log_path = /dev/stderr
plugin {
  sieve = file:$dir/home/active.sieve
  sieve_extensions = +vacation-seconds
  sieve_vacation_min_period = 0
  sieve_vacation_max_period = 365d
}
CONF

# Each line: replied SECONDS, rejected, told ADDRESS, kept, or error.
theirs() {
	sieve-test -e -c "$dir/dovecot.conf" -C -f "$1" -r me@example.net "$dir/s.sieve" \
		"$dir/m" >"$OUT" 2>&1 || {
		echo error
		return
	}
	sieve-test -c "$dir/dovecot.conf" -C -f "$1" -r me@example.net "$dir/s.sieve" \
		"$dir/m" >>"$OUT" 2>&1
	perl -ne '
		$seconds = $1 if /=> seconds : (\d+)/;
		$sent = 1 if /^info: .*sent vacation response/;
		$line{"rejected"} = 1 if /^ \* reject message/;
		$line{"told $1"} = 1 if /^ +\+ (?:To|Cc): (.*)/;
		$line{"kept"} = 1 if /^ \* store message in folder: INBOX/;
		END {
			$line{"replied $seconds"} = 1 if $sent;
			print "$_\n" for sort keys %line;
		}' "$OUT"
}

ours() {
	mr-filter explain --plain --rules "$dir/s.sieve" --envelope from="$1" \
		--envelope to=me@example.net "$dir/m" >"$OUT" 2>"$ERR" || {
		echo error
		return
	}
	perl -ne '
		print "replied $1\n" if /^vacation .*? seconds (\d+)/;
		print "replied 0\n" if /^vacation / && !/ seconds \d/;
		print "rejected\n" if /^e?reject/;
		print "told $1\n" if /^notify "(.*?)"/;
		print "kept\n" if /^(implicit-)?keep/;' "$OUT" | sort -u
}

# same LABEL SENDER FIELDS SCRIPT
same() {
	printf 'Message-ID: <1@b.org>\n%b\ntext\n' "$3" >"$dir/m"
	printf 'require ["vacation","vacation-seconds","reject","enotify","variables","copy",
		"fileinto"];\n%s\n' "$4" >"$dir/s.sieve"
	chmod a+r "$dir/m" "$dir/s.sieve"
	is "$1" "$(ours "$2")" "$(theirs "$2")"
}

me='From: a@b.org\nTo: me@example.net\nSubject: hi\n'
v='vacation "away";'
while IFS='|' read -r label sender fields script; do
	[ -n "$label" ] || continue
	same "$label" "$sender" "${fields/ME/$me}" "${script:-$v}"
done <<'TABLE'
plain|a@b.org|ME|
in Cc|a@b.org|Cc: me@example.net\n|
in another case|a@b.org|To: ME@EXAMPLE.net\n|
to nobody|a@b.org|Subject: x\n|
to another|a@b.org|To: you@example.net\n|
Resent-To|a@b.org|To: x@y.org\nResent-To: me@example.net\n|
:addresses|a@b.org|To: you@example.net\n|vacation :addresses "you@example.net" "away";
MAILER-DAEMON|mailer-daemon@b.org|ME|
owner-|owner-x@b.org|ME|
-request|x-request@b.org|ME|
majordomo|majordomo@b.org|ME|
listserv|listserv@b.org|ME|
the user|me@example.net|ME|
postmaster|postmaster@b.org|ME|
Auto-Submitted no|a@b.org|Auto-Submitted: no\nME|
Auto-Submitted|a@b.org|Auto-Submitted: auto-replied\nME|
Precedence bulk|a@b.org|Precedence: bulk\nME|
Precedence junk|a@b.org|Precedence: junk\nME|
Precedence list|a@b.org|Precedence: list\nME|
List-Id|a@b.org|List-Id: <x.y>\nME|
List-Unsubscribe|a@b.org|List-Unsubscribe: <mailto:x@y.org>\nME|
suppressed|a@b.org|X-Auto-Response-Suppress: OOF\nME|
not suppressed|a@b.org|X-Auto-Response-Suppress: RN\nME|
days|a@b.org|ME|vacation :days 23 "away";
seconds|a@b.org|ME|vacation :seconds 1800 "away";
days and seconds|a@b.org|ME|vacation :days 1 :seconds 1800 "away";
twice|a@b.org|ME|vacation "a"; vacation "b";
with reject|a@b.org|ME|vacation "a"; reject "b";
behind reject|a@b.org|ME|reject "b"; vacation "a";
wrong from|a@b.org|ME|vacation :from "nobody at all" "a";
reject|a@b.org|ME|reject "no";
reject twice|a@b.org|ME|reject "no"; reject "no";
reject and keep|a@b.org|ME|reject "no"; keep;
reject and fileinto|a@b.org|ME|fileinto :copy "x"; reject "no";
reject and redirect|a@b.org|ME|redirect :copy "a@b.org"; reject "no";
reject and discard|a@b.org|ME|discard; reject "no";
notify|a@b.org|ME|notify "mailto:p@q.org";
notify several|a@b.org|ME|notify "mailto:p@q.org?to=s@q.org&cc=t@q.org";
notify nobody twice|a@b.org|ME|notify "mailto:p@q.org"; notify "mailto:p@q.org";
notify another method|a@b.org|ME|notify "tel:+1408";
notify a wrong address|a@b.org|ME|notify "mailto:p q";
notify importance|a@b.org|ME|notify :importance "9" "mailto:p@q.org";
valid|a@b.org|ME|if valid_notify_method "mailto:p@q.org" { discard; }
not valid|a@b.org|ME|if valid_notify_method ["mailto:p@q.org", "http://x"] { discard; }
online|a@b.org|ME|if notify_method_capability "mailto:p@q.org" "online" "maybe" { discard; }
unknown capability|a@b.org|ME|if notify_method_capability "mailto:p@q.org" "x" "" { discard; }
encodeurl|a@b.org|ME|set :encodeurl "a" "p q&/é"; if string "${a}" "p%20q%26%2F%C3%A9" { discard; }
TABLE

# RFC 6068 section 2: to = addr-spec *("," addr-spec); Pigeonhole 0.5.19 takes one only.
printf '%b\ntext\n' "$me" >"$dir/m"
printf 'require "enotify"; notify "mailto:p@q.org,r@q.org";\n' >"$dir/s.sieve"
is 'several before the "?"' "$(ours a@b.org)" $'kept\ntold p@q.org\ntold r@q.org'
is 'are an error there' "$(theirs a@b.org)" error

done_testing
