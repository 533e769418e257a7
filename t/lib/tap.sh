# shellcheck shell=bash
# TAP for the end-to-end tests.
# SPDX-License-Identifier: ISC
#
# Sourced first by every t/NNNN-*.t, from any working directory:
#
#	#!/usr/bin/env bash
#	# What this test shows, one sentence.
#	# SPDX-License-Identifier: ISC
#	. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
#
#	ok LABEL CONDITION            one TAP line; CONDITION is shell text, run in this shell
#	is LABEL GOT WANT             equal as strings
#	like LABEL TEXT REGEX         TEXT matches the extended regex
#	unlike LABEL TEXT REGEX
#	run COMMAND...                runs it (stdin as given): STATUS, and the files $OUT, $ERR
#	exits LABEL WANT COMMAND...   run, then compare the exit status
#	diag TEXT                     a "# " line on stderr, which prove shows at once
#	bail_out TEXT                 stops all of prove: this machine cannot run the tests
#	wait_for SECONDS CONDITION    polls until CONDITION holds; 1 when the time is over
#	spawn NAME COMMAND...         in the background, output to $TEST_HOME/NAME.log; PID
#	adopt PID                     ends with the test, like what was spawned
#	end_pid PID                   ends it now
#	at_exit COMMAND               shell text to run when the test ends, last one first
#	free_port VARIABLE...         sets each to a TCP port nobody listens on
#	done_testing                  the plan; the last line of every test
#
# Given to a test: TEST_HOME, a private directory that is gone afterwards, with HOME, the
# XDG directories and TMPDIR inside (mode 0700); MR_TOP, the source tree; MR_BUILD, the
# build directory (t/check sets it, else build/), its programs first on PATH; no locale but
# C.UTF-8, no time zone but UTC, no proxy. What a test starts by spawn ends with it.
# KEEP_TEST_HOME=1 leaves the directory for a look.

# No pipefail: in "wire | grep -q X" the left side may die by SIGPIPE when X is found.
set -u
set +o pipefail
umask 077

MR_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
MR_BUILD=${MR_BUILD:-$MR_TOP/build}
case $MR_BUILD in
/*) ;;
*) MR_BUILD=$PWD/$MR_BUILD ;;
esac
PATH=$MR_BUILD/fetch:$MR_BUILD/filter:$MR_BUILD/deliver:$MR_BUILD/relay:$PATH
PATH=$PATH:/usr/sbin:/sbin

# The system's /tmp, not TMPDIR: paths of sockets have 108 bytes. TEST_IN_MEMORY=MEBIBYTES,
# set before this file is sourced: in memory, if so much is free there.
tap_base=/tmp
if [ -n "${TEST_IN_MEMORY:-}" ] && [ -w /dev/shm ] &&
	[ "$(df --output=avail -m /dev/shm | tail -n 1)" -ge "$TEST_IN_MEMORY" ]; then
	tap_base=/dev/shm
fi
TEST_HOME=$(mktemp -d "$tap_base/mr-test.XXXXXX") || exit 1
HOME=$TEST_HOME/home
TMPDIR=$TEST_HOME/tmp
XDG_CONFIG_HOME=$HOME/.config
XDG_STATE_HOME=$HOME/.local/state
XDG_DATA_HOME=$HOME/.local/share
XDG_CACHE_HOME=$HOME/.cache
XDG_RUNTIME_DIR=$TEST_HOME/run
mkdir -p "$HOME" "$TMPDIR" "$XDG_CONFIG_HOME/mailrail" "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR"
LC_ALL=C.UTF-8
LANG=C.UTF-8
TZ=UTC
export MR_TOP MR_BUILD PATH TEST_HOME HOME TMPDIR LC_ALL LANG TZ
export XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
unset http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY CDPATH
unset MAIL MAILDIR NETRC CREDENTIALS_DIRECTORY SSL_CERT_FILE SSL_CERT_DIR EMAIL NAME

OUT=$TEST_HOME/out
ERR=$TEST_HOME/err
STATUS=0
PID=
tap_count=0
tap_failed=0
tap_exits=()
tap_keep=
: >"$TEST_HOME/pids"

diag() {
	printf '%s\n' "$*" | sed 's/^/# /' >&2
}

# LIMIT: 40 lines of a failed condition's output, 400 bytes of each: enough to see why,
# and a test that prints a message of 50 MB does not bury the others.
tap_tell() {
	local file
	for file; do
		[ -s "$file" ] || continue
		echo "#   ${file##*/}:"
		head -n 40 "$file" | tr -d '\000' | cut -b 1-400 | sed 's/^/#     /'
	done >&2
}

tap_line() {
	local verdict=$1 label=$2
	tap_count=$((tap_count + 1))
	label=${label//\#/}
	if [ "$verdict" = 0 ]; then
		echo "ok $tap_count - $label"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $label"
		diag "not ok $tap_count - $label (${BASH_SOURCE[2]##*/}:${BASH_LINENO[1]})"
	fi
	return "$verdict"
}

ok() {
	local verdict
	{ eval "$2"; } >"$TEST_HOME/condition" 2>&1 </dev/null
	verdict=$?
	[ "$verdict" = 0 ] || verdict=1
	tap_line "$verdict" "$1" && return 0
	diag "  failed: $2"
	tap_tell "$TEST_HOME/condition" "$ERR"
	return 1
}

is() {
	local verdict=0
	[ "$2" = "$3" ] || verdict=1
	tap_line "$verdict" "$1" && return 0
	diag "       got: $2"
	diag "  expected: $3"
	return 1
}

like() {
	local verdict=0
	[[ $2 =~ $3 ]] || verdict=1
	tap_line "$verdict" "$1" && return 0
	diag "      got: $2"
	diag "  no match: $3"
	return 1
}

unlike() {
	local verdict=0
	[[ $2 =~ $3 ]] && verdict=1
	tap_line "$verdict" "$1" && return 0
	diag "      got: $2"
	diag "  matches: $3"
	return 1
}

run() {
	STATUS=0
	"$@" >"$OUT" 2>"$ERR" || STATUS=$?
	return "$STATUS"
}

exits() {
	local label=$1 want=$2 verdict=0
	shift 2
	run "$@"
	[ "$STATUS" = "$want" ] || verdict=1
	tap_line "$verdict" "$label" && return 0
	diag "  exit status $STATUS, expected $want: $*"
	tap_tell "$OUT" "$ERR"
	return 1
}

# Not TAP's own "Bail out!": that would end the other tests, too.
bail_out() {
	local reason=$*
	echo "not ok $((tap_count + 1)) - it cannot go on: ${reason//$'\n'/ | }"
	echo "1..$((tap_count + 1))"
	exit 255
}

wait_for() {
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
	until eval "$2"; do
		[ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# Pids go to a file with their start time: a pid that was given to somebody else since is
# never signalled, and processes spawned in a subshell are known too.
tap_started() {
	local stat
	read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
	stat=${stat##*) }
	set -- $stat
	[ "$#" -ge 20 ] && [ "$1" != Z ] && echo "${20}"
}

spawn() {
	local name=$1
	shift
	"$@" >"$TEST_HOME/$name.log" 2>&1 </dev/null &
	PID=$!
	adopt "$PID"
}

# A daemon that put itself in the background, known by its pid file, is ended like our own.
adopt() {
	echo "$1 $(tap_started "$1")" >>"$TEST_HOME/pids"
}

# end_pid PID: SIGTERM, after five seconds SIGKILL, returns when it is gone. A zombie is gone:
# where process 1 reaps nobody, a daemon stays one.
end_pid() {
	tap_end_pid "$1" "$(tap_started "$1")"
}

tap_end_pid() {
	local pid=$1 started=$2 tries=0
	[ -n "$started" ] || return 0
	[ "$(tap_started "$pid")" = "$started" ] && kill "$pid" 2>/dev/null
	while [ "$(tap_started "$pid")" = "$started" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || kill -9 "$pid" 2>/dev/null
		[ "$tries" -lt 120 ] || break
		sleep 0.05
	done
}

at_exit() {
	tap_exits=("$1" "${tap_exits[@]}")
}

# For t/demo --keep: what was started goes on, the directory stays.
leave_running() {
	tap_exits=()
	: >"$TEST_HOME/pids"
	tap_keep=1
}

tap_exit() {
	local status=$? command pid started
	trap - EXIT
	for command in "${tap_exits[@]}"; do
		eval "$command"
	done >/dev/null 2>&1
	while read -r pid started; do
		tap_end_pid "$pid" "$started"
	done < <(tac "$TEST_HOME/pids")
	cd / || exit 1
	if [ -n "$tap_keep" ]; then
		:
	elif [ -n "${KEEP_TEST_HOME:-}" ]; then
		diag "kept: $TEST_HOME"
	else
		rm -rf "$TEST_HOME"
	fi
	[ "$status" = 0 ] && [ "$tap_failed" != 0 ] && status=1
	exit "$status"
}
trap tap_exit EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Bound all at once, so that one call gives different ports.
# By chance, and below those that the kernel gives to anybody: until a server binds it, nobody
# else should get it.
free_port() {
	local ports
	ports=$(perl -MIO::Socket::INET -e '
		my ($want, @s) = shift;
		for (1 .. 1000) {
			my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1",
				LocalPort => 15000 + int rand 17000);
			push @s, $s if $s;
			last if @s == $want;
		}
		die "no free port: $!\n" if @s < $want;
		print join(" ", map { $_->sockport } @s), "\n"' "$#") || bail_out "no free port"
	# shellcheck disable=SC2086,SC2229
	read -r "$@" <<<"$ports"
}

done_testing() {
	echo "1..$tap_count"
	[ "$tap_failed" = 0 ] || diag "$tap_failed of $tap_count failed"
	[ "$tap_failed" = 0 ]
	exit
}
