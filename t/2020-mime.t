#!/usr/bin/env bash
# Parts of messages: the same loops, tests and texts through Pigeonhole's sieve-test and
# through mr-filter; and through the stream, where bodies are needed and where not.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

type sieve-test >/dev/null 2>&1 || bail_out 'no sieve-test: t/check installs dovecot-sieve'

dir=$TEST_HOME/sieve
mkdir -p "$dir/home"
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
plugin {
  sieve = file:$dir/home/active.sieve
}
CONF

cat >"$dir/message" <<'MESSAGE'
From: a@x.org
Subject: outer
X-Id: root
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
X-Id: alt
Content-Type: multipart/alternative; boundary=inner

--inner
X-Id: plain
Content-From: Tim <tim@example.com>
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe
--inner
X-Id: html
Content-Type: text/html; charset=utf-8
Content-Disposition: inline

<p>Hello &amp; w&#228;r</p>
--inner--
--outer
X-Id: msg
Content-Type: message/rfc822

Subject: embedded
X-Id: embedded

Embedded
--outer
X-Id: bin
Content-Type: application/pdf; name=b.pdf
Content-Disposition: attachment; filename*=utf-8''caf%C3%A9.pdf
Content-Transfer-Encoding: base64

SGVsbG8=
--outer--
MESSAGE
chmod -R a+r "$dir"

head='require ["mime", "foreverypart", "extracttext", "variables", "relational", "copy",
"fileinto", "body"];'

theirs() {
	sieve-test -c "$dir/dovecot.conf" -C -x '+mime +foreverypart +extracttext' \
		"$dir/home/active.sieve" "$dir/message" >"$OUT" 2>"$ERR" || echo error
	sed -n 's/^ \* store message in folder: //p' "$OUT" | sort -u
}

ours() {
	mr-filter explain --plain --rules "$dir/home/active.sieve" "$dir/message" >"$OUT" 2>"$ERR" ||
		echo error
	sed -n 's/^implicit-keep.*/INBOX/p; s/^fileinto "\([^"]*\)".*/\1/p' "$OUT" | sort -u
}

same() {
	printf '%s\n%s\n' "$head" "$2" >"$dir/home/active.sieve"
	chmod a+r "$dir/home/active.sieve"
	is "$1" "$(ours)" "$(theirs)"
}

id='set "i" "none"; if header :mime :matches "X-Id" "*" { set "i" "${1}"; }'
same 'the order of parts' "foreverypart { $id set \"a\" \"\${a} \${i}\"; }
	fileinto \"order\${a}\";"
same 'parts within parts' "foreverypart :name \"o\" { set \"a\" \"\${a},\"; foreverypart { $id
	set \"a\" \"\${a} \${i}\"; if string \"\${i}\" \"html\" { break; } } }
	fileinto \"inner\${a}\";"
same 'break by name' "foreverypart :name \"o\" { foreverypart { $id set \"a\" \"\${a} \${i}\";
	if string \"\${i}\" \"html\" { break :name \"o\"; } } } fileinto \"out\${a}\";"
same 'types of each part' "foreverypart { $id
	if header :mime :type :matches \"Content-Type\" \"*\" { fileinto :copy \"t \${i} \${1}\"; }
	if header :mime :subtype :matches \"Content-Type\" \"*\" { fileinto :copy \"s \${i} \${1}\"; }
	if header :mime :contenttype :matches \"Content-Type\" \"*\" { set \"c\" \"\${1}\";
		if string :is \"\${c}\" \"text/html\" { fileinto :copy \"html\"; } }
	if header :mime :type :matches \"Content-Disposition\" \"*\" { fileinto :copy \"d \${i} \${1}\"; } }"
same 'parameters' "foreverypart { $id
	if header :mime :param [\"filename\", \"name\"] :matches [\"Content-Type\",
		\"Content-Disposition\"] \"?*\" { fileinto :copy \"p \${i} \${0}\"; } }"
for n in 0 1 2 5 6 7 8; do
	same "counts: $n" "if header :mime :anychild :count \"eq\" \"X-Id\" \"$n\" { fileinto \"a\"; }
	if header :mime :count \"eq\" \"X-Id\" \"$n\" { fileinto \"b\"; }
	if header :mime :anychild :type :count \"eq\" \"Content-Type\" \"$n\" { fileinto \"d\"; }"
done
same 'exists and address' 'if exists :mime :anychild ["Content-From", "Content-Disposition"] {
	fileinto :copy "exists"; }
	if exists :mime "Content-From" { fileinto :copy "at the top"; }
	if address :mime :anychild :localpart "from" "a" { fileinto :copy "a"; }'

# Where Pigeonhole does otherwise than RFC 5703: it has an empty value for a parameter that is
# not there (section 4.1: those "that were found"), and refuses Content-From in an address
# test (the example of section 4.2).
decides() {
	printf '%s\n%s\n' "$head" "$2" >"$dir/home/active.sieve"
	is "$1" "$(ours)" "$3"
}
decides 'parameters that were found' 'if header :mime :anychild :param "filename" :count "eq"
	"Content-Disposition" "1" { fileinto "one"; }' one
decides 'addresses in any field' 'if address :mime :anychild :localpart "content-from" "tim" {
	fileinto "tim"; }' tim
same 'texts' "foreverypart { $id extracttext :upper \"t\"; extracttext :length \"n\";
	extracttext :first 3 \"f\"; if header :mime :type \"Content-Type\" \"multipart\" { set \"t\" \"\"; }
	if header :mime :type \"Content-Type\" \"application\" { fileinto :copy \"x \${t} \${n} \${f}\"; }
	if header :mime :type \"Content-Type\" [\"multipart\", \"message\"] {
		fileinto :copy \"none \${t} \${n} \${f}\"; }
	if string :contains \"\${t}\" \"HELLO & W\" { fileinto :copy \"html\"; }
	if string :is \"\${f}\" \"Gr\xc3\xbc\" { fileinto :copy \"plain\"; } }"

# The stream: what needs only the header is decided before the body has come.
printf '%s\n' 'require "mime";' 'if header :mime :type "Content-Type" "multipart" { discard; }' \
	>"$TEST_HOME/top.sieve"
is ':mime of the message needs no body' "$(
	{
		printf '%%mailrail-stream 1\nprogram: t\n\nmessage\n\nbytes 30\n'
		printf 'Content-Type: multipart/x\n\nab\nflush\n'
		sleep 2
	} | mr-filter --rules "$TEST_HOME/top.sieve" 2>"$ERR" | { timeout 1 grep -am1 '^action:' || echo late; }
)" 'action: top.sieve:2 discard;'
printf '%s\n' "$head" 'foreverypart { if header :mime :param "filename" :contains
	"Content-Disposition" "caf" { fileinto "found"; break; } }' >"$TEST_HOME/loop.sieve"
run mr-filter --rules "$TEST_HOME/loop.sieve" "$dir/message"
like 'a loop through the main job' "$(grep -a '^action:' "$OUT")" 'fileinto "found";'
done_testing
