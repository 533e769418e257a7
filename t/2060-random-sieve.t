#!/usr/bin/env bash
# Random scripts over random messages, a fixed set of tests over t/corpus, and what is known to
# differ: through Pigeonhole's sieve-test and through mr-filter explain.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

type sieve-test >/dev/null 2>&1 || bail_out 'no sieve-test: t/check installs dovecot-sieve'

lib=$MR_TOP/t/lib
dir=$TEST_HOME/sieve
mkdir -p "$dir/home" "$dir/random" "$dir/corpus" "$dir/known"
uid=$(id -u) gid=$(id -g)
# sieve-test wants to be nobody when it is started by root.
[ "$uid" != 0 ] || { uid=65534 gid=65534; chmod 755 "$TEST_HOME"; chmod -R 777 "$dir"; }
cat >"$dir/dovecot.conf" <<CONF
mail_uid = $uid
mail_gid = $gid
first_valid_uid = 1
mail_home = $dir/home
mail_location = maildir:$dir/home/Maildir
postmaster_address = postmaster@example.org
log_path = /dev/stderr
info_log_path = /dev/stderr
plugin {
  sieve = file:$dir/home/active.sieve
  sieve_extensions = +editheader +mime +foreverypart +extracttext
}
CONF

require='require ["fileinto","copy","variables","envelope","subaddress","relational","regex",
"date","index","imap4flags","body","ihave","mime","encoded-character",
"comparator-i;ascii-numeric"];'

# Every pair NAME.sieve, NAME.eml of a directory is a case.
run_both() {
	local pairs=() script
	for script in "$1"/*.sieve; do
		pairs+=("$script" "${script%.sieve}.eml")
	done
	chmod -R a+rX "$dir"
	"$lib/both-sieves" "$dir/dovecot.conf" "${pairs[@]}" >"$TEST_HOME/compared"
}

compare() {
	local script name
	run_both "$1"
	for script in "$1"/*.sieve; do
		name=${script##*/}
		is "${1##*/} $name" "$(grep -axF "same $name" "$TEST_HOME/compared")" "same $name" ||
			diag "$(grep -aF "  $name: " "$TEST_HOME/compared"; cat "$script")"
	done
}

"$lib/random-sieve" "$dir/random" 400 "${SEED:-1}"
compare "$dir/random"

# What sieve-test and mr-filter read differently, for the reasons named here:
#   8bit-header, utf8-headers   bytes over 127 without an encoding: there they stay as they
#                               are and are no addresses; here RFC 6532 and a guess
#   folded-headers              a tab stays a tab (RFC 5322 section 2.2.3: unfolding takes the
#                               line end only); there it becomes a space
#   long-header                 a folder named by 1,000 bytes is an error
#   no-header-no-colon          a message without a header is all body
#   quoted-local-part           addresses with a literal domain or a route (RFC 5322 sections
#                               3.4.1, 4.4) are none there
#   subject-encoded-broken      a word in an unknown charset stays (RFC 2047 section 6.2)
differ=' 8bit-header folded-headers long-header no-header-no-colon quoted-local-part
	subject-encoded-broken utf8-headers '
rows=0
while read -r test; do
	rows=$((rows + 1))
	capture=
	case $test in
	*:matches*from\"* | *:matches*subject* | address\ :* | date\ :*) capture=' ${1}' ;;
	esac
	# Half of them in each script: 32 actions are the limit.
	printf 'if %s { fileinto :copy "%s%s"; }\n' "$test" "$rows" "$capture" \
		>>"$dir/half$((rows % 2))"
done <<'TABLE'
header :contains "subject" ""
header :matches "subject" "*"
header :matches "from" "*"
header :contains ["to", "cc"] "alice"
header :matches "date" "*"
header :matches "list-id" "*<*>*"
header :matches "message-id" "*"
header :matches :index 1 :last "received" "*by*"
header :matches "content-type" "*/*"
header :regex "subject" "([a-zA-Z]+)"
header :value "ge" :comparator "i;ascii-numeric" "x-spam-score" "5"
header :count "ge" :comparator "i;ascii-numeric" ["received", "to"] "2"
header :is "x-spam-flag" "yes"
exists ["from", "date", "to"]
exists "list-unsubscribe"
address :all :matches "from" "*"
address :localpart :matches "from" "*"
address :domain :matches "from" "*"
address :user :matches ["to", "cc", "bcc"] "*"
address :detail :matches ["to", "cc"] "*"
address :contains ["to", "cc", "bcc", "resent-to"] "example"
address :count "ge" :comparator "i;ascii-numeric" ["to", "cc"] "2"
address :count "eq" :comparator "i;ascii-numeric" "from" "1"
address :matches ["sender", "reply-to"] "*@*"
date :originalzone :matches "date" "iso8601" "*"
date :zone "+0530" :matches "date" "time" "*"
date :matches "date" "weekday" "*"
date :matches "date" "julian" "*"
date :index 1 :originalzone :matches "received" "zone" "*"
body :contains "the"
body :text :contains "e"
body :raw :contains "e"
body :raw :matches "*a*"
body :content "text" :contains ["and", "und"]
body :content "text/html" :contains "<"
body :content "application" :contains ""
body :content "image" :contains "P"
body :content "message" :contains "From"
body :content "multipart" :contains ""
header :mime :type "content-type" "multipart"
header :mime :anychild :type "content-type" "application"
header :mime :anychild :subtype :contains "content-type" "plain"
header :mime :anychild :contenttype :contains "content-type" "text/"
header :mime :anychild :param "filename" :contains "content-disposition" "."
header :mime :param "charset" :matches "content-type" "?*"
header :mime :anychild :param "name" :matches "content-type" "?*"
exists :mime :anychild "content-disposition"
header :mime :anychild :count "ge" :comparator "i;ascii-numeric" "content-type" "3"
TABLE
for message in "$MR_TOP"/t/corpus/*.eml; do
	name=${message##*/}
	name=${name%.eml}
	[[ $differ =~ [[:space:]]$name[[:space:]] ]] && continue
	for half in 0 1; do
		cp "$message" "$dir/corpus/$name-$half.eml"
		{
			echo "$require"
			cat "$dir/half$half"
		} >"$dir/corpus/$name-$half.sieve"
	done
done
compare "$dir/corpus"

# What else is known to differ: what is said here and there, the test, and the text that makes
# ours right.
printf '%s\n' 'From: Ann <ann@example.net>' 'To: a@example.net, c+d@example.net' 'Cc: Team: ;' \
	'Date: Mon, 2 Nov 2026 10:20:30 +0000' 'Subject: abc' $'X-Tab: a\n\tb' 'X-Empty:' '' \
	>"$dir/message"
whys=()
while IFS='|' read -r here there test why; do
	name=$((10 + ${#whys[@]}))
	whys+=("$name|$here|$there|$why")
	printf '%s\nif %s { fileinto "yes"; }\n' "$require" "$test" >"$dir/known/$name.sieve"
	cp "$dir/message" "$dir/known/$name.eml"
done <<'TABLE'
yes|no|string "a" "A"|RFC 5228 2.7.3: i;ascii-casemap unless told
no|yes|string :matches "a a" "?tc*"|RFC 5228 2.7.1: "?" is one character, the rest must match
no|yes|header :matches "subject" "?x*"|the same
yes|no|string :value "gt" :comparator "i;ascii-casemap" "_" "a"|RFC 4790 9.2.1: "_" stands behind capitals
yes|no|string :comparator "i;ascii-numeric" "" "x"|RFC 4790 9.1.1: "", "x" and "y" are equal
yes|no|header :comparator "i;ascii-numeric" "x-empty" "x"|the same
no|yes|date :index 3 :zone "+0530" "date" "year" "2026"|RFC 5260 6: there is no third Date
no|yes|date :index 2 :originalzone "date" "year" "2026"|the same
yes|no|header :index 1 :last :count "eq" "to" "1"|RFC 5260 6: of one field, not of none
no|yes|address "cc" "Team: ;"|RFC 5228 5.1: a group's name is never acted on
yes|no|header "x-tab" "a${hex:09}b"|RFC 5322 2.2.3: only the line end goes
yes|no|body :raw :is ""|RFC 5173 4: an empty line ends the header: the body is empty
TABLE
run_both "$dir/known"
for row in "${whys[@]}"; do
	IFS='|' read -r name here there why <<<"$row"
	test=$(sed -n 's/^if \(.*\) { fileinto "yes"; }$/\1/p' "$dir/known/$name.sieve")
	want="  $name.sieve: here folder yes"
	[ "$here" = yes ] || want="  $name.sieve: there folder yes"
	ok "$test: $here here, $there there: $why" 'grep -qxF "$want" "$TEST_HOME/compared"' ||
		diag "$(grep -F "$name.sieve" "$TEST_HOME/compared")"
done

done_testing
