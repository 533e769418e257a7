# shellcheck shell=bash
# A private real Courier on loopback: IMAP, IMAPS, POP3, POP3S.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh. The server is unpacked, not installed (packages.sh), and serves as
# whoever runs the test; for root as "nobody". Paths below /etc and /run are built into its
# programs: libfakechroot puts them into COURIER_DIR, for these processes alone.
#
#	courier_start                 sets COURIER_IMAP, COURIER_IMAPS, COURIER_POP3,
#	                              COURIER_POP3S (ports), COURIER_CA (PEM file), COURIER_LOG
#	courier_stop
#	courier_do USER COMMAND...    IMAP commands; t/lib/imapdo says how
#	courier_fill USER FOLDER FILE...   each FILE becomes a message, in this order
#	courier_folder USER FOLDER    prints the Maildir directory of a folder
#	courier_count USER FOLDER     messages in it now, on disk
#
# Users: alice (password "alice secret"), bob ("bob secret"). Mechanisms: CRAM-MD5 CRAM-SHA1
# CRAM-SHA256 and, with TLS, PLAIN; POP3 has LOGIN, too. The separator is ".", and all folders
# are below INBOX: a FOLDER is "INBOX", "INBOX.lists", in UTF-8, as Courier names them on disk.

. "${BASH_SOURCE[0]%/*}/ca.sh"
. "${BASH_SOURCE[0]%/*}/packages.sh"

COURIER_DIR=${COURIER_DIR:-$TEST_HOME/courier}

# What runs a program as the user, with the libraries, the /etc and the /run of the server.
courier_runner() {
	local libraries=$courier_root/usr/lib preload
	preload=$(ls "$libraries"/*/fakechroot/libfakechroot.so)
	libraries=$(packages_libraries courier):$libraries:$libraries/courier-authlib
	courier_run=(env -i PATH="$PATH" TZ=UTC LD_LIBRARY_PATH="$libraries"
		LD_PRELOAD="$preload" FAKECHROOT_BASE="$COURIER_DIR"
		FAKECHROOT_EXCLUDE_PATH="/tmp:/usr:/bin:/lib:/lib64:/dev:/proc:/sys:$MR_SERVERS")
	[ "$(id -u)" != 0 ] ||
		courier_run=(setpriv --reuid nobody --regid nogroup --clear-groups "${courier_run[@]}")
}

# The users, as "makeuserdb" writes them.
courier_users() {
	local user kind etc=$COURIER_DIR/etc/courier dat
	dat=$courier_root/usr/lib/courier/courier-authlib/makedatprog
	for user in alice bob; do
		mkdir -p "$COURIER_DIR/mail/$user/Maildir"/{cur,new,tmp}
		printf '%s\tuid=%d|gid=%d|home=%s|_=\n' "$user" "$courier_uid" "$courier_gid" \
			"$COURIER_DIR/mail/$user" >>"$COURIER_DIR/users"
		printf '%s\tsystempw=%s' "$user" "$(openssl passwd -5 "$user secret")"
		for kind in md5 sha1 sha256; do
			printf '|hmac-%spw=%s' "$kind" "$(echo "$user secret" |
				LD_LIBRARY_PATH=$courier_root/usr/lib \
				"$courier_root/usr/sbin/userdbpw" "-hmac-$kind")"
		done
		echo
	done >"$COURIER_DIR/secrets"
	{ cat "$COURIER_DIR/users"; printf '\n.\n'; } | "$dat" - "$etc/tmp" "$etc/userdb.dat" &&
	{ cat "$COURIER_DIR/secrets"; printf '\n.\n'; } |
		"$dat" - "$etc/tmp" "$etc/userdbshadow.dat"
}

courier_prepare() {
	packages_unpack courier courier-imap courier-pop courier-base courier-authdaemon \
		courier-authlib courier-authlib-userdb libcourier-unicode4 libltdl7 libgamin0 \
		libpcre3 libfakechroot || bail_out 'no Courier to be had by apt-get download'
	courier_root=$MR_SERVERS/courier/root
	courier_uid=$(id -u)
	courier_gid=$(id -g)
	if [ "$courier_uid" = 0 ]; then
		courier_uid=$(id -u nobody)
		courier_gid=$(id -g nobody)
	fi
	courier_runner
	[ ! -d "$COURIER_DIR/etc" ] || return 0
	mkdir -p "$COURIER_DIR"/{etc/courier,run/courier/authdaemon,mail}
	ca_make "$COURIER_DIR/ca" && ca_sign "$COURIER_DIR/ca" server localhost ||
		bail_out "openssl makes no certificate: $(tail -1 "$COURIER_DIR/ca/ca.log")"
	courier_users || bail_out 'makedatprog makes no users'
	# couriertls asks for an account of this name.
	echo "courier:x:$courier_uid:$courier_gid::/nonexistent:/bin/false" >"$COURIER_DIR/etc/passwd"
	echo "courier:x:$courier_gid:" >"$COURIER_DIR/etc/group"
	printf '%s\n' 'authmodulelist="authuserdb"' 'daemons=2' \
		"authdaemonvar=/run/courier/authdaemon" >"$COURIER_DIR/etc/courier/authdaemonrc"
	[ "$(id -u)" != 0 ] || chmod 711 "${COURIER_DIR%/*}"
	courier_own
	free_port COURIER_IMAP COURIER_IMAPS COURIER_POP3 COURIER_POP3S
}

courier_own() {
	[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$COURIER_DIR"
}

# courier_serve NAME PORT COMMAND...: one of the four listeners, and what it runs.
courier_serve() {
	local name=$1 port=$2 can='IMAP4rev1 UIDPLUS CHILDREN NAMESPACE SORT QUOTA IDLE'
	shift 2
	can="$can AUTH=CRAM-MD5 AUTH=CRAM-SHA1 AUTH=CRAM-SHA256"
	"${courier_run[@]}" TLS_CERTFILE="$COURIER_DIR/ca/server.pem" TLS_VERIFYPEER=NONE \
		COURIERTLS="$courier_root/usr/bin/couriertls" IMAP_STARTTLS=YES POP3_STARTTLS=YES \
		IMAP_CAPABILITY="$can" IMAP_CAPABILITY_TLS="$can AUTH=PLAIN" IMAP_KEYWORDS=1 \
		IMAP_ACL=1 IMAP_USELOCKS=1 \
		IMAP_IDLE_TIMEOUT=1 IMAP_ENHANCEDIDLE=0 \
		POP3AUTH='CRAM-MD5 CRAM-SHA1 CRAM-SHA256' \
		POP3AUTH_TLS='LOGIN PLAIN CRAM-MD5 CRAM-SHA1 CRAM-SHA256' \
		"$courier_root/usr/sbin/couriertcpd" -address=127.0.0.1 -nodnslookup -noidentlookup \
		-maxprocs=40 -maxperip=20 "$port" "$@" >"$COURIER_DIR/$name.log" 2>&1 </dev/null &
	COURIER_PIDS+=("$!")
	adopt "$!"
}

courier_start() {
	local bin
	courier_prepare
	COURIER_CA=$COURIER_DIR/ca/ca.pem
	COURIER_LOG=$COURIER_DIR/imap.log
	COURIER_PIDS=()
	bin=$courier_root/usr/lib/courier
	"${courier_run[@]}" "$bin/courier-authlib/authdaemond" >"$COURIER_DIR/auth.log" 2>&1 </dev/null &
	COURIER_PIDS+=("$!")
	adopt "$!"
	at_exit courier_stop
	wait_for 15 '[ -S "$COURIER_DIR/run/courier/authdaemon/socket" ]' ||
		bail_out "courier does not start: $(tail -n 2 "$COURIER_DIR/auth.log")"
	local imap=("$bin/courier/imaplogin" "$courier_root/usr/bin/imapd" Maildir)
	local pop3=("$bin/courier/courierpop3login" "$bin/courier/courierpop3d" Maildir)
	courier_serve imap "$COURIER_IMAP" /usr/bin/env IMAP_TLS_REQUIRED=1 "${imap[@]}"
	courier_serve pop3 "$COURIER_POP3" /usr/bin/env POP3_TLS_REQUIRED=1 "${pop3[@]}"
	courier_serve imaps "$COURIER_IMAPS" /usr/bin/env IMAP_TLS=1 \
		"$courier_root/usr/bin/couriertls" -server -tcpd "${imap[@]}"
	courier_serve pop3s "$COURIER_POP3S" /usr/bin/env POP3_TLS=1 \
		"$courier_root/usr/bin/couriertls" -server -tcpd "${pop3[@]}"
	wait_for 15 'curl -s "pop3://127.0.0.1:$COURIER_POP3" -X CAPA >/dev/null' ||
		bail_out "courier does not start: $(tail -n 2 "$COURIER_DIR/pop3.log")"
}

courier_stop() {
	local pid
	for pid in "${COURIER_PIDS[@]}"; do
		end_pid "$pid"
	done
	COURIER_PIDS=()
}

courier_do() {
	local user=$1
	shift
	"$MR_TOP/t/lib/imapdo" "$COURIER_IMAPS" "$COURIER_CA" "$user" "$user secret" "$@"
}

courier_folder() {
	local below=${2#INBOX}
	echo "$COURIER_DIR/mail/$1/Maildir${below:+/$below}"
}

# New names sort after those of earlier calls: Courier gives UIDs by file name.
courier_fill() {
	local dir user=$1 folder=$2
	dir=$(courier_folder "$user" "$folder")
	shift 2
	mkdir -p "$dir"/{cur,new,tmp}
	[ "$folder" = INBOX ] || : >"$dir/maildirfolder"
	perl -MTime::HiRes=time -MFile::Copy=copy -e '
		my ($dir, $n, $base) = (shift, 0, int(time * 1000));
		for my $file (@ARGV) {
			my $name = sprintf "%d.M%dP%05d_%07d.test", $base / 1000, $base, $$, $n++;
			copy($file, "$dir/new/$name") or die "$file: $!\n";
		}' "$dir" "$@" || return 1
	courier_own
}

courier_count() {
	local dir
	dir=$(courier_folder "$1" "$2")
	find "$dir/new" "$dir/cur" -type f 2>/dev/null | wc -l
}
