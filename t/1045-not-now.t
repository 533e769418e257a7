#!/usr/bin/env bash
# [THROTTLED], [LIMIT] and the like: try again later, in the server's words; nothing more is
# asked of it in this run.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

# not_now LABEL STATUS LINE <<transcript behind the login
count=0
not_now() {
	count=$((count + 1))
	{
		cat <<-END2
		S: * OK IMAP4rev1 ready
		answer \S+ CAPABILITY
		S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
		S: %TAG% OK done
		end
		answer \S+ AUTHENTICATE PLAIN
		S: %TAG% OK logged in
		end
		END2
		cat
	} >"$TEST_HOME/script"
	rm -rf "$XDG_STATE_HOME/mailrail"
	start_peer "odd$count" "$TEST_HOME/script"
	cat >"$XDG_CONFIG_HOME/mailrail/config" <<-END2
	account: { box: { host = "localhost"; port = $PEER_PORT; tls = "none"; keep = true
	  user = "u"; password = "p"; timeout = "5s"; folders = [ "INBOX", "other" ] } }
	END2
	run timeout 20 mr-fetch --into mr-deliver
	is "$1: exit status" "$STATUS" "$2"
	like "$1: in its words" "$(cat "$ERR")" "$3"
	ok "$1: nothing more is asked" wire_ok || wire | tail -5 | sed 's/^/#  /'
}
bye='C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done'
inbox='C: \S+ EXAMINE "INBOX"
S: * 3 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK done
C: \S+ UID SEARCH UID 1:\* UNDELETED
S: * SEARCH 5 6 7
S: %TAG% OK done
C: \S+ UID FETCH 5:7 '

not_now 'SELECT' 75 'folder INBOX: it cannot be opened: \[THROTTLED\] slow down' <<END
C: \S+ EXAMINE "INBOX"
S: %TAG% NO [THROTTLED] slow down
$bye
END
not_now 'FETCH' 75 'folder INBOX: some messages were not given: \[LIMIT\] enough for today' <<END
$inbox
S: %TAG% NO [LIMIT] enough for today
$bye
END
not_now 'BAD, but passing' 75 'the server cannot now: backoff 300 s' <<END
$inbox
S: %TAG% BAD [UNAVAILABLE] backoff 300 s
any
END
not_now 'a folder that is in use, the other is not' 75 'INBOX: it cannot be opened: \[INUSE\] locked' <<END
C: \S+ EXAMINE "INBOX"
S: %TAG% NO [INUSE] locked
C: \S+ EXAMINE "other"
S: * 0 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK done
$bye
END
not_now 'a search that finds more than there is' 76 'finds 4294967295 messages in 3' <<END
C: \S+ EXAMINE "INBOX"
S: * 3 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK done
C: \S+ UID SEARCH UID 1:\* UNDELETED
S: * ESEARCH (TAG "x") UID ALL 1:4294967295
S: %TAG% OK done
any
END
done_testing
