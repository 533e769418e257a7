#!/usr/bin/env bash
# include, return, global (RFC 6609): which script runs, what is shared, what is an error.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

rules=$XDG_CONFIG_HOME/mailrail
mkdir -p "$rules/include" "$rules/global"
printf 'From: a@example.org\nSubject: Make money\n\nHello\n' >"$TEST_HOME/message"
cat >"$rules/config" <<END
filter: { rules = "main.sieve"; include-dir = "include"; global-include-dir = "global" }
END
main() {
	cat >"$rules/main.sieve"
}
script() {
	cat >"$rules/$1.sieve"
}
explained() {
	run mr-filter explain --plain "$TEST_HOME/message"
	cat "$OUT"
}

main <<'END'
require ["include", "fileinto"];
include "one";
include :global "one";
fileinto "three";
END
script include/one <<<'require "fileinto"; fileinto "one";'
script global/one <<<'require "fileinto"; fileinto "two";'
is 'both places, in order, each rule by its own file and line' "$(explained)" \
	'fileinto "one" # one.sieve:1
fileinto "two" # one.sieve:1
fileinto "three" # main.sieve:4'

main <<<'require "include"; include "one"; discard;'
script include/one <<<'require "include"; if true { return; } keep;'
is 'return goes on behind the include' "$(explained)" 'discard # main.sieve:1'
script include/one <<<'stop;'
is 'stop ends all of it' "$(explained)" 'implicit-keep # implicit'
main <<<'require ["include", "fileinto"]; fileinto "a"; return; fileinto "b";'
is 'return in the first script is stop' "$(explained)" 'fileinto "a" # main.sieve:1'

# The example of RFC 6609 section 3.4.1.
main <<'END'
require ["fileinto", "include", "variables", "relational"];
global "test";
global "test_mailbox";
set "test" "$$";
include "subject_tests";
set "test" "Make money";
include "subject_tests";
if string :count "eq" "${test_mailbox}" "1"
{
    fileinto "${test_mailbox}";
    stop;
}
END
script include/subject_tests <<'END'
require ["include", "variables"];
global ["test", "test_mailbox"];
if header :contains "Subject" "${test}"
{
    set "test_mailbox" "spam-${test}";
}
END
is 'variables that are shared' "$(explained)" 'fileinto "spam-Make money" # main.sieve:10'
main <<'END'
require ["fileinto", "include", "variables"];
set "own" "mine"; set "global.both" "g";
include "sub";
fileinto "${own}-${global.both}-${global.new}-${1}";
END
script include/sub <<'END'
require ["include", "variables"];
if not string "${own}${1}" "" { error "seen"; }
global "both";
if string :matches "${both}" "*" { set "own" "x"; set "global.new" "<${1}>"; set "both" "h"; }
END
sed -i 's/error "seen";/stop;/' "$rules/include/sub.sieve"
is 'those that are not stay apart, captures too' "$(explained)" \
	'fileinto "mine-h-<g>-" # main.sieve:4'

main <<<'require "include"; include :once "o"; include :once "o"; include :optional "none"; include "o";'
script include/o <<<'require ["imap4flags", "vnd.dovecot.debug"]; addflag "x"; keep;'
sed -i 's/, "vnd.dovecot.debug"//' "$rules/include/o.sieve"
is 'once, and optional' "$(explained)" 'keep flags "x" # o.sieve:1'
[ "$STATUS" = 0 ] || fail "status $STATUS"

bad() {
	explained >"$TEST_HOME/kept"
	is "$1: kept, and a run-time error" "$STATUS $(cut -d' ' -f1 "$TEST_HOME/kept")" '70 implicit-keep'
	like "$1: said why" "$(cat "$ERR")" "$2"
}
main <<<'require "include"; include "none";'
bad 'a missing script' 'main.sieve:1: there is no personal script "none" to include'
main <<<'require "include"; include "a"; discard;'
script include/a <<<'require "include"; include "b";'
script include/b <<<'require "include"; if true { include "a"; }'
bad 'a circle' 'b.sieve:1: .*/include/a.sieve includes itself'
script include/b <<<'require "include"; include :once "a"; discard;'
is 'a circle with :once is none' "$(explained)" 'discard # main.sieve:1'
ln -s ../main.sieve "$rules/include/self.sieve"
main <<<'require "include"; include "self";'
bad 'itself by another path' 'main.sieve:1: .*self.sieve includes itself'
script include/a <<<'require "include"; keep'
main <<<'require "include"; include "a";'
bad 'one that does not compile' 'main.sieve:1: the included script does not compile: .*a.sieve:1:24: '
run mr-filter check
is 'check tells' "$STATUS" 65
like 'and where it is included' "$(cat "$OUT")" 'a.sieve:1:24: error: .*";".*main.sieve:1\)'
for i in $(seq 20); do
	script "include/n$i" <<<"require \"include\"; include \"n$((i + 1))\"; include \"n$((i + 1))\";"
done
script include/n21 <<<'keep;'
main <<<'require "include"; include "n1";'
bad 'a million of them' 'more than 1000 scripts are included'

syntax() {
	main <<<"$2"
	run mr-filter check
	is "$1" "$STATUS" 65
	like "$1: said" "$(cat "$OUT")" "$3"
}
syntax 'out of the folder' 'require "include"; include "../x";' 'begins with a dot'
syntax 'into one below' 'require "include"; include "foo/bar";' 'holds a "/"'
syntax 'a variable' 'require ["include", "variables"]; include "${a}";' 'without variables'
syntax 'both places' 'require "include"; include :personal :global "a";' 'does not go with'
syntax 'global without variables' 'require "include"; global "a";' 'expected require "variables"'
syntax 'global behind set' 'require ["include", "variables"]; set "A" "x"; global "a";' 'was set before'
syntax 'a name that is none' 'require ["include", "variables"]; global "1";' 'no name of a variable'
syntax 'a deeper name' 'require ["include", "variables"]; set "global.a.b" "";' 'no name of a variable'
syntax 'the namespace without include' 'require ["variables"]; set "global.a" "";' 'no name of a variable'
syntax 'reading it without include' 'require ["variables"]; set "a" "${global.a}";' 'unknown namespace'
syntax 'include without require' 'include "a";' 'expected require "include"'
done_testing
