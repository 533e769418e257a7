#!/usr/bin/env bash
# explain --out-dir shows what would be stored and sent, and does neither.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
cd "$TEST_HOME" || exit 1

printf 'Return-Path: <r@b.org>\nFrom: a@b.org\nSubject: one\n\nbody\n' >one
cat >rule.sieve <<'SIEVE'
require ["fileinto", "copy", "editheader"];
fileinto :copy "a/b";
addheader "X-Seen" "yes";
fileinto "100%";
redirect :copy "a@x.org";
keep;
SIEVE
exits 'explain --out-dir' 0 mr-filter explain --rules rule.sieve --out-dir show one
is 'its files' "$(cd show && echo *)" \
	'sent-1.eml sent-1.env stored-100%25-1.eml stored-INBOX-1.eml stored-a%2Fb-1.eml'
ok 'as it came' 'cmp one show/stored-a%2Fb-1.eml'
is 'as rules changed it' "$(head -1 show/stored-100%25-1.eml)" 'X-Seen: yes'
ok 'the rest of it is the same' 'tail -n +2 show/stored-INBOX-1.eml | cmp - one'
is 'sent on as changed' "$(head -1 show/sent-1.eml)" 'X-Seen: yes'
is 'its envelope' "$(cat show/sent-1.env)" 'from: r@b.org
to: a@x.org'
run mr-filter explain --rules rule.sieve --out-dir show2 --envelope from= one one
is 'numbers per folder' "$(cd show2 && echo *INBOX*)" 'stored-INBOX-1.eml stored-INBOX-2.eml'
is 'the null sender' "$(head -1 show2/sent-2.env)" 'from: '
is 'nobody else reads them' "$(stat -c %a show show/sent-1.eml | tr '\n' ' ')" '700 600 '
ok 'nothing was stored' '[ ! -e "$HOME/Mail" ]'

{ cat one; head -c 3000000 /dev/zero | tr '\0' x; } >large
run mr-filter explain --rules rule.sieve --out-dir show3 large
ok 'a message larger than memory' 'cmp large show3/stored-a%2Fb-1.eml'
exits 'no such place' 75 mr-filter explain --rules rule.sieve --out-dir no/such one

cat >away.sieve <<'SIEVE'
require ["vacation", "fcc"];
vacation :fcc "Sent" :from "me@here.org" :addresses "me@here.org" "away";
SIEVE
printf 'From: a@b.org\nTo: me@here.org\nSubject: one\n\nbody\n' >two
run mr-filter explain --rules away.sieve --envelope from=a@b.org --envelope to=me@here.org \
	--now 2026-02-01T10:00:00Z --out-dir show4 two
is 'a reply' "$(cd show4 && echo *)" 'sent-1.eml sent-1.env stored-INBOX-1.eml stored-Sent-1.eml'
ok 'is whole' 'grep -q "^Auto-Submitted: auto-replied" show4/sent-1.eml && grep -qx away show4/sent-1.eml'
ok 'and so is its copy' 'cmp show4/sent-1.eml show4/stored-Sent-1.eml'
is 'it goes to the sender' "$(grep ^to: show4/sent-1.env)" 'to: a@b.org'
ok 'all of it is one plain line' 'grep -c "^vacation \"a@b.org\" .* text \".*away" "$OUT" | grep -qx 1'

cat >no.sieve <<'SIEVE'
require "reject"; reject "not here";
SIEVE
run mr-filter explain --rules no.sieve --envelope to=me@here.org --set hostname=box.here.org \
	--out-dir show5 one
is 'a report of what is rejected' "$(cd show5 && echo *)" 'sent-1.eml sent-1.env'
is 'to the sender, from nobody' "$(tr '\n' ';' <show5/sent-1.env)" 'from: ;to: r@b.org;'
ok 'with the reason' 'grep -qx "not here" show5/sent-1.eml'
like 'and who refused' "$(cat show5/sent-1.eml)" 'Final-Recipient: *rfc822; *me@here.org'
run mr-filter explain --rules no.sieve --envelope from= --out-dir show6 one
is 'nobody is told of a bounce' "$(cd show6 && echo *)" 'stored-INBOX-1.eml'
done_testing
