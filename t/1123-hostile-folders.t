#!/usr/bin/env bash
# What an IMAP server says of its folders: counts that shrink, EXPUNGE of nothing and of too
# much, UIDVALIDITY and UIDNEXT of all kinds, UIDs in disorder, names and flags that are no
# text. Never is a message marked or expunged that was not stored.
# SPDX-License-Identifier: ISC
# check: asan
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/peer.sh"
. "$MR_TOP/t/lib/hostile.sh"

hostile imap
# Somebody expunges in between: by number message 1 is another one now, by UID it is not.
attack 'EXPUNGE at each step' 0 '' 'five six' '' <<END
$login
$select
S: * 2 EXPUNGE
$item5
S: * 1 EXPUNGE
S: * 0 EXISTS
S: * 1 EXPUNGE
S: * 4000000000 EXPUNGE
$item6
S: * 0 EXPUNGE
S: %TAG% OK done
$settle56
$finish
END
# What it said to the bad one.
said() {
	wire | sed '/^-- connect 2/,$d' | grep -a '^C: ' | cut -d' ' -f3-
}
unlike 'by UID only' "$(said)" $'(^|\n)(STORE|FETCH|EXPUNGE)'
attack 'EXISTS shrinks to nothing while it searches' 0 '' 'five six' '' <<END
$login
${select/S: \* SEARCH 5 6/S: * 0 EXISTS
S: * SEARCH 5 6}
$item5
$item6
S: %TAG% OK done
$settle56
$finish
END
attack 'EXPUNGE answers with the wrong messages' 0 '' 'five six' '' <<END
$login
$select
$item5
$item6
S: %TAG% OK done
${settle56/S: %TAG% OK done
C/S: * 7 EXPUNGE
S: * 8 EXPUNGE
S: %TAG% OK [APPENDUID 1 9999999999] done
C}
$finish
END
attack 'UIDs in disorder and twice' 0 '' 'five six' '' <<END
$login
${select/SEARCH 5 6/SEARCH 6 5 6 5}
$item6
$item5
$item6
S: %TAG% OK done
$settle56
$finish
END

# UIDVALIDITY of a folder at work may not change.
attack 'another UIDVALIDITY while at work' 76 'UIDVALIDITY changed from 17 to 18' five <<END
$login
$select
$item5
S: * OK [UIDVALIDITY 18] all is new
$item6
S: %TAG% OK done
any
END
unlike 'nothing is marked' "$(said)" 'STORE|EXPUNGE'
attack 'a new UIDVALIDITY before the deletion' 76 'UIDVALIDITY changed' 'five six' <<END
$login
$select
$item5
$item6
S: * OK [UIDVALIDITY 18] all is new
S: %TAG% OK done
any
END

# UIDNEXT that is missing, goes back or is no number.
for next in '' 0 3 4294967295 4294967296 -1 x 99999999999999999999; do
	attack "UIDNEXT \"$next\"" 0 '' 'five six' '' <<-END
	$login
	${select/S: \* OK \[UIDVALIDITY 17\] ok/S: * OK [UIDVALIDITY 17] ok
S: * OK [UIDNEXT $next] ok}
	$item5
	$item6
	S: %TAG% OK done
	$settle56
	$finish
	END
done

# Flags and keywords that are no words; names that are no names.
attack 'flags of any bytes' 0 '' 'five six' '' <<END
$login
$select
${item5/\\\\Seen/\\\\Seen \\\\\\xff\\xfe \\xc0\\xaf\\xed\\xa0\\x80 \$\\x01 \\\\..\/..\/etc}
$item6
S: %TAG% OK done
$settle56
$finish
END
ok 'no file is where it should not be' \
	'[ -z "$(find "$HOME" -name "etc*")" ] && [ "$(ls "$hostile_mail" | wc -l)" = 3 ]'
names='folders = [ "*" ]'
hostile imap "$names"
attack 'folder names that are no names' 76 'a folder with an impossible name' '' <<END
$login
answer \S+ LIST "" ""
S: * LIST (\\\\Noselect) "/" ""
S: %TAG% OK done
end
C: \S+ LIST "" "\*"
S: * LIST () "/" INBOX
S: * LIST () "/" "../../etc/passwd"
S: * LIST () "/" "/absolute"
S: * LIST () "/" "a//b"
S: * LIST () "/" {5}
S: a\r\nb\0
S: * LIST () "/" "\xff\xfe\xc0\xaf"
S: * LIST () "/" "&AAA-"
S: * LIST () "/" "&Jjo"
S: * LIST () "/" ".."
S: * LIST () "/" "."
S: %TAG% OK done
answer \S+ STATUS
S: %TAG% NO none
end
answer \S+ EXAMINE
S: %TAG% NO none
end
answer \S+ SELECT
S: %TAG% NO none
end
$finish
END
unlike 'none that leads elsewhere is opened' "$(said)" 'SELECT "(\.|/)|etc|\\x'
done_testing
