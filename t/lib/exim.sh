# shellcheck shell=bash
# The smart host of postfix.sh, played by Exim: for test runs without root.
# SPDX-License-Identifier: ISC
#
# Debian's Exim asks for the account Debian-exim before it reads a configuration; a machine
# that has none is given the name by nss_wrapper, for this process alone. It delivers to
# nothing as root, so that root runs it as "nobody".

exim_conf() {
	cat <<-EOF
	exim_path = $MR_SERVERS/exim/root/usr/sbin/exim4
	spool_directory = $SMARTHOST_DIR/spool
	log_file_path = $SMARTHOST_DIR/log/%slog
	pid_file_path = $SMARTHOST_DIR/exim.pid
	primary_hostname = smarthost.test
	daemon_smtp_ports = $SMARTHOST_PORT : $SMARTHOST_TLS_PORT
	tls_on_connect_ports = $SMARTHOST_TLS_PORT
	local_interfaces = 127.0.0.1
	tls_advertise_hosts = *
	tls_certificate = $SMARTHOST_DIR/ca/server.crt
	tls_privatekey = $SMARTHOST_DIR/ca/server.key
	auth_advertise_hosts = \${if eq{\$tls_in_cipher}{}{}{*}}
	acl_smtp_rcpt = rcpt
	acl_smtp_data = accept
	message_size_limit = 300M
	smtp_accept_max = 100
	smtp_accept_max_per_host = 100
	smtp_accept_queue_per_connection = 0
	accept_8bitmime = true
	never_users =
	host_lookup =
	rfc1413_hosts =
	rfc1413_query_timeout = 0s
	smtp_enforce_sync = false
	no_message_logs
	keep_environment = LD_LIBRARY_PATH : LD_PRELOAD : ^NSS_WRAPPER_
	begin acl
	rcpt:
	  deny local_parts = bad
	       message = 550 5.1.1 no such user here
	  deny local_parts = policy
	       message = 554 5.7.1 refused by policy
	  defer local_parts = later
	       message = 450 4.2.0 come back later
	  defer local_parts = full
	       message = 452 4.2.2 mailbox is full
	  deny !authenticated = *
	       message = 554 5.7.1 Relay access denied
	  accept
	begin routers
	all:
	  driver = accept
	  transport = store
	begin transports
	store:
	  driver = appendfile
	  directory = $SMARTHOST_DIR/received
	  maildir_format
	  create_directory
	  delivery_date_add
	  envelope_to_add
	  return_path_add
	  headers_add = "Delivered-To: \$local_part@\$domain"
	  batch_max = 1
	  user = $(id -un "$exim_uid")
	  group = $(id -gn "$exim_uid")
	begin authenticators
	cram:
	  driver = cram_md5
	  public_name = CRAM-MD5
	  server_secret = \${if eq{\$auth1}{alice}{alice secret}fail}
	  server_set_id = \$auth1
	plain:
	  driver = plaintext
	  public_name = PLAIN
	  server_prompts = :
	  server_condition = \${if and{{eq{\$auth2}{alice}}{eq{\$auth3}{alice secret}}}}
	  server_set_id = \$auth2
	login:
	  driver = plaintext
	  public_name = LOGIN
	  server_prompts = Username:: : Password::
	  server_condition = \${if and{{eq{\$auth1}{alice}}{eq{\$auth2}{alice secret}}}}
	  server_set_id = \$auth1
	EOF
}

exim_prepare() {
	SMARTHOST_LOG=$SMARTHOST_DIR/log/mainlog
	exim_uid=$(id -u)
	[ "$exim_uid" != 0 ] || exim_uid=$(id -u nobody)
	packages_unpack exim exim4-daemon-light libgnutls-dane0 libunbound8 libidn12 libnsl2 \
		libtirpc3 libpcre2-8-0 libdb5.3 libnss-wrapper libhogweed6 libnettle8 libevent-2.1-7 ||
		bail_out "no Exim to be had by apt-get download"
	# Not setuid: it serves as whoever runs the test.
	chmod u-s "$MR_SERVERS/exim/root/usr/sbin/exim4" 2>/dev/null
	mkdir -p "$SMARTHOST_DIR"/{spool,received,log}
	# A machine with Exim installed has these, too: ours come instead.
	{ getent passwd | grep -v ^Debian-exim:
	  echo "Debian-exim:x:$exim_uid:$(id -g "$exim_uid")::/nonexistent:/bin/false"
	} >"$SMARTHOST_DIR/passwd"
	{ getent group | grep -v ^Debian-exim:; echo "Debian-exim:x:$(id -g "$exim_uid"):"; } >"$SMARTHOST_DIR/group"
}

exim_start() {
	local become=()
	exim_conf >"$SMARTHOST_DIR/exim.conf"
	if [ "$(id -u)" = 0 ]; then
		chmod 711 "${SMARTHOST_DIR%/*}"
		chown -R nobody:nogroup "$SMARTHOST_DIR"
		become=(setpriv --reuid nobody --regid nogroup --clear-groups)
	fi
	"${become[@]}" env -i PATH="$PATH" TZ=UTC LD_LIBRARY_PATH="$(packages_libraries exim)" \
		LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD="$SMARTHOST_DIR/passwd" \
		NSS_WRAPPER_GROUP="$SMARTHOST_DIR/group" \
		"$MR_SERVERS/exim/root/usr/sbin/exim4" -C "$SMARTHOST_DIR/exim.conf" -bdf -q1m \
		>"$SMARTHOST_DIR/start.log" 2>&1 </dev/null &
	SMARTHOST_PID=$!
	adopt "$SMARTHOST_PID"
}
