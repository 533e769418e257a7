#!/usr/bin/env bash
# Watching for long: hundreds of rounds leave memory and descriptors as they were.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"

# LONG=1000 for a longer one.
rounds=${LONG:-200}

# Each round brings news, and the message that was there before.
session() {
	cat <<-'END'
	S: * OK IMAP4rev1 ready
	answer \S+ CAPABILITY
	S: * CAPABILITY IMAP4rev1 IDLE UIDPLUS AUTH=PLAIN SASL-IR
	S: %TAG% OK done
	end
	answer \S+ AUTHENTICATE PLAIN
	S: %TAG% OK logged in
	end
	answer \S+ LOGOUT
	S: * BYE bye
	S: %TAG% OK done
	end
	answer \S+ SELECT
	S: * 1 EXISTS
	S: * OK [UIDVALIDITY 17] ok
	S: * OK [UIDNEXT 6] ok
	S: %TAG% OK done
	end
	answer \S+ UID SEARCH
	S: * SEARCH 5
	S: %TAG% OK done
	end
	answer \S+ UID FETCH 5
	S: * 1 FETCH (UID 5 FLAGS () RFC822.SIZE 23 BODY[] {23}
	S- Subject: five\r\n\r\nbody\r\n
	S: )
	S: %TAG% OK done
	end
	answer \S+ UID STORE 5
	S: %TAG% OK done
	end
	answer \S+ UID EXPUNGE 5
	S: %TAG% OK done
	end
	answer \S+ EXAMINE
	S: * 0 EXISTS
	S: * OK [UIDVALIDITY 17] ok
	S: * OK [UIDNEXT 6] ok
	S: %TAG% OK done
	end
	answer \S+ STATUS
	S: * STATUS INBOX (MESSAGES 0 UIDNEXT 6 UIDVALIDITY 17)
	S: %TAG% OK done
	end
	answer \S+ CLOSE
	S: %TAG% OK done
	end
	END
	echo "repeat $1"
	printf '%s\n' 'C: \S+ IDLE' 'S: + idling' 'S: * 1 EXISTS' 'C: DONE' 'S: %TAG% OK done' end
	echo 'C* NEVER'
}
session "$rounds" >"$TEST_HOME/session"
start_peer imap "$TEST_HOME/session"
cat >"$XDG_CONFIG_HOME/mailrail/config" <<END
account: { box: {
  protocol = "imap"; host = "localhost"; port = $PEER_PORT; tls = "none"
  user = "u"; password = "p"; timeout = "10s"
} }
deliver: { inbox = "maildir:~/Mail" }
END
chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
spawn watch mr-fetch watch --into 'mr-filter | mr-deliver'
pid=$PID

looks() {
	wire imap | grep -ac '^C: .* IDLE'
}
memory() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"
}
descriptors() {
	ls "/proc/$pid/fd" | wc -l
}
ok 'a tenth of it' 'wait_for 30 "[ \"\$(looks)\" -ge $((rounds / 10)) ]"'
first=$(memory)
open=$(descriptors)
ok "$rounds rounds" 'wait_for $rounds "[ \"\$(looks)\" -ge $((rounds - 1)) ]"'
last=$(memory)
ok "memory: $first kB, then $last kB" '[ "$((last - first))" -le 256 ]'
ok 'descriptors' '[ "$(descriptors)" -le $((open + 3)) ]'
kill -TERM "$pid"
wait "$pid"
is 'it ends with 0' "$?" 0
is 'in silence' "$(cat "$TEST_HOME/watch.log")" ''
done_testing
