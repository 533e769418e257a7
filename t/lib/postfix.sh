# shellcheck shell=bash
# A private real smart host on loopback: Postfix when root, Exim for an ordinary user.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh. Both sides keep one contract:
#
#	smarthost_start [SETTINGS]    SETTINGS: further lines of main.cf (Postfix only); sets
#	                              SMARTHOST_PORT (STARTTLS), SMARTHOST_TLS_PORT (implicit
#	                              TLS), SMARTHOST_CA, SMARTHOST_LOG, SMARTHOST_KIND
#	smarthost_stop
#	smarthost_received            paths of what was accepted, oldest first: one file for
#	                              each recipient, who is named in its Delivered-To field;
#	                              the envelope sender in Return-path
#	smarthost_wait COUNT [SECONDS]  until so many were received; 1 when the time is over
#
# It relays only for who has logged in (alice, password "alice secret"; PLAIN LOGIN
# CRAM-MD5, with Postfix also SCRAM-SHA-256) and offers AUTH under TLS only. Any domain is
# taken. By local part it refuses: bad@ 550, policy@ 554, later@ 450, full@ 452.
# SMARTHOST_KIND=exim (or postfix), set before this file is sourced, asks for one of them.

. "${BASH_SOURCE[0]%/*}/ca.sh"
. "${BASH_SOURCE[0]%/*}/packages.sh"
. "${BASH_SOURCE[0]%/*}/exim.sh"

SMARTHOST_DIR=${SMARTHOST_DIR:-$TEST_HOME/smarthost}
SMARTHOST_KIND=${SMARTHOST_KIND:-$([ "$(id -u)" = 0 ] && echo postfix || echo exim)}

# Users that every Debian has: mail_owner and default_privs must be two different ones, and
# none of the two may be root; setgid_group serves the sendmail command, which is not used.
postfix_main() {
	local root=$MR_SERVERS/postfix/root
	cat <<-EOF
	compatibility_level = 3.6
	config_directory = $SMARTHOST_DIR/conf
	queue_directory = $SMARTHOST_DIR/spool
	data_directory = $SMARTHOST_DIR/data
	daemon_directory = $root/usr/lib/postfix/sbin
	command_directory = $root/usr/sbin
	shlib_directory = $root/usr/lib/postfix
	meta_directory = $root/usr/share/postfix
	import_environment = LD_LIBRARY_PATH MAIL_CONFIG MAIL_LOGTAG TZ POSTLOG_SERVICE POSTLOG_HOSTNAME
	export_environment = LD_LIBRARY_PATH TZ POSTLOG_SERVICE POSTLOG_HOSTNAME
	maillog_file = $SMARTHOST_LOG
	maillog_file_prefixes = $SMARTHOST_DIR
	mail_owner = uucp
	setgid_group = news
	default_privs = nobody
	myhostname = smarthost.test
	mydestination =
	mynetworks =
	alias_maps =
	local_recipient_maps =
	inet_interfaces = 127.0.0.1
	inet_protocols = ipv4
	message_size_limit = 300000000
	header_size_limit = 102400
	smtpd_tls_security_level = may
	smtpd_tls_auth_only = yes
	smtpd_tls_cert_file = $SMARTHOST_DIR/ca/server.crt
	smtpd_tls_key_file = $SMARTHOST_DIR/ca/server.key
	smtpd_tls_received_header = yes
	smtpd_sasl_auth_enable = yes
	smtpd_sasl_type = dovecot
	smtpd_sasl_path = private/auth
	smtpd_relay_restrictions = permit_sasl_authenticated, reject
	smtpd_recipient_restrictions = check_recipient_access inline:{
	  { bad@ = 550 5.1.1 no such user here },
	  { policy@ = 554 5.7.1 refused by policy },
	  { later@ = 450 4.2.0 come back later },
	  { full@ = 452 4.2.2 mailbox is full } }
	smtpd_client_connection_count_limit = 0
	smtpd_client_connection_rate_limit = 0
	smtpd_error_sleep_time = 0
	default_transport = virtual
	virtual_mailbox_base = $SMARTHOST_DIR
	virtual_mailbox_maps = static:received/
	virtual_mailbox_limit = 0
	virtual_uid_maps = static:$(id -u nobody)
	virtual_gid_maps = static:$(id -g nobody)
	EOF
}

postfix_master() {
	cat <<-EOF
	127.0.0.1:$SMARTHOST_PORT inet n - n - - smtpd
	127.0.0.1:$SMARTHOST_TLS_PORT inet n - n - - smtpd
	  -o smtpd_tls_wrappermode=yes
	cleanup   unix  n       -       n       -       0       cleanup
	qmgr      unix  n       -       n       300     1       qmgr
	tlsmgr    unix  -       -       n       1000?   1       tlsmgr
	rewrite   unix  -       -       n       -       -       trivial-rewrite
	bounce    unix  -       -       n       -       0       bounce
	defer     unix  -       -       n       -       0       bounce
	trace     unix  -       -       n       -       0       bounce
	verify    unix  -       -       n       -       1       verify
	proxymap  unix  -       -       n       -       -       proxymap
	error     unix  -       -       n       -       -       error
	retry     unix  -       -       n       -       -       error
	discard   unix  -       -       n       -       -       discard
	virtual   unix  -       n       n       -       -       virtual
	anvil     unix  -       -       n       -       1       anvil
	postlog   unix-dgram n  -       n       -       1       postlogd
	EOF
}

# SASL for Postfix: a Dovecot that does nothing else.
postfix_auth() {
	cat <<-EOF
	protocols =
	base_dir = $SMARTHOST_DIR/auth
	state_dir = $SMARTHOST_DIR/auth
	log_path = $SMARTHOST_DIR/auth.log
	ssl = no
	disable_plaintext_auth = no
	auth_failure_delay = 0
	auth_mechanisms = plain login cram-md5 scram-sha-256
	default_internal_user = dovecot
	default_login_user = dovenull
	passdb {
	  driver = passwd-file
	  args = scheme=PLAIN username_format=%u $SMARTHOST_DIR/users
	}
	userdb {
	  driver = static
	  args = uid=nobody gid=nogroup home=/nonexistent
	}
	service auth {
	  unix_listener $SMARTHOST_DIR/spool/private/auth {
	    mode = 0666
	  }
	}
	service anvil {
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	EOF
}

postfix_prepare() {
	local sub
	SMARTHOST_LOG=$SMARTHOST_DIR/log
	packages_unpack postfix postfix libnsl2 libtirpc3 libicu72 libsasl2-2 libdb5.3 ||
		bail_out "no Postfix to be had by apt-get download"
	chmod 711 "${SMARTHOST_DIR%/*}"
	mkdir -p "$SMARTHOST_DIR"/{conf,data,spool,received,auth}
	chmod 755 "$SMARTHOST_DIR" "$SMARTHOST_DIR"/{conf,spool,auth}
	for sub in active bounce corrupt defer deferred flush hold incoming private saved trace; do
		mkdir -p "$SMARTHOST_DIR/spool/$sub"
	done
	mkdir -p "$SMARTHOST_DIR/spool/"{pid,public,maildrop}
	chown -R uucp "$SMARTHOST_DIR/spool" "$SMARTHOST_DIR/data"
	chown root "$SMARTHOST_DIR/spool" "$SMARTHOST_DIR/spool/pid"
	chown nobody:nogroup "$SMARTHOST_DIR/received"
	chmod 755 "$SMARTHOST_DIR/spool/public"
	printf 'alice:{PLAIN}alice secret\n' >"$SMARTHOST_DIR/users"
	chown dovecot "$SMARTHOST_DIR/users"
}

postfix_start() {
	local root=$MR_SERVERS/postfix/root
	postfix_auth >"$SMARTHOST_DIR/auth.conf"
	dovecot -c "$SMARTHOST_DIR/auth.conf" >"$SMARTHOST_DIR/start.log" 2>&1 </dev/null ||
		bail_out "dovecot does not start for SASL: $(tail -2 "$SMARTHOST_DIR/start.log")"
	wait_for 15 '[ -s "$SMARTHOST_DIR/auth/master.pid" ]' || bail_out 'dovecot ends at once'
	smarthost_auth_pid=$(cat "$SMARTHOST_DIR/auth/master.pid")
	adopt "$smarthost_auth_pid"
	{ postfix_main && printf '%s\n' "${1:-}"; } >"$SMARTHOST_DIR/conf/main.cf"
	postfix_master >"$SMARTHOST_DIR/conf/master.cf"
	chmod 644 "$SMARTHOST_DIR/conf/"*
	env -i PATH="$PATH" TZ=UTC LD_LIBRARY_PATH="$(packages_libraries postfix)" \
		"$root/usr/lib/postfix/sbin/master" -c "$SMARTHOST_DIR/conf" -w \
		>>"$SMARTHOST_DIR/start.log" 2>&1 </dev/null ||
		bail_out "postfix does not start: $(tail -n 3 "$SMARTHOST_DIR/start.log" "$SMARTHOST_LOG" 2>&1)"
	SMARTHOST_PID=$(tr -d ' \n' <"$SMARTHOST_DIR/spool/pid/master.pid")
	adopt "$SMARTHOST_PID"
}

smarthost_start() {
	SMARTHOST_CA=$SMARTHOST_DIR/ca/ca.pem
	if [ ! -f "$SMARTHOST_CA" ]; then
		"${SMARTHOST_KIND}_prepare"
		ca_make "$SMARTHOST_DIR/ca" && ca_sign "$SMARTHOST_DIR/ca" server localhost ||
			bail_out "openssl makes no certificate"
		chmod 755 "$SMARTHOST_DIR/ca"
		chmod 644 "$SMARTHOST_CA"
		free_port SMARTHOST_PORT SMARTHOST_TLS_PORT
	fi
	"${SMARTHOST_KIND}_start" "${1:-}"
	at_exit smarthost_stop
	wait_for 15 "bash -c ': </dev/tcp/127.0.0.1/$SMARTHOST_PORT' 2>/dev/null" ||
		bail_out "$SMARTHOST_KIND does not listen: $(tail -n 3 "$SMARTHOST_LOG")"
}

smarthost_stop() {
	local pid
	for pid in ${SMARTHOST_PID:-} ${smarthost_auth_pid:-}; do
		kill -- "-$pid" 2>/dev/null
		end_pid "$pid"
	done
	SMARTHOST_PID=
	smarthost_auth_pid=
}

smarthost_received() {
	find "$SMARTHOST_DIR"/received*/new -type f -printf '%T@ %p\n' 2>/dev/null |
		sort -n | cut -d' ' -f2-
}

smarthost_wait() {
	wait_for "${2:-20}" '[ "$(smarthost_received | wc -l)" -ge '"$1"' ]'
}
