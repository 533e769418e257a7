# shellcheck shell=bash
# What the tests of the whole chain share: a configuration, a run, a count.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh and dovecot.sh.
#
#	chain_config PROTOCOL TLS [LINE...]   writes the configuration: one account "box" of
#	                                      alice at the private Dovecot; LINE: more settings
#	                                      of the account
#	chain_rule NAME TEXT                  a file in rules.d
#	chain_run                             mr-fetch | mr-filter | mr-deliver; STATUS is the
#	                                      statuses of the three, as "0 0 0"; $OUT, $ERR
#	chain_sent PROTOCOL FILE...           digests of what must arrive for these files
#	chain_stored                          digests of what is stored, all folders
#	chain_parts                           how many files are in a tmp/ of a folder
#	chain_same LABEL                      one TAP line: $TEST_HOME/sent is what is stored,
#	                                      each exactly once

CHAIN_MAIL=$HOME/Mail

chain_config() {
	local protocol=$1 tls=$2 port line
	shift 2
	case $protocol-$tls in
	imap-implicit) port=$DOVECOT_IMAPS ;;
	imap-*) port=$DOVECOT_IMAP ;;
	pop3-implicit) port=$DOVECOT_POP3S ;;
	pop3-*) port=$DOVECOT_POP3 ;;
	esac
	mkdir -p "$XDG_CONFIG_HOME/mailrail/rules.d"
	{
		cat <<-EOF
		account: { box: {
		  protocol = "$protocol"
		  host = "localhost"
		  port = $port
		  tls = "$tls"
		  ca-file = "$DOVECOT_CA"
		  user = "alice"
		  password = "alice secret"
		EOF
		for line; do
			echo "  $line"
		done
		echo '} }'
		echo 'deliver: { inbox = "maildir:~/Mail" }'
	} >"$XDG_CONFIG_HOME/mailrail/config"
}

chain_rule() {
	mkdir -p "$XDG_CONFIG_HOME/mailrail/rules.d"
	printf '%s\n' "$2" >"$XDG_CONFIG_HOME/mailrail/rules.d/$1"
}

chain_run() {
	STATUS=$(
		mr-fetch 2>>"$ERR.fetch" | mr-filter 2>>"$ERR.filter" | mr-deliver 2>>"$ERR.deliver"
		echo "${PIPESTATUS[@]}"
	)
	cat "$ERR".{fetch,filter,deliver} >"$ERR"
	rm -f "$ERR".{fetch,filter,deliver}
}

# What a server does to the bytes: Dovecot sends NUL as \200 by IMAP, and POP3 cannot send a
# message that does not end in a line feed. What we do: CRLF to LF, nothing else.
chain_sent() {
	perl -MDigest::MD5=md5_hex -e '
		my $protocol = shift;
		for my $path (@ARGV) {
			open my $file, "<:raw", $path or die "$path: $!\n";
			my $bytes = do { local $/; <$file> };
			$bytes =~ s/\r\n/\n/g;
			$bytes =~ tr/\0/\200/ if $protocol eq "imap";
			$bytes .= "\n" if $protocol eq "pop3" && $bytes !~ /\n\z/;
			print md5_hex($bytes), "\n";
		}' "$@" | sort
}

chain_stored() {
	find "$CHAIN_MAIL" -type f \( -path '*/new/*' -o -path '*/cur/*' \) -print0 2>/dev/null |
		xargs -0 -r md5sum | cut -d' ' -f1 | sort
}

chain_parts() {
	find "$CHAIN_MAIL" -type f -path "$CHAIN_MAIL*/tmp/*" | wc -l
}

chain_same() {
	chain_stored >"$TEST_HOME/stored"
	ok "$1" 'diff "$TEST_HOME/sent" "$TEST_HOME/stored"'
}
