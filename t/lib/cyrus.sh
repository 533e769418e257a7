# shellcheck shell=bash
# A private real Cyrus on loopback: IMAP, IMAPS, POP3, POP3S.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh. The server is unpacked, not installed (packages.sh), and serves as
# whoever runs the test; for root as "nobody".
#
#	cyrus_start [SETTINGS]        SETTINGS: further lines of imapd.conf; sets CYRUS_IMAP,
#	                              CYRUS_IMAPS, CYRUS_POP3, CYRUS_POP3S (ports), CYRUS_CA
#	                              (PEM file), CYRUS_LOG
#	cyrus_stop
#	cyrus_do USER COMMAND...      IMAP commands; t/lib/imapdo says how
#	cyrus_fill USER FOLDER FILE...   each FILE becomes a message, in this order; prints on
#	                              stdout the files that Cyrus took, see below
#	cyrus_count USER FOLDER       messages in it now
#
# Users: alice (password "alice secret"), bob ("bob secret"). Mechanisms: PLAIN LOGIN CRAM-MD5
# DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 and, with TLS, their -PLUS. Without TLS no password is
# taken in the clear. The separator is "/", INBOX has no folders below it; a test that wants
# the way of older versions says "unixhierarchysep: no" and "altnamespace: no".
# Cyrus takes no message that has a NUL, a CR or LF alone, or a header that is none.

. "${BASH_SOURCE[0]%/*}/ca.sh"
. "${BASH_SOURCE[0]%/*}/packages.sh"

CYRUS_DIR=${CYRUS_DIR:-$TEST_HOME/cyrus}

cyrus_conf() {
	cat <<-EOF
	configdirectory: $CYRUS_DIR/conf
	defaultpartition: default
	partition-default: $CYRUS_DIR/spool
	proc_path: $CYRUS_DIR/proc
	mboxname_lockpath: $CYRUS_DIR/lock
	idlesocket: $CYRUS_DIR/run/idle
	cyrus_user: $(id -un "$cyrus_uid")
	servername: localhost
	admins: cyrus
	autocreate_quota: 0
	unixhierarchysep: yes
	altnamespace: yes
	allowplaintext: no
	failedloginpause: 0
	munge8bit: no
	tls_server_cert: $CYRUS_DIR/ca/server.crt
	tls_server_key: $CYRUS_DIR/ca/server.key
	sasl_pwcheck_method: auxprop
	sasl_auxprop_plugin: sasldb
	sasl_sasldb_path: $CYRUS_DIR/sasldb
	sasl_mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256
	EOF
}

cyrus_services() {
	local bin=$cyrus_root/usr/lib/cyrus/bin conf="-C $CYRUS_DIR/imapd.conf"
	cat <<-EOF
	START {
	  recover cmd="$bin/ctl_cyrusdb $conf -r"
	  idled cmd="$bin/idled $conf"
	}
	SERVICES {
	  imap cmd="$bin/imapd $conf" listen="127.0.0.1:$CYRUS_IMAP" prefork=0
	  imaps cmd="$bin/imapd $conf -s" listen="127.0.0.1:$CYRUS_IMAPS" prefork=0
	  pop3 cmd="$bin/pop3d $conf" listen="127.0.0.1:$CYRUS_POP3" prefork=0
	  pop3s cmd="$bin/pop3d $conf -s" listen="127.0.0.1:$CYRUS_POP3S" prefork=0
	}
	EOF
}

# What runs a program as the user and with the libraries of the server. sasldb is in /usr/lib,
# with libsasl2 itself; the mechanisms are not.
cyrus_runner() {
	local libraries plugins
	libraries=$(packages_libraries cyrus)
	plugins=$(sed "s,$cyrus_root\([^:]*\),&/sasl2:\1/sasl2,g" <<<"$libraries")
	cyrus_run=(env -i PATH="$PATH" TZ=UTC LD_LIBRARY_PATH="$libraries" SASL_PATH="$plugins")
	[ "$(id -u)" != 0 ] ||
		cyrus_run=(setpriv --reuid nobody --regid nogroup --clear-groups "${cyrus_run[@]}")
}

cyrus_prepare() {
	local user
	packages_unpack cyrus cyrus-common cyrus-imapd cyrus-pop3d libical3 libxapian30 libpcre3 \
		libpq5 libsasl2-modules sasl2-bin || bail_out 'no Cyrus to be had by apt-get download'
	cyrus_root=$MR_SERVERS/cyrus/root
	cyrus_uid=$(id -u)
	[ "$cyrus_uid" != 0 ] || cyrus_uid=$(id -u nobody)
	cyrus_runner
	[ ! -d "$CYRUS_DIR/conf" ] || return 0
	mkdir -p "$CYRUS_DIR"/{conf/{db,socket},spool,proc,lock,run}
	ca_make "$CYRUS_DIR/ca" && ca_sign "$CYRUS_DIR/ca" server localhost ||
		bail_out "openssl makes no certificate: $(tail -1 "$CYRUS_DIR/ca/ca.log")"
	if [ "$(id -u)" = 0 ]; then
		chmod 711 "${CYRUS_DIR%/*}"
		chown -R nobody:nogroup "$CYRUS_DIR"
	fi
	for user in alice bob; do
		printf '%s secret' "$user" | "${cyrus_run[@]}" "$cyrus_root/usr/sbin/saslpasswd2" -p -c \
			-f "$CYRUS_DIR/sasldb" -u localhost "$user" ||
			bail_out 'saslpasswd2 makes no user'
	done
	free_port CYRUS_IMAP CYRUS_IMAPS CYRUS_POP3 CYRUS_POP3S
}

cyrus_start() {
	cyrus_prepare
	CYRUS_CA=$CYRUS_DIR/ca/ca.pem
	CYRUS_LOG=$CYRUS_DIR/log
	# What is said again replaces the line above.
	{ printf '%s\n' "${1:-}"; cyrus_conf; } | awk -F: 'NF && !seen[$1]++' >"$CYRUS_DIR/imapd.conf"
	cyrus_services >"$CYRUS_DIR/cyrus.conf"
	chmod 644 "$CYRUS_DIR"/*.conf
	# It ends by a signal to its whole process group, which must not be the test's.
	setsid "${cyrus_run[@]}" "$cyrus_root/usr/lib/cyrus/bin/master" -C "$CYRUS_DIR/imapd.conf" \
		-M "$CYRUS_DIR/cyrus.conf" -p "$CYRUS_DIR/pid" >"$CYRUS_LOG" 2>&1 </dev/null &
	CYRUS_PID=$!
	adopt "$CYRUS_PID"
	at_exit cyrus_stop
	wait_for 10 'curl -s "pop3://127.0.0.1:$CYRUS_POP3" -X CAPA >/dev/null' ||
		bail_out "cyrus does not start: $(tail -2 "$CYRUS_LOG")"
}

cyrus_stop() {
	[ -n "${CYRUS_PID:-}" ] || return 0
	end_pid "$CYRUS_PID"
	CYRUS_PID=
}

cyrus_do() {
	local user=$1
	shift
	"$MR_TOP/t/lib/imapdo" "$CYRUS_IMAPS" "$CYRUS_CA" "$user" "$user secret" "$@"
}

cyrus_fill() {
	local user=$1 folder=$2
	shift 2
	cyrus_do "$user" "APPEND $folder $*" | sed -n 's/^APPENDED //p'
}

cyrus_count() {
	cyrus_do "$1" "STATUS $2 (MESSAGES)" | sed -n 's/.*MESSAGES \([0-9]*\).*/\1/p'
}
