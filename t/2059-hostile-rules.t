#!/usr/bin/env bash
# Rules that are made to cost much, are no rules, or come from somebody else: the message is
# kept, one line says why, within bounds of time.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

# LIMIT: seconds of CPU and of the clock; a build with sanitizers has its own needs.
seconds=10
grep -q -a __asan_init "$MR_BUILD/filter/mr-filter" && seconds=100
rules=$XDG_CONFIG_HOME/mailrail
mkdir -p "$rules/rules.d" "$rules/include"
printf 'From: a@example.org\nSubject: x\n\nHello\n' >"$TEST_HOME/message"

filter() {
	(
		ulimit -t "$seconds"
		exec timeout -k 5 "$((2 * seconds))" mr-filter --message "$@" \
			<"$TEST_HOME/message" >"$OUT" 2>"$ERR"
	)
	STATUS=$?
}
actions() {
	sed -n 's/^action: //p' "$OUT"
}
# kept LABEL REGEX [OPTION...]: the message passes on, kept, and one line on stderr fits.
kept() {
	local label=$1 regex=$2
	shift 2
	filter "$@"
	is "$label: status, lines, actions" "$STATUS $(wc -l <"$ERR") $(actions | wc -l)" '0 1 1'
	like "$label: kept" "$(actions)" '^.*keep;$'
	like "$label: said why" "$(cut -b1-300 "$ERR")" "$regex"
}
works() {
	filter "${@:2}"
	is "$1" "$STATUS $(actions | grep -c discard) $(wc -c <"$ERR")" '0 1 0'
}

# Whose rules they are.
file=$rules/rules.d/50-x.sieve
echo 'discard;' >"$file"
works 'our own file'
chmod 664 "$file"
works 'a group may write it'
chmod 666 "$file"
kept 'a world-writable file' '50-x.sieve is refused: everybody may write it \(mail that'
works 'named on the command line it is wanted' --rules "$file"
chmod 600 "$file"
chmod 777 "$rules/rules.d"
kept 'a world-writable folder' 'rules.d is refused: everybody may write it'
chmod 1777 "$rules/rules.d"
kept 'sticky or not' 'rules.d is refused: everybody may write it'
works 'that folder named' --rules "$rules/rules.d"
chmod 700 "$rules/rules.d"
ln -s "$file" "$rules/rules.d/60-link.sieve"
works 'a link to our own'
rm "$rules/rules.d/60-link.sieve"
printf 'require "include"; include "i"; discard;\n' >"$file"
echo 'keep;' >"$rules/include/i.sieve"
chmod 666 "$rules/include/i.sieve"
kept 'a world-writable include' 'i.sieve is refused: everybody may write it'
chmod 600 "$rules/include/i.sieve"
chmod 777 "$rules/include"
kept 'a world-writable folder of them' 'include is refused: everybody may write it'
chmod 700 "$rules/include"
echo 'discard;' >"$file"
if [ "$(id -u)" = 0 ]; then
	chown 65534 "$file"
	kept 'the file of somebody else' '50-x.sieve is refused: its owner \(user 65534\) is neither'
	chown 0 "$file"
	chown 65534 "$rules/rules.d"
	kept 'in the folder of somebody else' 'rules.d is refused: its owner \(user 65534\)'
	chown 0 "$rules/rules.d"
fi
works 'all is well again'

# What is no file.
mv "$file" "$TEST_HOME/good"
ln -s /nowhere/at/all "$file"
kept 'a dangling link' '50-x.sieve.*No such file'
rm "$file"
mkfifo "$file"
kept 'a FIFO' '50-x.sieve is no regular file'
rm "$file"
mkdir "$file"
kept 'a folder' '50-x.sieve is no regular file'
rmdir "$file"
ln -s /dev/zero "$file"
kept 'a device' '50-x.sieve is no regular file'
rm "$file"
ln -s 50-x.sieve "$file"
kept 'a link to itself' '50-x.sieve.*symbolic links'
rm "$file"

# What never ends.
broken() {
	printf '%b' "$2" >"$file"
	kept "$1" "50-x.sieve:[0-9]+:[0-9]+: "
}
broken 'a string without end' 'discard;\nfileinto "x'
broken 'a comment without end' 'discard; /* x'
broken 'a text: without end' 'require "reject"; reject text:\nx\n'
broken 'a list without end' 'if header ["a", "b'
broken 'a block without end' 'if true { discard;'
broken 'a test list without end' 'if anyof (true, '
broken 'a tag that is none' 'keep :'
broken 'NUL' 'discard;\0discard;'
broken 'bytes that are no UTF-8' 'discard; \0377\0376 keep;'

# What is large.
perl -e 'print "if true {" x 20000, "discard;", "}" x 20000' >"$file"
kept '20,000 blocks deep' '50-x.sieve:1:[0-9]+: '
perl -e 'print "if ", "not " x 20000, "true { discard; }"' >"$file"
kept '20,000 tests deep' '50-x.sieve:1:[0-9]+: '
perl -e 'print "if ", "anyof(" x 20000, "true", ")" x 20000, "{ discard; }"' >"$file"
kept '20,000 lists deep' '50-x.sieve:1:[0-9]+: '
perl -e 'print "[" x 1000000' >"$file"
kept 'a million brackets' '50-x.sieve:1:[0-9]+: '
perl -e 'print "# ", "x" x 1048576, "\ndiscard;\n"' >"$file"
works 'a file of 1 MiB'
perl -e 'print qq(if header "Subject" "x$_" { keep; }\n) for 1 .. 100000; print "discard;"' >"$file"
works '100,000 rules'
perl -e 'print q(if header :contains "X" [), join(",", map { qq("k$_") } 1 .. 1000000),
	"] { keep; } discard;"' >"$file"
works 'a list of a million keys'
perl -e 'print "discard;" x 3000000' >"$file"
kept 'a file of 24 MB' '50-x.sieve.*(long|large|bytes|MiB)'
rm "$file"

# Regular expressions that never end, wherever one may stand.
text=$(printf 'a%.0s' {1..3000})
cat >"$TEST_HOME/message" <<END
From: "$text!" <$text!@example.org>
To: a@$text!
Date: Thu, 1 Jan 2026 00:00:00 +0000
Subject: $text!
Content-Type: text/$text!; name="$text!"

$text!
END
given_up() {
	{
		echo 'require ["regex", "variables", "editheader", "envelope", "body", "index",'
		echo '"mime", "foreverypart", "relational", "vnd.mailrail.raw"];'
		printf 'set "s" "%s!";\nset "r" "^(a|aa|a?)+(a*)*$";\n%s\nstop;\n' "$text" "$2"
	} >"$file"
	kept "$1" "50-x.sieve:5: .*given up"
}
evil='^(a|aa|a?)+(a*)*$'
header() {
	given_up "$1" "if ${3:-} header $2 { discard; }"
}
header 'header' ":regex \"Subject\" \"$evil\""
header 'header, a list of keys' ":regex [\"X\", \"Subject\"] [\"x\", \"$evil\"]"
# shellcheck disable=SC2016
header 'header, a key that is a variable' ':regex "Subject" "${r}"'
header 'header, octets' ":comparator \"i;octet\" :regex \"Subject\" \"$evil\""
header 'header :mime' ":mime :param \"name\" :regex \"Content-Type\" \"$evil\""
header 'not header' ":regex \"Subject\" \"$evil\"" not
given_up 'a test behind others' "if anyof (false, header :regex \"Subject\" \"$evil\") { discard; }"
given_up 'address' "if address :localpart :regex \"From\" \"$evil\" { discard; }"
given_up 'string' "if string :regex \"\${s}\" \"$evil\" { discard; }"
given_up 'body' "if body :regex \"$evil\" { discard; }"
given_up 'body :raw' "if body :raw :regex \"$evil\" { discard; }"
given_up 'body :content' "if body :content \"text\" :regex \"$evil\" { discard; }"
given_up 'raw' "if raw :body :regex \"$evil\" { discard; }"
given_up 'deleteheader' "deleteheader :regex \"Subject\" \"$evil\";"
given_up 'in a loop' "foreverypart { if body :regex \"$evil\" { discard; } }"
done_testing
