# A formatter for prove that also writes the sums of a run, for t/check to add up.
# SPDX-License-Identifier: ISC
#
# Appends "PASSED FAILED" to the file named by PROVE_COUNT. A test that was skipped or is
# marked TODO, a plan that was not kept and a bad exit status count as failed: nothing that
# did not run may look like success.

package Count;

use strict;
use warnings;
use TAP::Formatter::Console;
use TAP::Formatter::File;

our @ISA = -t STDOUT ? 'TAP::Formatter::Console' : 'TAP::Formatter::File';

sub summary {
	my ($self, $aggregate, $interrupted) = @_;
	$self->SUPER::summary($aggregate, $interrupted);
	my $passed = $aggregate->passed - $aggregate->skipped;
	my $failed = $aggregate->failed + $aggregate->skipped + $aggregate->todo;
	for my $name ($aggregate->descriptions) {
		my ($parser) = $aggregate->parsers($name);
		my $odd = $parser->parse_errors || $parser->wait || $parser->skip_all;
		$failed++ if $odd && !$parser->failed;
		print "$name: skipped, which counts as failed\n"
			if $parser->skip_all || $parser->skipped || $parser->todo;
	}
	$failed++ if $interrupted;
	open my $file, '>>', $ENV{PROVE_COUNT} or die "$ENV{PROVE_COUNT}: $!\n";
	print $file "$passed $failed\n";
	close $file or die "$ENV{PROVE_COUNT}: $!\n";
}

1;
