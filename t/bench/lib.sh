# shellcheck shell=bash
# What the benches share: peers, rounds, and the table at the end.
# SPDX-License-Identifier: ISC
#
# A bench runs the peers and us in turn, in one run, BENCH_ROUNDS rounds (default 5), and
# prints every median and the median of the ratios of each round. It passes or fails by
# nothing but errors: a time is a figure to read, not a test.
#
#	bench_need PACKAGE...         installs what is missing of these, and what building takes
#	bench_build                   a release build in build-bench/, first on PATH
#	bench_start                   forgets what was noted: a new table
#	bench_round NAME COMMAND...   runs it, notes wall and CPU seconds (its own and those of
#	                              its children) under NAME; output to a log
#	bench_report US               the table: wall median, min, max, how many times US is
#	                              faster; CPU median, how many times less US takes
#
# Sourced after t/lib/tap.sh, whose private directory it uses.

. "${BASH_SOURCE[0]%/*}/../lib/install.sh"

BENCH_ROUNDS=${BENCH_ROUNDS:-5}
bench_start() {
	declare -gA bench_times=() bench_cpu=()
	bench_names=()
}
bench_start

bench_need() {
	# shellcheck disable=SC2086
	install_packages $packages_build "$@" || bail_out "packages: $*"
}

bench_build() {
	MR_BUILD=$MR_TOP/build-bench
	[ -f "$MR_BUILD/build.ninja" ] ||
		meson setup "$MR_BUILD" "$MR_TOP" --buildtype=release -Dtests=disabled \
			>"$TEST_HOME/meson.log" 2>&1 || bail_out "meson setup: $TEST_HOME/meson.log"
	ninja -C "$MR_BUILD" >"$TEST_HOME/ninja.log" 2>&1 || bail_out "ninja failed"
	PATH=$MR_BUILD/fetch:$MR_BUILD/filter:$MR_BUILD/deliver:$MR_BUILD/relay:$PATH
	export PATH MR_BUILD
}

bench_round() {
	local name=$1 start end status cpu TIMEFORMAT='%U %S'
	shift
	[ -n "${bench_times[$name]:-}" ] || bench_names+=("$name")
	sync
	start=${EPOCHREALTIME/./}
	{ time "$@" >"$TEST_HOME/bench.log" 2>&1; } 2>"$TEST_HOME/bench.cpu"
	status=$?
	end=${EPOCHREALTIME/./}
	[ "$status" = 0 ] || { tail -5 "$TEST_HOME/bench.log"; bail_out "$name: exit $status"; }
	cpu=$(awk '{ print int(($1 + $2) * 1000000) }' "$TEST_HOME/bench.cpu")
	bench_times[$name]+="$((end - start)) "
	bench_cpu[$name]+="$cpu "
}

bench_report() {
	local us=$1 name
	for name in "${bench_names[@]}"; do
		printf '%s\t%s\t%s\n' "$name" "${bench_times[$name]}" "${bench_cpu[$name]}"
	done | perl -e '
		my ($us, %wall, %cpu, @names) = shift @ARGV;
		while (<STDIN>) {
			chomp;
			my ($name, $wall, $cpu) = split /\t/;
			push @names, $name;
			$wall{$name} = [map { $_ / 1e6 } split " ", $wall];
			$cpu{$name} = [map { $_ / 1e6 } split " ", $cpu];
		}
		sub median { my @s = sort { $a <=> $b } @_; my $n = @s;
			$n % 2 ? $s[$n / 2] : ($s[$n / 2 - 1] + $s[$n / 2]) / 2 }
		sub ratio { my ($own, $ours) = @_;
			median(map { $own->[$_] / ($ours->[$_] || 0.001) } 0 .. $#$own) }
		printf "%-26s %8s %8s %8s %7s  %8s %7s\n", "", "median s", "min", "max", "x wall",
			"CPU s", "x CPU";
		for my $name (@names) {
			my @own = sort { $a <=> $b } @{$wall{$name}};
			printf "%-26s %8.3f %8.3f %8.3f %7s  %8.3f %7s\n", $name, median(@own), $own[0],
				$own[-1], map { $_ } $name eq $us ? "-" :
				sprintf("%.2f", ratio($wall{$name}, $wall{$us})), median(@{$cpu{$name}}),
				$name eq $us ? "-" : sprintf("%.2f", ratio($cpu{$name}, $cpu{$us}));
		}' "$us"
}
