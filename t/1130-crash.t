#!/usr/bin/env bash
# mr-fetch killed at its system calls, then run again: each of 20 messages is on disk exactly
# once, the server has what the settings leave there, and the next run has nothing to do.
# A sample of the calls that change something (a kill at any other is like one at the next of
# them); more of these: MR_CRASH=N, each Nth; simply all: MR_CRASH=full.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"
. "$MR_TOP/t/lib/chain.sh"

command -v strace >/dev/null || bail_out "strace is not installed"
dovecot_start
mkdir "$TEST_HOME/mail"
for i in $(seq 20); do
	printf 'From: a@example.org\nSubject: %d\nMessage-ID: <%d@crash>\n\nbody of %d\n' \
		"$i" "$i" "$i" >"$TEST_HOME/mail/$i.eml"
done
cp -r "$TEST_HOME/mail" "$DOVECOT_DIR/mail/crash"
inbox=$(dovecot_folder alice INBOX)
mkdir -p "$inbox"/{cur,new,tmp}
dovecot_own
other=$(dovecot_folder alice Done)

# Whoever stores is another process, and not the one to be killed; nor is the thread that logs
# in, which has nothing to lose.
cat >"$TEST_HOME/store" <<'END'
#!/bin/sh
mr-filter | mr-deliver
END
chmod 700 "$TEST_HOME/store"

reset() {
	rm -rf "$CHAIN_MAIL" "$XDG_STATE_HOME"/* "$XDG_RUNTIME_DIR"/* "$other"
	find "$inbox" -type f \( -path '*/cur/*' -o -path '*/new/*' \) -delete
	# Names that Dovecot has not seen; it never writes into a message.
	perl -MTime::HiRes=time -e '
		my ($from, $to, $base) = (@ARGV, int(time * 1000));
		link "$from/$_.eml", sprintf("$to/%d.M%dP1_%02d.test", $base / 1000, $base, $_)
			or die "link: $!\n" for 1 .. 20;' "$DOVECOT_DIR/mail/crash" "$inbox/new"
}
# subjects DIRECTORY...: each message there, in order.
subjects() {
	find "$@" -type f \( -path '*/cur/*' -o -path '*/new/*' \) -exec grep -h ^Subject: {} + \
		2>/dev/null | cut -d' ' -f2 | sort -n | paste -sd' '
}
killed() {
	strace -qq -o /dev/null -e "inject=$1:signal=KILL:when=$2" mr-fetch 2>/dev/null |
		"$TEST_HOME/store" >/dev/null 2>&1
}

# what_is NAME WANT GOT: silence when they are the same.
what_is() {
	[ "$2" = "$3" ] || echo "$1: $3, not $2"
}

# one SYSCALL N: killed there, run again, looked at; silence when all is well.
one() {
	local before
	reset
	# In a subshell: bash tells on stderr who was killed.
	(killed "$1" "$2"; :) 2>/dev/null
	before=$(subjects "$CHAIN_MAIL")
	what_is 'after the kill, twice' '' "$(tr ' ' '\n' <<<"$before" | uniq -d | paste -sd' ')"
	what_is 'after the kill, lost' "$all" "$( (
		tr ' ' '\n' <<<"$before"
		subjects "$inbox"/{cur,new} "$other" | tr ' ' '\n'
	) | grep . | sort -nu | paste -sd' ')"
	mr-fetch 2>"$TEST_HOME/again" | "$TEST_HOME/store" >/dev/null 2>>"$TEST_HOME/again"
	what_is status '0 0' "${PIPESTATUS[*]}"
	cat "$TEST_HOME/again"
	what_is stored "$all" "$(subjects "$CHAIN_MAIL")"
	what_is 'at the server' "$stays" "$(subjects "$inbox"/{cur,new})"
	[ "$name" = 'imap move-to' ] &&
		what_is 'where it is moved' "$all" "$(subjects "$other" | tr ' ' '\n' | uniq | paste -sd' ')"
	what_is integrity ok "$(sqlite3 "$XDG_STATE_HOME/mailrail/ledger.db" 'PRAGMA integrity_check')"
	mr-fetch 2>"$TEST_HOME/again" | tee "$TEST_HOME/third" | "$TEST_HOME/store" >/dev/null 2>&1
	cat "$TEST_HOME/again"
	grep -a '^message' "$TEST_HOME/third"
}

# sample NAME STAYS PROTOCOL LINE...: every call of the session, or one of many.
sample() {
	local step=23 at=0 call count n tried=0
	local changes='^(p?writev?(64)?|send(to|msg)?|f(data)?sync|f?truncate|fallocate|unlink(at)?'
	changes="$changes"'|rename(at2?)?|link(at)?|mkdir(at)?|openat|connect|close|shutdown)$'
	name=$1 stays=$2
	chain_config "$3" none "${@:4}"
	case ${MR_CRASH:-} in
	full) step=1 changes=. ;;
	[1-9]*) step=$MR_CRASH ;;
	esac
	reset
	strace -qq -o "$TEST_HOME/trace" mr-fetch 2>"$ERR" | "$TEST_HOME/store" >/dev/null
	is "$name: a run without a kill" "$(subjects "$CHAIN_MAIL")|$(subjects "$inbox"/{cur,new})|$(cat "$ERR")" \
		"$all|$stays|"
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' "$TEST_HOME/trace" | sort | uniq -c >"$TEST_HOME/calls"
	: >"$TEST_HOME/bad"
	while read -r count call; do
		[[ $call =~ $changes ]] || continue
		case $call in execve | exit_group) continue ;; esac
		for ((n = 1; n <= count; n++)); do
			at=$((at + 1))
			[ $((at % step)) = 0 ] || continue
			tried=$((tried + 1))
			one "$call" "$n" >"$TEST_HOME/one" 2>&1
			[ -s "$TEST_HOME/one" ] && sed "s/^/$call $n: /" "$TEST_HOME/one" >>"$TEST_HOME/bad"
		done
	done <"$TEST_HOME/calls"
	diag "$name: $tried kills, of $at such calls"
	head -n 20 "$TEST_HOME/bad" | sed 's/^/# /'
	ok "$name: exactly once after each of the kills" '[ ! -s "$TEST_HOME/bad" ]'
	ok "$name: there were kills" "[ $tried -gt 3 ]"
}

all=$(seq -s' ' 20)
# One sample alone: MR_CRASH_ONLY='imap keep'.
wanted() {
	[ "${MR_CRASH_ONLY:-$1}" = "$1" ]
}
wanted 'imap delete' && sample 'imap delete' '' imap
wanted 'imap keep' && sample 'imap keep' "$all" imap 'keep = true'
wanted 'imap move-to' && sample 'imap move-to' '' imap 'move-to = "Done"'
wanted 'pop3 delete' && sample 'pop3 delete' '' pop3
wanted 'pop3 keep' && sample 'pop3 keep' "$all" pop3 'keep = true'
done_testing
