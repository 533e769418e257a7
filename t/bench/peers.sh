# shellcheck shell=bash
# Those who fetch mail today, each as its manual says, from a Dovecot into a Maildir.
# SPDX-License-Identifier: ISC
#
# Sourced after t/lib/dovecot.sh. Each runs in $WORK (peer_fresh NAME ROUND makes one) and
# takes PROTOCOL (imap, pop3) and PORT; mail goes to $WORK/Mail, stays at the server, and is
# alice's. TLS with a verified certificate, where the peer can.
#
#	ours, ours_plain, with_mbsync, with_mbsync_nosync, with_fetchmail, with_mpop, with_getmail, with_fdm

peer_packages="fetchmail procmail isync mpop getmail6 fdm dovecot-imapd dovecot-pop3d openssl"

# Each run starts from nothing: a fresh home, so that no tool profits from an earlier round.
peer_fresh() {
	WORK=$TEST_HOME/${1//[^a-z0-9]/-}-$2
	mkdir -p "$WORK/config/mailrail/rules.d" "$WORK/Mail"/{cur,new,tmp}
}

peer_stored() {
	find "$WORK" \( -path '*/new/*' -o -path '*/cur/*' \) -type f | wc -l
}

ours() {
	cat >"$WORK/config/mailrail/config" <<-CONFIG
	account: { alice: {
	  protocol = "$1"; host = "localhost"; port = $2; ca-file = "$DOVECOT_CA";
	  user = "alice"; password = "alice secret"; keep = true; ${3:-}
	} }
	deliver: { inbox = "maildir:$WORK/Mail" }
	CONFIG
	chmod 600 "$WORK/config/mailrail/config"
	cp "$MR_TOP"/rules.d/*.sieve "$WORK/config/mailrail/rules.d/"
	XDG_CONFIG_HOME=$WORK/config XDG_STATE_HOME=$WORK/state \
		mr-fetch --into 'mr-filter | mr-deliver'
}

# The login that the peers do: SCRAM, our own choice, takes both sides milliseconds.
ours_plain() {
	ours "$1" "$2" 'auth = [ "PLAIN" ];'
}

with_mbsync() {
	cat >"$WORK/mbsyncrc" <<-RC
	${3:-}
	IMAPAccount a
	Host localhost
	Port $2
	User alice
	Pass "alice secret"
	SSLType IMAPS
	CertificateFile $DOVECOT_CA

	IMAPStore far
	Account a

	MaildirStore near
	Inbox $WORK/Mail

	Channel c
	Far :far:
	Near :near:
	Patterns INBOX
	Sync Pull
	Create Near
	SyncState *
	RC
	mbsync -q -c "$WORK/mbsyncrc" c
}

with_mbsync_nosync() {
	with_mbsync "$1" "$2" "FSync no"
}

with_fetchmail() {
	local to=${FETCHMAIL_TO:-mda \"/usr/bin/procmail $WORK/procmailrc\"}
	printf 'MAILDIR=%s\nDEFAULT=%s/\n' "$WORK/Mail" "$WORK/Mail" >"$WORK/procmailrc"
	cat >"$WORK/fetchmailrc" <<-RC
	poll localhost protocol $1 port $2
	  user alice password "alice secret" ssl sslcertck sslcertfile $DOVECOT_CA
	  keep ${FETCHMAIL_WHAT-fetchall} $to
	RC
	[ "$1" != pop3 ] || sed -i 's/protocol pop3/& uidl/' "$WORK/fetchmailrc"
	chmod 600 "$WORK/fetchmailrc"
	HOME=$WORK FETCHMAILHOME=$WORK fetchmail -s -f "$WORK/fetchmailrc" -i "$WORK/ids" \
		--pidfile "$WORK/pid"
	# 1: there was no mail.
	[ $? -le 1 ]
}

with_mpop() {
	cat >"$WORK/mpoprc" <<-RC
	account default
	host localhost
	port $2
	user alice
	password "alice secret"
	tls on
	tls_starttls off
	tls_trust_file $DOVECOT_CA
	keep on
	uidls_file $WORK/uidls
	delivery maildir $WORK/Mail
	RC
	chmod 600 "$WORK/mpoprc"
	mpop -q -C "$WORK/mpoprc"
}

with_getmail() {
	mkdir -p "$WORK/getmail"
	cat >"$WORK/getmail/getmailrc" <<-RC
	[retriever]
	type = Simple${1^^}SSLRetriever
	server = localhost
	port = $2
	username = alice
	password = alice secret
	ca_certs = $DOVECOT_CA
	[destination]
	type = Maildir
	path = $WORK/Mail/
	[options]
	delete = false
	read_all = false
	verbose = 0
	RC
	chmod 600 "$WORK/getmail/getmailrc"
	if [ "$(id -u)" != 0 ]; then
		getmail --getmaildir "$WORK/getmail" -q
		return
	fi
	# It does not store as root.
	chmod 711 "$TEST_HOME"
	chown -R nobody:nogroup "$WORK"
	HOME=$WORK setpriv --reuid nobody --regid nogroup --clear-groups \
		getmail --getmaildir "$WORK/getmail" -q
}

# Its fetching half drops root, and wants a directory for its pieces that all can write.
with_fdm() {
	local account
	case $1 in
	imap) account="imaps server \"localhost\" port $2 user \"alice\" pass \"alice secret\"
		folder \"INBOX\" keep" ;;
	pop3) account="pop3s server \"localhost\" port $2 user \"alice\" pass \"alice secret\"
		keep" ;;
	esac
	cat >"$WORK/fdm.conf" <<-RC
	set default-user "$(id -un)"
	set lock-file "$WORK/fdm.lock"
	set no-received
	action "store" maildir "$WORK/Mail"
	account "a" $account
	match all action "store"
	RC
	chmod 600 "$WORK/fdm.conf"
	HOME=$WORK TMPDIR=/tmp fdm -q -f "$WORK/fdm.conf" fetch
}
