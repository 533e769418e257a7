# shellcheck shell=bash
# How t/demo talks, what it fills in, what it shows.
# SPDX-License-Identifier: ISC

demo_status=0
if [ -t 1 ]; then
	bold=$'\e[1m' blue=$'\e[34m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'
else
	bold='' blue='' dim='' red='' plain=''
fi

heading() {
	printf '\n%s== %s%s\n\n' "$bold" "$1" "$plain"
}

tell() {
	printf '%s\n' "$*"
}

# shell COMMAND [STATUS]: what a person would type, and what comes of it.
shell() {
	local status=0
	printf '%s$ %s%s\n' "$blue" "$1" "$plain"
	(cd "$MR_TOP" && set -o pipefail && eval "$1") 2>&1 | sed 's/^/    /'
	status=${PIPESTATUS[0]}
	if [ "$status" = "${2:-0}" ]; then
		[ "$status" = 0 ] || printf '%s    exit status %s, as expected%s\n' \
			"$dim" "$status" "$plain"
		return 0
	fi
	printf '%s    exit status %s%s\n' "$red" "$status" "$plain"
	demo_status=1
}

quietly() {
	local log
	log=$(mktemp) || return 1
	if "$@" >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	tail -n 40 "$log" >&2
	rm -f "$log"
	return 1
}

# Lists that a server sorted already, the rest in the inbox; bob has a few by POP3.
fill_mailboxes() {
	local corpus=$MR_TOP/t/corpus
	dovecot_fill alice INBOX "$corpus"/*.eml
	dovecot_fill alice lists/hobby "$corpus"/newsletter-hobby.eml "$corpus"/list-folded-id.eml
	dovecot_fill bob INBOX "$corpus"/plain.eml "$corpus"/calendar-invite.eml \
		"$corpus"/attachment.eml "$corpus"/spam-flagged.eml "$corpus"/dot-lines.eml
}

# write_config FILE: the commented example with the values of this machine. Every change must
# find its line, so that the example cannot drift away from the demo.
write_config() {
	printf 'alice secret\n' >"$HOME/alice.password"
	printf 'bob secret\n' >"$HOME/bob.password"
	env IMAP_PORT="$DOVECOT_IMAPS" IMAP_CA="$DOVECOT_CA" POP3_PORT="$DOVECOT_POP3S" \
		SMTP_PORT="$SMARTHOST_PORT" SMTP_CA="$SMARTHOST_CA" \
		perl - "$MR_TOP/common/mailrail.conf.example" "$1" <<-'EOF'
	use strict;
	use warnings;
	my ($from, $to) = @ARGV;
	open my $in, '<', $from or die "$from: $!\n";
	my $text = do { local $/; <$in> };
	sub change {
		my ($what, $into) = @_;
		$text =~ s/$what/$into/ or die "$from: nothing matches $what\n";
	}
	sub lines {
		my ($indent, @lines) = @_;
		return join "\n" . ' ' x $indent, @lines;
	}
	my $ours = 'password-command = "cat ' . $ENV{HOME};
	# The POP3 account stands there as a comment; here it is used.
	change(qr/^  # work: \{\n(  #.*\n)*?  # \}\n/m, lines(4, '  work: {',
		'protocol = "pop3"', 'host = "localhost"', "port = $ENV{POP3_PORT}",
		qq(ca-file = "$ENV{IMAP_CA}"), 'user = "bob"', qq($ours/bob.password"),
		'keep = true') . "\n  }\n");
	change(qr/host = "imap.example.org"/, 'host = "localhost"');
	change(qr/# port = 993.*/, lines(4, "port = $ENV{IMAP_PORT}",
		qq(ca-file = "$ENV{IMAP_CA}")));
	change(qr/user = "you"/, 'user = "alice"');
	change(qr/password-command = "pass show[^"]*"/, qq($ours/alice.password"));
	change(qr/folders = \[ "INBOX" \]/, 'folders = [ "INBOX", "lists/*" ]');
	change(qr/host = "smtp.example.org"/, 'host = "localhost"');
	change(qr/port = 587/, lines(4, "port = $ENV{SMTP_PORT}", qq(ca-file = "$ENV{SMTP_CA}")));
	change(qr/user = "you"/, 'user = "alice"');
	change(qr/password-command = "pass show[^"]*"/, qq($ours/alice.password"));
	change(qr/# hostname = /, 'hostname = ');
	change(qr/# send = "auto"/, 'send = "manual"');
	open my $out, '>', $to or die "$to: $!\n";
	print $out $text;
	close $out or die "$to: $!\n";
	EOF
}

# The Maildir as a tree: "." parts the levels of a folder's name.
show_folders() {
	local dir name count
	for dir in "$1" "$1"/.[!.]*; do
		[ -d "$dir/new" ] || continue
		name=${dir#"$1"}
		name=${name#/.}
		count=$(find "$dir/new" "$dir/cur" -type f | wc -l)
		printf '%s\t%s\n' "${name:-Inbox}" "$count"
	done | awk -F '\t' -v dim="$dim" -v plain="$plain" '{
		n = split($1, part, ".")
		for (i = 1; i < n; i++) {
			path = i == 1 ? part[1] : path "." part[i]
			if (!(path in seen)) {
				printf "    %*s%s\n", 2 * (i - 1), "", part[i]
				seen[path] = 1
			}
		}
		seen[$1] = 1
		width = 30 - 2 * (n - 1)
		bar = ""
		for (i = 0; i < $2 && i < 40; i++)
			bar = bar "#"
		printf "    %*s%-*s %4d  %s%s%s\n", 2 * (n - 1), "", width, part[n], $2, dim, bar, plain
	}'
}

# From the ledger, which mr-deliver wrote: one line per rule and target.
show_rules() {
	sqlite3 -separator $'\t' "file:$XDG_STATE_HOME/mailrail/ledger.db?mode=ro" \
		"SELECT count(*), CASE WHEN rule IN ('', 'implicit') THEN '(no rule)' ELSE rule END,
			kind || CASE target WHEN '' THEN '' ELSE ' ' || target END
		FROM log GROUP BY 2, 3 ORDER BY 2, 3" |
		awk -F '\t' '{ printf "    %4d  %-28s %s\n", $1, $2, $3 }'
}

show_received() {
	local file
	smarthost_received | while read -r file; do
		printf '    to %-24s %s\n' \
			"$(sed -n 's/^Delivered-To: //p' "$file" | head -n 1)" \
			"$(sed -n 's/^Subject: //p' "$file" | head -n 1)"
	done
}

demo_end() {
	printf '\n'
	if [ "$demo_status" = 0 ]; then
		tell "${bold}All of it worked.${plain}"
	else
		tell "${red}Something above did not work.${plain}"
	fi
}

how_to_go_on() {
	cat >"$TEST_HOME/stop" <<-EOF
	#!/bin/sh
	for pid in $DOVECOT_PID ${SMARTHOST_PID:-} ${smarthost_auth_pid:-}; do
		kill -- "-\$pid" 2>/dev/null || kill "\$pid"
	done
	sleep 1
	rm -rf '$TEST_HOME'
	EOF
	cat >"$TEST_HOME/env" <<-EOF
	export HOME='$HOME' XDG_CONFIG_HOME='$XDG_CONFIG_HOME' XDG_STATE_HOME='$XDG_STATE_HOME'
	export XDG_RUNTIME_DIR='$XDG_RUNTIME_DIR' PATH='$PATH'
	EOF
	chmod 700 "$TEST_HOME/stop"
	cat <<-EOF

	The servers go on. In a shell of yours:

	    . $TEST_HOME/env        # this demo's home, the programs on PATH
	    mr-fetch check
	    cp $MR_TOP/t/corpus/*.eml $(dovecot_folder alice INBOX)/new/
	    mr-fetch | mr-filter | mr-deliver
	    $TEST_HOME/stop         # ends the servers, removes it all
	EOF
}
