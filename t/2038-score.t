#!/usr/bin/env bash
# vnd.mailrail.score adds up as procmail does: random conditions over random messages, both
# asked for the sum and for the answer. SCORE_CASES and SCORE_SEED choose others.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "${BASH_SOURCE[0]%/*}/lib/packages.sh"
cd "$TEST_HOME" || exit 1
packages_unpack procmail procmail || bail_out 'no procmail'
procmail=$MR_SERVERS/procmail/root/usr/bin/procmail
cases=${SCORE_CASES:-100}
mkdir programs
printf '#!/bin/sh\nexit $1\n' >programs/status
chmod 700 programs/status

# N.eml, N.rc and N.sieve for each case. Procmail drops empty lines at the end, and takes a
# program that does not read its input for one that failed, now and then: neither is wanted.
cat >generate <<'EOF'
use strict;
use Cwd;
my $here = getcwd;
my ($count, $seed) = @ARGV;
srand($seed);
sub pick { $_[int rand @_] }
my @words = qw(elvis presley aa aaa ab b x lottery Re: > :-\));
my @patterns = ('elvis|presley', 'a+', '^>', '^.*$', 'lottery', '^$', 'ab?', '(aa|b)', '^Subject:.*re',
	'[a-e]x', 'none', 'x*', '', 'b$', '^a', 'aab|b', '.', 'a.*b');
my @weights = qw(1 -1 2 10 -10 .5 -.25 1000 -1000 3.75 100000 2147483647 -2147483647 0);
my @exponents = qw(0 1 .5 .9 -1 2 1.25 -.5 3);
sub line { join ' ', map { pick(@words) } 1 .. int rand 6 }
for my $n (1 .. $count) {
	my (@rc, @sieve);
	open my $m, '>', "$n.eml" or die;
	print $m "From: ", line(), "\nSubject: ", line(), "\n";
	print $m " ", line(), "\n" if rand() < .3;
	print $m "X-A: a\n\n", map({ line() . "\n" } 1 .. int rand 12), "end\n";
	close $m;
	for (1 .. 1 + int rand 4) {
		my $weight = pick(@weights) . '^' . pick(@exponents);
		my $not = rand() < .2;
		my $kind = int rand 10;
		my ($bang, $word) = $not ? ('! ', 'not ') : ('', '');
		if ($kind < 6) {
			my $pattern = pick(@patterns);
			my ($part, $tag) = @{ pick(['B', ':body'], ['H', ':header'], ['HB', ':message']) };
			(my $quoted = $pattern) =~ s/([\\"])/\\$1/g;
			push @rc, "* $weight $bang$part ?? $pattern";
			push @sieve, "weight \"$weight\" ${word}raw $tag :regex \"$quoted\"";
		} elsif ($kind < 8) {
			my $limit = pick(1, 10, 100, 1000, 50);
			my ($sign, $tag) = @{ pick(['>', ':over'], ['<', ':under']) };
			push @rc, "* $weight $bang$sign $limit";
			push @sieve, "weight \"$weight\" ${word}size $tag $limit";
		} elsif ($kind < 9) {
			my $status = pick(0, 0, 1, 2, 7);
			push @rc, "* $weight $bang? cat >/dev/null; exit $status";
			push @sieve, "weight \"$weight\" ${word}program \"status\" \"$status\"";
		} else {
			push @rc, "* ${bang}B ?? elvis";
			push @sieve, "${word}raw :body :regex \"elvis\"";
		}
	}
	open my $rc, '>', "$n.rc" or die;
	print $rc "SHELL=/bin/sh\nLOGABSTRACT=no\nLOGFILE=/dev/null\nR=false\n:0\n",
		map("$_\n", @rc), "{\nR=true\n}\nS = \$=\nD=`echo \$R \$S >$here/$n.want`\n:0\n/dev/null\n";
	open my $s, '>', "$n.sieve" or die;
	print $s 'require ["vnd.mailrail.score", "vnd.mailrail.raw", "vnd.mailrail.program",
"variables", "regex", "fileinto"];', "\nif score :output \"s\" (\n", join(",\n", @sieve),
		") { fileinto \"true \${s}\"; } else { fileinto \"false \${s}\"; }\n";
}
EOF
perl generate "$cases" "${SCORE_SEED:-1}"

same=0
for ((n = 1; n <= cases; n++)); do
	"$procmail" "$TEST_HOME/$n.rc" <"$n.eml" 2>"$n.log"
	run mr-filter explain --plain --rules "$n.sieve" --programs programs "$n.eml"
	got=$(sed -n 's/^fileinto "\(.*\)" # .*/\1/p' "$OUT")
	if [ "$got" = "$(cat "$n.want")" ]; then
		same=$((same + 1))
	else
		diag "case $n: mailrail \"$got\", procmail \"$(cat "$n.want" "$n.log")\"$(cat "$ERR")"
		[ -z "${SCORE_SHOW:-}" ] || { cat "$n.sieve" "$n.rc" "$n.eml" >&2; }
	fi
done
is 'sums and answers that are the same' "$same" "$cases"
ok 'true and false ones' 'grep -q true *.want && grep -q false *.want'
done_testing
