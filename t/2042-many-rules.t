#!/usr/bin/env bash
# Thousands of rules over a stream decide what explain, which looks at each rule, says.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

# Rules of four match types, alone, in chains, in a block, behind "not"; a few of them match.
perl -e '
	print qq(require ["fileinto", "copy", "regex", "envelope", "variables"];\n);
	my @tests = ("header :is \"Subject\" \"message K of 300\"",
		"header :contains \"Subject\" \"message K of\"",
		"address :matches \"From\" \"senderK@*\"",
		"header :regex \"from\" \"senderK(@|x)example\\\\.net\"",
		"address :localpart \"from\" \"senderK\"",
		"envelope :is \"from\" \"senderK\@example.net\"",
		"allof (header :contains \"subject\" \"K of\", not exists \"x\")",
		"anyof (address :all \"from\" \"nobodyK\", header \"x\" \"K\")");
	sub test { my ($k, $t) = @_; (my $test = $tests[$t % 8]) =~ s/K/$k/g; return $test }
	for my $n (1 .. 2000) {
		my $k = $n * 7;
		my ($one, $two) = (test($k, $n), test($k + 1, $n + 3));
		print $n % 5 == 0 ? "if $one { fileinto \"a$n\"; } elsif $two { fileinto \"b$n\"; stop; }\n"
			: $n % 5 == 1 ? "if not $one { } else { fileinto :copy \"c$n\"; }\n"
			: $n % 5 == 2 ? "if $one { fileinto \"d$n\"; stop; }\n"
			: "if $one { fileinto :copy \"e$n\"; }\n";
		print "if header \"subject\" \"nothing\" { discard; }\n" if $n % 100 == 0;
	}
	print "if not header :contains \"x-spam\" \"yes\" {\n";
	print "if ", test($_ * 3, $_), " { fileinto :copy \"n$_\"; }\n" for 1 .. 500;
	print "}\n";' >r.sieve

"$MR_TOP/t/lib/generate" mbox 300 200 >mbox
exits 'all pass' 0 mr-filter --rules r.sieve --mbox mbox
is 'quietly' "$(cat "$ERR")" ''
# As explain names them: one line for each action, an empty line behind a message.
sed -n 's/^action: //p' "$OUT" | sed -E 's/^[^ ]+ //; s/;$//; s/^keep$/keep/' >stream

exits 'explain' 0 mr-filter explain --plain --rules r.sieve mbox
sed -nE 's/^implicit-keep .*/keep/p; s/^(fileinto [^#]*) #.*/\1/p' "$OUT" >explained

ok 'many were filed' '[ "$(grep -c fileinto stream)" -gt 100 ]'
ok 'both ways the same' 'diff stream explained | head -20 | grep . >&2; cmp -s stream explained'

# One by one, each the first message of its process: without an index.
perl -ne 'BEGIN { $n = 0 } if (/^From /) { close F; open F, ">", sprintf "m%03d", ++$n; next }
	s/^>From /From /; print F' mbox
for file in m0[0-4]?; do
	mr-filter --rules r.sieve --message "$file" | sed -n 's/^action: //p'
done | sed -E 's/^[^ ]+ //; s/;$//' >single
ok 'and one process for each' 'head -n "$(wc -l <single)" stream | cmp -s - single'
done_testing
