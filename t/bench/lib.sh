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
#	bench_round NAME COMMAND...   runs it, notes wall seconds under NAME; output to a log
#	bench_report US               the table: median, min, max, and how many times US is faster
#
# Sourced after t/lib/tap.sh, whose private directory it uses.

. "${BASH_SOURCE[0]%/*}/../lib/install.sh"

BENCH_ROUNDS=${BENCH_ROUNDS:-5}
declare -A bench_times=()
bench_names=()

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
	local name=$1 start end status
	shift
	[ -n "${bench_times[$name]:-}" ] || bench_names+=("$name")
	sync
	start=${EPOCHREALTIME/./}
	"$@" >"$TEST_HOME/bench.log" 2>&1
	status=$?
	end=${EPOCHREALTIME/./}
	[ "$status" = 0 ] || { tail -5 "$TEST_HOME/bench.log"; bail_out "$name: exit $status"; }
	bench_times[$name]+="$((end - start)) "
}

bench_report() {
	local us=$1 name
	for name in "${bench_names[@]}"; do
		printf '%s\t%s\n' "$name" "${bench_times[$name]}"
	done | perl -e '
		my ($us, %t, @names) = shift @ARGV;
		while (<STDIN>) {
			my ($name, $rounds) = split /\t/;
			my @times = split " ", $rounds;
			push @names, $name;
			$t{$name} = [map { $_ / 1e6 } @times];
		}
		sub median { my @s = sort { $a <=> $b } @_; my $n = @s;
			$n % 2 ? $s[$n / 2] : ($s[$n / 2 - 1] + $s[$n / 2]) / 2 }
		printf "%-28s %9s %9s %9s   %s\n", "", "median s", "min", "max", "times slower than $us";
		for my $name (@names) {
			my @own = @{$t{$name}};
			my @ratios = map { $own[$_] / $t{$us}[$_] } 0 .. $#own;
			my @sorted = sort { $a <=> $b } @own;
			printf "%-28s %9.3f %9.3f %9.3f   %s\n", $name, median(@own), $sorted[0],
				$sorted[-1], $name eq $us ? "-" : sprintf "%.2f", median(@ratios);
		}' "$us"
}
