# shellcheck shell=bash
# Attacks of a scripted server on mr-fetch, each followed by a visit to a good one.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh and peer.sh. The mailbox has two messages, "five" and "six": UID 5 and
# 6 by IMAP, message 1 (UIDL aaa) and 2 (bbb) by POP3.
#
#	hostile imap|pop3 [LINE...]  what follows is this protocol; LINE: settings of the account
#	attack LABEL STATUS LINE STORED [LEFT] <<transcript
#	                   A run against the transcript, from nothing: its exit status, one line on
#	                   stderr that matches LINE ("" for silence), what is stored, in bounded
#	                   time and memory; then one against a good server that has LEFT ("5 6"):
#	                   five and six are stored, each once
#	$login             what stands in front of a transcript: greeting and login; answers LOGOUT
#	$select            IMAP: up to the FETCH of both; POP3: up to the UIDL
#	$item5 $item6      their answers to FETCH, or RETR with its answer
#	$settle5 $settle56 they are deleted; $finish ends the session

HOSTILE_MEMORY=${HOSTILE_MEMORY:-32768} # KiB; what mr-fetch and those it starts may take
HOSTILE_SECONDS=${HOSTILE_SECONDS:-15}
hostile_mail=$HOME/Mail
hostile_count=0

hostile_imap_script() {
	login='S: * OK IMAP4rev1 ready
answer \S+ CAPABILITY
S: * CAPABILITY IMAP4rev1 UIDPLUS AUTH=PLAIN SASL-IR
S: %TAG% OK done
end
answer \S+ AUTHENTICATE PLAIN
S: %TAG% OK logged in
end
answer \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done
end'
	select='C: \S+ SELECT "INBOX"
S: * 2 EXISTS
S: * OK [UIDVALIDITY 17] ok
S: %TAG% OK [READ-WRITE] done
C: \S+ UID SEARCH UID 1:\* UNDELETED
S: * SEARCH 5 6
S: %TAG% OK done
C: \S+ UID FETCH 5:6 '
	item5='S: * 1 FETCH (UID 5 FLAGS (\\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 23 BODY[] {23}
S- Subject: five\r\n\r\nbody\r\n
S: )'
	item6='S: * 2 FETCH (UID 6 FLAGS () RFC822.SIZE 21 BODY[] {21}
S- Subject: six\r\n\r\nsix\r\n
S: )'
	local settle='C: \S+ UID STORE %W% \+FLAGS.SILENT \(\\Deleted\)
S: %TAG% OK done
C: \S+ UID EXPUNGE %W%
S: %TAG% OK done'
	settle5=${settle//%W%/5}
	settle56=${settle//%W%/5:6}
	finish='C: \S+ LOGOUT
S: * BYE bye
S: %TAG% OK done'
}

hostile_pop3_script() {
	login='S: +OK POP3 ready
answer CAPA
S: +OK
S: USER
S: SASL PLAIN
S: UIDL
S: TOP
S: .
end
answer AUTH PLAIN
S: +OK logged in
end'
	select='C: UIDL
S: +OK
S: 1 aaa
S: 2 bbb
S: .'
	item5='C: RETR 1
S: +OK
S: Subject: five
S:
S: body
S: .'
	item6='C: RETR 2
S: +OK
S: Subject: six
S:
S: six
S: .'
	settle5='C: DELE 1
S: +OK'
	settle56=$settle5'
C: DELE 2
S: +OK'
	finish='C: QUIT
S: +OK bye'
}

hostile() {
	hostile_protocol=$1
	shift
	hostile_settings=("$@")
	"hostile_${hostile_protocol}_script"
}

hostile_config() {
	{
		cat <<-END
		account: { box: {
		  protocol = "$hostile_protocol"; host = "localhost"; port = $PEER_PORT
		  user = "u"; password = "p"
		END
		[[ ${hostile_settings[*]} = *timeout* ]] || echo '  timeout = "2s"'
		[[ ${hostile_settings[*]} = *tls* ]] || echo '  tls = "none"'
		[ "${#hostile_settings[@]}" = 0 ] || printf '  %s\n' "${hostile_settings[@]}"
		printf '} }\ndeliver: { inbox = "maildir:~/Mail" }\n'
	} >"$XDG_CONFIG_HOME/mailrail/config"
	chmod 600 "$XDG_CONFIG_HOME/mailrail/config"
}

# A server that has LEFT and answers whatever may be asked about that.
hostile_good_imap() {
	local uid item
	cat <<-END
	$login
	answer \S+ LIST
	S: * LIST () "/" INBOX
	S: %TAG% OK done
	end
	answer \S+ (SELECT|EXAMINE) "INBOX"
	S: * 2 EXISTS
	S: * OK [UIDVALIDITY 17] ok
	S: %TAG% OK [READ-WRITE] done
	end
	answer \S+ UID SEARCH
	S: * SEARCH $1
	S: %TAG% OK done
	end
	answer \S+ UID SEARCH UID \S+ DELETED
	S: * SEARCH
	S: %TAG% OK done
	end
	answer \S+ UID (STORE|EXPUNGE)
	S: %TAG% OK done
	end
	END
	for uid in $1; do
		item=item$uid
		printf 'answer \\S+ UID FETCH %s \n%s\nS: %%TAG%% OK done\nend\n' "$uid" "${!item}"
	done
	printf 'answer \\S+ UID FETCH 5:6 \n%s\n%s\nS: %%TAG%% OK done\nend\n' "$item5" "$item6"
	printf '%s\n' "$finish"
}

hostile_good_pop3() {
	local uid number names=([5]=aaa [6]=bbb) subjects=([5]=five [6]=six) sizes=([5]=24 [6]=22)
	printf '%s\nanswer UIDL\nS: +OK\n' "$login"
	for uid in $1; do
		printf 'S: %s %s\n' $((uid - 4)) "${names[uid]}"
	done
	printf 'S: .\nend\n'
	for uid in $1; do
		number=$((uid - 4))
		printf 'answer LIST %d\nS: +OK %d %d\nend\n' $number $number "${sizes[uid]}"
		printf 'answer TOP %d\nS: +OK\nS: Subject: %s\nS:\nS: .\nend\n' $number \
			"${subjects[uid]}"
	done
	printf 'answer %s\nend\nanswer %s\nend\n' "${item5#C: }" "${item6#C: }"
	printf 'answer DELE\nS: +OK\nend\n%s\n' "$finish"
}

hostile_stored() {
	find "$hostile_mail" -type f \( -path '*/new/*' -o -path '*/cur/*' \) \
		-exec grep -ah ^Subject: {} + 2>/dev/null | tr -d '\r' | cut -d' ' -f2- |
		LC_ALL=C sort | paste -sd' '
}

# hostile_run COMMAND...: like run; PEAK is the KiB that it or one it started took.
hostile_run() {
	run perl -e '
		my $out = shift;
		my $status = system @ARGV;
		# getrusage(RUSAGE_CHILDREN): two times, then ru_maxrss.
		my %number = (x86_64 => 98, aarch64 => 165);
		my $machine = (split " ", `uname -m`)[0];
		my $usage = "\0" x 256;
		my $peak = -1;
		if ($number{$machine} && syscall($number{$machine}, -1, $usage) == 0) {
			$peak = (unpack "q5", $usage)[4];
		}
		open my $file, ">", $out or die;
		print $file $peak;
		close $file;
		exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
	' "$TEST_HOME/peak" "$@"
	PEAK=$(cat "$TEST_HOME/peak")
}

hostile_is_light() {
	# The sanitizers' shadow is memory, too.
	grep -qs 'b_sanitize.*address' "$MR_BUILD/meson-info/intro-buildoptions.json" && grep -q \
		__asan_init "$MR_BUILD/fetch/mr-fetch" && return 0
	[ "$PEAK" -le "$HOSTILE_MEMORY" ] || echo "$PEAK KiB"
	[ "$PEAK" -le "$HOSTILE_MEMORY" ]
}

attack() {
	local label="$hostile_protocol: $1" status=$2 line=$3 want=$4 left=${5-5 6} start
	local script=$TEST_HOME/attack$((++hostile_count)) lines
	cat >"$script"
	"hostile_good_$hostile_protocol" "$left" >"$script.good"
	rm -rf "$hostile_mail" "$XDG_STATE_HOME"/*
	[ "$hostile_count" = 1 ] || stop_peer
	start_peer "hostile$hostile_count" "$script" "$script.good"
	hostile_config
	start=$SECONDS
	hostile_run timeout 60 mr-fetch --into 'mr-filter | mr-deliver'
	lines=$(wc -l <"$ERR")
	is "$label: exit status, what is stored" "$STATUS $(hostile_stored)" "$status $want"
	if [ -n "$line" ]; then
		like "$label: one line" "$lines $(cat "$ERR")" "^1 mr-fetch: account box: .*$line"
	else
		is "$label: silence" "$(cat "$ERR")" ''
	fi
	ok "$label: the script is kept to" wire_ok || wire | tail -5 | sed 's/^/#  /'
	ok "$label: in time, in little memory" \
		'[ $((SECONDS - start)) -le "$HOSTILE_SECONDS" ] && hostile_is_light'
	run timeout 60 mr-fetch --again --into 'mr-filter | mr-deliver'
	is "$label: a good server brings the rest, once" "$STATUS $(hostile_stored)" '0 five six'
	ok "$label: which hears what it knows" wire_ok || wire | tail -5 | sed 's/^/#  /'
}
