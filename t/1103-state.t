#!/usr/bin/env bash
# mr-fetch state export and import: from one machine to another nothing is fetched twice.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"

dovecot_start
corpus=("$MR_TOP"/t/corpus/*.eml)
config=$XDG_CONFIG_HOME/mailrail/config
state=$XDG_STATE_HOME/mailrail
cat >"$config" <<END
account: {
  box: { host = "localhost"; port = $DOVECOT_IMAPS; ca-file = "$DOVECOT_CA"; keep = true
    user = "alice"; password = "alice secret"; folders = [ "INBOX", "lists/Entwürfe neu" ] }
  pop: { protocol = "pop3"; host = "localhost"; port = $DOVECOT_POP3S; ca-file = "$DOVECOT_CA"
    keep = true; user = "bob"; password = "bob secret" }
}
deliver: { inbox = "maildir:~/Mail" }
END
chmod 600 "$config"
stored() {
	find "$HOME/Mail" -type f -path '*/new/*' 2>/dev/null | wc -l
}
fetch() {
	run mr-fetch --into mr-deliver
}
# The ledger's rows, but for what a run finds out by itself.
rows() {
	sqlite3 "$state/ledger.db" "SELECT place, validity, kept, leaving FROM source_folder;
		SELECT * FROM source_item; SELECT * FROM source_letter; SELECT * FROM source_pause"
}
import() {
	run mr-fetch state import <"$1"
}
# Another machine: no mail, no ledger, no lock.
fresh() {
	rm -rf "$state" "$HOME/Mail"
}

dovecot_fill alice INBOX "${corpus[@]:0:5}"
dovecot_fill alice 'lists/Entw&APw-rfe neu' "${corpus[@]:5:3}"
dovecot_fill bob INBOX "${corpus[@]:8:4}"
fetch
is 'fetched' "$STATUS $(stored)" '0 12'
sqlite3 "$state/ledger.db" "INSERT INTO source_pause
	SELECT place, 'large 1/5', 0, 0 FROM source_folder WHERE place LIKE '%INBOX'"
run mr-fetch state export
is 'exported' "$STATUS $(cat "$ERR")" '0 '
cp "$OUT" "$TEST_HOME/state"
is 'by lines' "$(sed 's/ .*//' "$TEST_HOME/state" | sort | uniq -c | xargs)" \
	'2 # 1 end 3 folder 4 item 12 letter 1 mailrail-state 1 pause'
rows >"$TEST_HOME/rows"
exits 'one account' 0 mr-fetch state export pop
is 'that one' "$(grep -c 'imap/' "$OUT") $(grep -c 'pop3/' "$OUT")" '0 9'
unlike 'no secret' "$(cat "$TEST_HOME/state")" secret

fresh
import "$TEST_HOME/state"
is 'imported on a fresh machine' "$STATUS $(cat "$ERR")" '0 '
rows >"$TEST_HOME/rows.2"
ok 'all is as it was' 'diff "$TEST_HOME/rows" "$TEST_HOME/rows.2"'
import "$TEST_HOME/state"
rows >"$TEST_HOME/rows.2"
ok 'and when it is done twice' 'diff "$TEST_HOME/rows" "$TEST_HOME/rows.2"'
fetch
is 'nothing is fetched twice' "$STATUS $(stored) $(cat "$ERR")" '0 0 '
dovecot_fill alice INBOX "${corpus[20]}"
dovecot_fill bob INBOX "${corpus[21]}"
fetch
is 'what is new comes' "$STATUS $(stored)" '0 2'
import "$TEST_HOME/state"
fetch
is 'an old state takes nothing away' "$STATUS $(stored)" '0 2'

rows >"$TEST_HOME/rows"
# bad LABEL REGEX SED: a state that is refused, and nothing of it taken in.
bad() {
	fresh
	sed "$3" "$TEST_HOME/state" >"$TEST_HOME/bad"
	import "$TEST_HOME/bad"
	like "$1" "$STATUS $(cat "$ERR")" "^65 mr-fetch: stdin:$2"
	is "$1: nothing is taken in" "$(rows)" ''
}
bad 'no state at all' '2: the first line' '1d'
bad 'another version' '1: it is of another version' '1s/1/2/'
bad 'a mark that is none' '[0-9]+: it is no line' 's/ kept$/ mine/'
bad 'a set that is none' '3: it is no line' '3s/1:5/1:x/'
bad 'a digest that is cut' '[0-9]+: it is no line' 's/ [0-9a-f]\{16\} / 12 /'
bad 'a line too few' '[0-9]+: there should be 20 lines, and are 19' '/ item /d; 3d'
bad 'cut off' '[0-9]+: the end is missing' '$d'
bad 'more behind the end' '[0-9]+: something stands behind' '$s/$/\n# well\npause pop3\/a b 0 0/'

fresh
sed 's/^\(folder [^ ]*INBOX\) [0-9]*/\1 7/' "$TEST_HOME/state" >"$TEST_HOME/other"
import "$TEST_HOME/state"
import "$TEST_HOME/other"
like 'a folder with another UIDVALIDITY is left alone' "$STATUS $(cat "$ERR")" \
	"^0 mr-fetch: imap/localhost:$DOVECOT_IMAPS/alice/INBOX: its UIDVALIDITY is [0-9]+ here, not 7: left as it is"
exec 8<"$state/run/fetch-box.lock"
flock 8
import "$TEST_HOME/state"
like 'not while a run is at work' "$STATUS $(cat "$ERR")" '^75 mr-fetch: account box: a run'
exits 'neither' 64 mr-fetch state
exits 'no such word' 64 mr-fetch state exprot
done_testing
