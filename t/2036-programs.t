#!/usr/bin/env bash
# Programs that rules run: which, with what, and what comes of it.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1
PATH=$MR_BUILD/t/fake:$PATH
folder=$XDG_CONFIG_HOME/mailrail/programs
mkdir -p "$folder"

# program NAME: its text on stdin
program() {
	{ printf '#!/bin/sh\n' && cat; } >"$folder/$1"
	chmod 700 "$folder/$1"
}
need='require ["vnd.dovecot.execute", "vnd.dovecot.filter", "vnd.dovecot.pipe",
"vnd.mailrail.program", "fileinto", "variables", "envelope"];'

# filter RULES: mr-filter over $message, its actions in one line
filter() {
	printf '%s\n%s\n' "$need" "$1" >r.sieve
	run mr-filter --rules r.sieve --message <"${message:-message}"
	grep -a '^action: ' "$OUT" | sed 's/^action: //' | tr '\n' ' '
}
printf 'From: a@b.org\nSubject: $(touch %s/hacked); touch %s/hacked\n\nthe body\n' \
	"$TEST_HOME" "$TEST_HOME" >message

program show <<'EOF'
printf '%s|' "$0" "$@" >"$HOME/shown"
env | cut -d= -f1 | sort | tr '\n' ' ' >"$HOME/env"
cat >"$HOME/input"
EOF
like 'a program runs' "$(filter 'execute :pipe "show" ["-rf", "a b"];')" ' keep;'
is 'nothing is said' "$(cat "$ERR")" ''
is 'with its arguments as they are' "$(cat "$HOME/shown")" "$folder/show|-rf|a b|"
ok 'and the message byte for byte' 'cmp -s message "$HOME/input"'
is 'and a clean environment' "$(sed 's/\(PWD\|SHLVL\|_\) //g' "$HOME/env")" \
	'HOME LANG LOGNAME PATH SHELL TMPDIR TZ USER '

filter 'if header :matches "subject" "*" { execute "show" "${1}"; }' >/dev/null
like 'a subject is an argument' "$(cat "$HOME/shown")" '\|\$\(touch .*hacked\|$'
ok 'and no shell ever sees it' '! [ -e hacked ]'

program no <<'EOF'
echo 'not today' >&2
exit 3
EOF
is 'a program that fails keeps the message' "$(filter 'fileinto "x"; execute "no";')" \
	'error%20at%20r.sieve:3 keep; '
is 'with one line, which names rule and program' "$(cat "$ERR")" \
	'mr-filter: r.sieve:3: program no: exit status 3: not today (message 1 is kept)'
like 'unless the rule says otherwise' "$(filter 'if not execute "no" { fileinto "x"; }')" \
	' fileinto "x";'
is 'and then nothing is said' "$(cat "$ERR")" ''

like 'a missing one keeps it' "$(filter 'if not execute "gone" { discard; }')" ' keep;'
like 'and says so' "$(cat "$ERR")" 'r.sieve:3: program .*programs/gone: No such file'
echo '#!/bin/sh' >"$folder/plain"
chmod 600 "$folder/plain"
filter 'execute "plain";' >/dev/null
like 'one that is not executable' "$(cat "$ERR")" 'r.sieve:3: program .*/plain: Permission denied'
program open <<<'exit 0'
chmod 777 "$folder/open"
filter 'execute "open";' >/dev/null
like 'one that everybody can write' "$(cat "$ERR")" '/open can be written by everybody: not run'
chmod 777 "$folder"
filter 'execute "show";' >/dev/null
like 'a folder that everybody can write' "$(cat "$ERR")" '/programs can be written by everybody'
chmod 700 "$folder"
filter 'execute "../show";' >/dev/null
like 'a name that leads elsewhere' "$(cat "$ERR")" 'r.sieve:3:9: the name of a program begins'

program spam <<'EOF'
sed '1i X-Spam: yes'
EOF
like 'filter' "$(filter 'filter "spam"; if header "x-spam" "yes" { fileinto "junk"; }')" \
	' fileinto "junk";'
ok 'its output is what goes on' 'grep -aq "^X-Spam: yes" "$OUT"'
program eats <<<'exit 0'
like 'one that prints nothing replaces nothing' "$(filter 'filter "eats"; fileinto "x";')" \
	' fileinto "x";'
ok 'the message is as it was' 'grep -aq "the body" "$OUT"'
is 'with a line' "$(cat "$ERR")" \
	'mr-filter: r.sieve:3: program eats: what it printed is no message (the message stays as it is)'
program ten <<<'printf 0123456789'
filter 'filter "ten";' >/dev/null
ok 'nor ten bytes' 'grep -aq "the body" "$OUT"'
program head <<'EOF'
sed 's/^Subject:.*/Subject: new/'
EOF
filter 'filter :header "head";' >/dev/null
ok 'filter :header changes the header' 'grep -aq "^Subject: new" "$OUT" && grep -aq "the body" "$OUT"'
program lower <<<'tr a-z A-Z'
filter 'filter :body "lower";' >/dev/null
ok 'filter :body changes the body' 'grep -aq "^From: a@b" "$OUT" && grep -aq "THE BODY" "$OUT"'

head -c 3000000 /dev/zero | tr '\0' 'x' | fold >long
{ printf 'Subject: long\n\n' && cat long; } >large
program back <<<'cat'
message=large
like 'three megabytes there and back' "$(filter 'if filter "back" { fileinto "x"; }')" 'fileinto "x"'
like 'and there alone' "$(filter 'if execute :pipe "eats" { fileinto "x"; }')" 'fileinto "x"'
message=message

program word <<<'echo folder'
like 'output' "$(filter 'program :output "f" "word"; fileinto "lists/${f}";')" 'fileinto "lists/folder"'
like 'pipe is an action' "$(filter 'pipe :try "word" ["a"];')" 'pipe :try "word" \["a"\];'
done_testing
