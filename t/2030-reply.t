#!/usr/bin/env bash
# vacation, reject and notify from a rule to what leaves: through explain, and through
# mr-filter | mr-deliver.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
PATH=$MR_TOP/t/lib:$PATH
cd "$HOME" || exit 1
export TZ=UTC

mkdir rules
cat >rules/away.sieve <<'SIEVE'
require ["vacation", "enotify", "fcc", "mailbox"];
vacation :fcc "Sent" :create :subject "fort ü" "Ich bin übermorgen zurück.";
notify :importance "1" "mailto:pager@example.net?body=ping";
SIEVE
cat >config <<CONF
filter: { rules = "rules"; addresses = [ "me@example.org", "mee@example.org" ]; }
deliver: { relay-program = "$MR_TOP/t/lib/carrier" }
CONF
printf '%s\n' 'Return-Path: <a@b.org>' 'From: c@d.org' 'To: x@y.org, Me <MEE@example.org>' \
	'Subject: when?' 'Message-ID: <1@b.org>' '' 'hello' >one
sed 's/^To: .*/To: x@y.org/; s/<1@/<2@/' one >other

# What explain tells.
shown() { mr-filter -c config explain --now 2026-02-01T10:00:00Z --out-dir "$1" "${@:2}" >"$OUT" 2>"$ERR"; }
shown show one
is 'a reply, a notification and a copy' "$(cd show && echo *)" \
	'sent-1.eml sent-1.env sent-2.eml sent-2.env stored-INBOX-1.eml stored-Sent-1.eml'
is 'the reply' "$(grep -v ^Message-ID show/sent-1.eml)" 'From: MEE@example.org
To: <a@b.org>
Subject: =?UTF-8?Q?fort_=C3=BC?=
Date: Sun, 1 Feb 2026 10:00:00 +0000
In-Reply-To: <1@b.org>
References: <1@b.org>
Auto-Submitted: auto-replied (vacation)
Precedence: bulk
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Ich bin =C3=BCbermorgen zur=C3=BCck.'
is 'from the null sender' "$(cat show/sent-1.env)" $'from: \nto: a@b.org'
is 'the notification is from the user' "$(cat show/sent-2.env)" \
	$'from: MEE@example.org\nto: pager@example.net'
like 'it says who sent it' "$(head -1 show/sent-2.eml)" \
	'^Auto-Submitted: auto-notified; owner-email="MEE@example.org"$'
shown again one
ok 'the same message makes the same reply' 'cmp show/sent-1.eml again/sent-1.eml'
run mr-filter -c config explain --tests other
like 'why there is none' "$(<"$OUT")" 'note +no reply: none of your addresses is among its recipients'
run mr-filter -c config explain --tests --envelope from= one
like 'the null sender gets none' "$(<"$OUT")" 'no reply: its envelope sender is the null sender'
unlike 'and no vacation' "$(<"$OUT")" '-> vacation'
like 'but is told of' "$(<"$OUT")" '-> notify "pager@example.net"'
sed '1a Auto-Submitted: auto-notified' one >loop
run mr-filter -c config explain --plain loop
is 'a notification starts no other' "$(<"$OUT")" 'implicit-keep # implicit'

# What is sent.
exits 'through both programs' 0 bash -c 'mr-filter -c config <one | mr-deliver -c config'
is 'two mails' "$(cut -d: -f1 carried | sort)" \
	$'from <> to <a@b.org>\nfrom <MEE@example.org> to <pager@example.net>'
is 'the message is stored, and the copy' "$(ls Mail/new | wc -l) $(ls Mail/.Sent/new | wc -l)" '1 1'
ok 'the copy is the reply' 'grep -q "^Auto-Submitted: auto-replied" Mail/.Sent/new/*'
sed 's/<1@/<3@/' one >third
exits 'another message of the same sender' 0 \
	bash -c 'mr-filter -c config <third | mr-deliver -c config'
is 'gets no second reply' "$(grep -c 'to <a@b.org>' carried)" 1
is 'but is told of' "$(grep -c 'to <pager@example.net>' carried)" 2
sed -i 's/übermorgen/morgen/' rules/away.sieve
exits 'another reason' 0 bash -c 'mr-filter -c config <third | mr-deliver -c config'
is 'is another reply' "$(grep -c 'to <a@b.org>' carried)" 2

# A rule that contradicts itself keeps the message.
cat >rules/away.sieve <<'SIEVE'
require ["reject", "fileinto"];
fileinto "x";
reject "no";
SIEVE
run mr-filter -c config explain --plain one
is 'reject beside fileinto' "$STATUS $(<"$OUT")" '70 implicit-keep # error at away.sieve:3'
like 'says why' "$(<"$ERR")" 'away.sieve:3: a message that is rejected is not delivered, too'

done_testing
