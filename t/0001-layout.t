#!/usr/bin/env bash
# The law of the layout: who may include and link what, and that every test is run.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$MR_TOP" || exit 1

# All lines '#include "..."' as "file: included file".
includes() {
	grep -rHoE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' \
		common fetch filter deliver relay t/unit t/fuzz t/fake t/bench 2>/dev/null |
		sed -E 's/:[^"]*"/: /; s/"$//'
}
includes >"$TEST_HOME/includes"

# outside FOLDER REGEX: the includes of FOLDER's files that REGEX does not allow.
outside() {
	grep -E "^$1/" "$TEST_HOME/includes" | grep -vE "^[^:]+: ($2)/"
}

ok 'there are includes to look at' '[ "$(wc -l <"$TEST_HOME/includes")" -gt 100 ]'
ok 'common/base includes only itself' '! outside common/base common/base'
ok 'common/mail includes base and itself' '! outside common/mail "common/(base|mail)"'
ok 'common/net includes common/ only' '! outside common/net "common/(base|mail|net)"'
ok 'fetch includes itself and common/' '! outside fetch "fetch|common/(base|mail|net)"'
ok 'relay includes itself and common/' '! outside relay "relay|common/(base|mail|net)"'
ok 'filter includes itself and no network' '! outside filter "filter|common/(base|mail)"'
ok 'deliver includes itself and no network' '! outside deliver "deliver|common/(base|mail)"'
ok 'every include names a file from the top' '! cut -d" " -f2 "$TEST_HOME/includes" |
	sort -u | while read -r file; do [ -f "$file" ] || echo "$file"; done | grep .'

net_headers='curl/|gsasl|jansson|openssl/'
ok 'curl, gsasl, jansson and openssl are for common/net' \
	'! grep -rnE --include="*.[ch]" "#[[:space:]]*include[[:space:]]*<($net_headers)" \
		common/base common/mail fetch filter deliver relay'

# What a linker took, not what somebody meant: names of the libraries of each program.
for program in filter/mr-filter deliver/mr-deliver relay/mr-relay; do
	ok "${program#*/} exists" '[ -x "$MR_BUILD/$program" ]'
	ok "${program#*/} links no network, SASL or crypto library" \
		'! readelf -d "$MR_BUILD/$program" | grep -E "NEEDED.*lib(curl|gsasl|jansson|ssl|crypto)"'
done

# A file is a knot (x.c and x.h are one); an arrow goes to each file whose header it takes. A
# header without a .c has no code that could call back: it makes no arrow. Tables of objects
# know every row by design, and are known by what walks them.
tables='^(filter/vocabulary|deliver/target|fetch/source)$'
tables=$tables perl -e '
	my (%to, %index, %low, %on, @stack, $next);
	while (<STDIN>) {
		my ($from, $into) = /^([^:]+)\.[ch]: (.+)\.h$/ or next;
		next if $from =~ $ENV{tables};
		$to{$from}{$into} = 1 if $from ne $into && -f "$into.c";
	}
	sub visit {
		my ($v) = @_;
		$index{$v} = $low{$v} = ++$next;
		push @stack, $v;
		$on{$v} = 1;
		for my $w (sort keys %{$to{$v}}) {
			if (!$index{$w}) {
				visit($w);
				$low{$v} = $low{$w} if $low{$w} < $low{$v};
			} elsif ($on{$w} && $index{$w} < $low{$v}) {
				$low{$v} = $index{$w};
			}
		}
		return if $low{$v} != $index{$v};
		my @circle;
		do {
			push @circle, pop @stack;
			delete $on{$circle[-1]};
		} until $circle[-1] eq $v;
		@circle = sort @circle;
		print "circle: @circle\n" if @circle > 1;
	}
	no warnings "recursion";
	$index{$_} or visit($_) for sort keys %to;
' <"$TEST_HOME/includes" >"$TEST_HOME/circles"
# Halves of one thing, each too long to stay in one file: text to look at and text that is
# owned; the ledger and its statements; the answer of an IMAP server and its items;
# MIME, its parts and their tree; a run of mr-deliver and its recovery.
halves='circle: common/base/buf common/base/slice
circle: common/mail/ledger/ledger common/mail/ledger/statement
circle: common/net/imap_item common/net/imap_reply
circle: common/mail/mime common/mail/mime_part common/mail/mime_tree
circle: deliver/recover deliver/run'
ok 'no circles between files' '! grep -vxF "$halves" "$TEST_HOME/circles"'

ok 'every script in t/ has a name that t/check runs' \
	'! ls t/*.t | grep -vE "^t/[0-9]{4}-[a-z0-9-]+\.t$"'
ok 'every script stands on lib/tap.sh and ends with its plan' \
	'! for file in t/*.t; do
		grep -q "lib/tap.sh" "$file" && tail -1 "$file" | grep -qx done_testing ||
			echo "$file"
	done | grep .'
ok 'every unit test was built, so that t/check runs it' \
	'! for file in t/unit/test_*.c; do
		name=${file##*/}
		[ -x "$MR_BUILD/t/unit/${name%.c}" ] || echo "$file"
	done | grep .'
ok 'every fuzz target has a row in t/fuzz/meson.build' \
	'! for file in t/fuzz/fuzz_*.c; do
		name=${file##*/fuzz_}
		[ ! -e "$file" ] || grep -qE "^ *.${name%.c}.[,:]" t/fuzz/meson.build ||
			echo "$file"
	done | grep .'
done_testing
