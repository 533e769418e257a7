#!/usr/bin/env bash
# mr-deliver, and mr-filter before it, killed at their system calls with units of variants,
# then run again: each variant exactly once, nothing of a unit without its receipt promised.
# A sample; all of them: MR_CRASH=full.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

command -v strace >/dev/null || bail_out "strace is not installed"
PATH=$MR_BUILD/t/fake:$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1

for i in 1 2 3 4; do
	printf 'From: a%d@example.org\nSubject: %d\nX-Spam: no\nMessage-ID: <%d@t>\n\nFrom here, %d\n' \
		$i $i $i $i >m$i
done
head -c 1500000 /dev/zero | tr '\0' x >>m2
cat >rules.sieve <<'END'
require ["editheader", "fileinto", "copy", "imap4flags"];
if header "Subject" "3" { addheader "X-One" "1"; stop; }
fileinto :copy "raw";
deleteheader "X-Spam";
fileinto :copy :flags "\\Seen" "clean";
fileinto :copy "b";
addheader "X-Two" "kept";
END
cat >config <<'END'
deliver: { inbox = "maildir:~/Mail", folders = "maildir:~/Mail" }
END
make-stream --receipts stdout m1 m2 m3 m4 >fetched
filter=(mr-filter -c config --rules rules.sieve)
deliver=(mr-deliver -c config)

# What each message becomes: all of it, or nothing but what is promised again.
check_promises() {
	local id want
	sed -n 's/^stored test://p' receipts | while read -r id; do
		want=4
		[ "$id" = 3 ] && want=1
		[ "$(grep -rl "^Subject: $id\$" Mail/new Mail/cur Mail/.*/new Mail/.*/cur | wc -l)" = $want ] ||
			echo "promised and not there: $id"
	done
}
again() {
	mailstate --partial Mail | sort -u >seen
	comm -23 seen <(sort -u want) | sed 's/^/a part is seen: /'
	check_promises 2>/dev/null
	"${filter[@]}" <fetched | "${deliver[@]}" >out 2>&1
	[ "${PIPESTATUS[*]}" = '0 0' ] || echo "again: ${PIPESTATUS[*]}"
	grep -v '^stored ' out
	mailstate Mail >got
	diff want got
}

# sample NAME STEP: the program in $victim, killed at one call of STEP.
sample() {
	local name=$1 step=$2 at=0 call n tried=0 kill
	[ "${MR_CRASH:-}" = full ] && step=1
	sed -n 's/^\([0-9]* *\)\{0,1\}\([a-z0-9_]*\)(.*/\2/p' trace | sort | uniq -c >calls
	: >bad
	while read -r count call; do
		case $call in execve | exit_group) continue ;; esac
		for ((n = 1; n <= count; n++)); do
			at=$((at + 1))
			[ $((at % step)) = 0 ] || continue
			tried=$((tried + 1))
			rm -rf Mail "$XDG_STATE_HOME/mailrail"
			kill=(strace -f -qq -o /dev/null -e "inject=$call:signal=KILL:when=$n")
			(run_killed; :) >receipts 2>/dev/null
			again >one 2>&1
			[ -s one ] && sed "s/^/$call $n: /" one >>bad
		done
	done <calls
	diag "$name: $tried kills of $at calls"
	head -n 20 bad | sed 's/^/# /'
	ok "$name: exactly once after each of the kills" '[ ! -s bad ]'
	ok "$name: there were kills" "[ $tried -gt 10 ]"
}

"${filter[@]}" <fetched >filtered
strace -f -qq -o trace "${deliver[@]}" <filtered >/dev/null
mailstate Mail >want
is 'a run without a kill stores all' "$(wc -l <want)" 13
run_killed() {
	"${kill[@]}" "${deliver[@]}" <filtered
}
sample mr-deliver 17

strace -f -qq -o trace "${filter[@]}" <fetched >/dev/null
run_killed() {
	"${kill[@]}" "${filter[@]}" <fetched | "${deliver[@]}"
}
sample mr-filter 7

done_testing
