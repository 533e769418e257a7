#!/usr/bin/env bash
# mr-filter apply --do killed at its system calls, and mr-deliver at its own, then run again:
# no message is lost, none is there twice. A sample; all of them: MR_CRASH=full.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
command -v strace >/dev/null || bail_out "strace is not installed"
cd "$TEST_HOME" || exit 1

cat >rule.sieve <<'SIEVE'
require ["fileinto", "copy"];
if header :is "subject" ["1", "2", "3", "4"] { fileinto "to"; }
elsif header :is "subject" "5" { fileinto :copy "to"; }
SIEVE
mail=$HOME/Mail
src=$mail/.old
fill() {
	rm -rf "$mail" "$XDG_STATE_HOME/mailrail"
	mkdir -p "$mail"/{cur,new,tmp} "$src"/{cur,new,tmp}
	for s in 1 2 3 4 5 6; do
		printf 'Subject: %s\nMessage-ID: <%s@x>\n\nbody\n' "$s" "$s" >"$src/cur/m$s:2,S"
	done
}
# Subjects in a folder, parted by blanks
in_folder() { cat "$1"/cur/* "$1"/new/* 2>/dev/null | sed -n 's/^Subject: //p' | sort | tr '\n' ' '; }
apply=(mr-filter apply --do --rules rule.sieve "$src")

# one SYSCALL N: killed there, then run again; silence when all is well.
one() {
	fill
	(
		strace -f -qq -o /dev/null -e "inject=$1:signal=KILL:when=$2" "${apply[@]}" >killed
		:
	) >/dev/null 2>&1
	for s in 1 2 3 4 5 6; do
		case " $(in_folder "$src") $(in_folder "$mail/.to") " in
		*" $s "*) ;;
		*) echo "$s is lost" ;;
		esac
	done
	"${apply[@]}" >again 2>&1 || { echo "again: $?" && cat again; }
	[ "$(in_folder "$src")" = '5 6 ' ] || echo "left: $(in_folder "$src")"
	[ "$(in_folder "$mail/.to")" = '1 2 3 4 5 ' ] || echo "there: $(in_folder "$mail/.to")"
}

fill
strace -f -qq -o calls -e trace=all "${apply[@]}" >/dev/null 2>&1
is 'without a kill' "$(in_folder "$src")/$(in_folder "$mail/.to")" '5 6 /1 2 3 4 5 '
for call in unlink write renameat2 fsync pwrite64 close; do
	case $call in
	unlink | write | renameat2) step=1 ;;
	*) step=11 ;;
	esac
	[ "${MR_CRASH:-}" != full ] || step=1
	count=$(grep -c "^[0-9]* *$call(" calls)
	for ((n = 1; n <= count; n += step)); do
		one "$call" "$n" >bad
		[ -s bad ] && sed "s/^/$call $n: /" bad
	done >"found.$call"
	ok "killed at $call ($count calls, every ${step}th)" '! cat "found.$call" | grep .'
done
done_testing
