# shellcheck shell=bash
# A private real Dovecot on loopback: IMAP, IMAPS, POP3, POP3S.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh. Works as root (mail then belongs to "nobody", for Dovecot refuses
# uid 0) and as an ordinary user (all services run as that user).
#
#	dovecot_start [SETTINGS]      SETTINGS: further lines of dovecot.conf; sets
#	                              DOVECOT_IMAP, DOVECOT_IMAPS, DOVECOT_POP3, DOVECOT_POP3S
#	                              (ports), DOVECOT_CA (PEM file), DOVECOT_LOG
#	dovecot_stop
#	dovecot_fill USER FOLDER FILE...   each FILE becomes a message, in this order
#	dovecot_folder USER FOLDER    prints the Maildir directory of a folder
#	dovecot_own                   gives what a test wrote into a Maildir to Dovecot
#	dovecot_count USER FOLDER     messages in it now, on disk
#	dovecot_token USER            an OAuth2 bearer token (a JWT) that logs USER in
#
# Users: alice (password "alice secret"), bob ("bob secret"). Mechanisms: PLAIN LOGIN
# CRAM-MD5 SCRAM-SHA-256 XOAUTH2 OAUTHBEARER. Folders are separated by "/". STARTTLS and
# STLS on the plain ports; the certificate is for localhost, not for 127.0.0.1. Dovecot takes
# a connection from its own address for secure: 127.0.0.1 may log in without TLS; to see
# LOGINDISABLED, connect to 127.0.0.2. service_count of the login services stays at its
# default: with 0, 2.3.19 panics when a client sends more after LOGOUT.

. "${BASH_SOURCE[0]%/*}/ca.sh"

DOVECOT_DIR=${DOVECOT_DIR:-$TEST_HOME/dovecot}

dovecot_users() {
	if [ "$(id -u)" = 0 ]; then
		dovecot_mail_user=nobody
		dovecot_mail_group=nogroup
		dovecot_internal=dovecot
		dovecot_internal_group=dovecot
		dovecot_login=dovenull
	else
		dovecot_mail_user=$(id -un)
		dovecot_mail_group=$(id -gn)
		dovecot_internal=$dovecot_mail_user
		dovecot_internal_group=$dovecot_mail_group
		dovecot_login=$dovecot_mail_user
	fi
}

dovecot_conf() {
	cat <<-EOF
	protocols = imap pop3
	base_dir = $DOVECOT_DIR/run
	state_dir = $DOVECOT_DIR/state
	log_path = $DOVECOT_LOG
	login_trusted_networks =
	listen = 127.0.0.1, 127.0.0.2
	default_internal_user = $dovecot_internal
	default_internal_group = $dovecot_internal_group
	default_login_user = $dovecot_login
	first_valid_uid = 1
	mail_max_userip_connections = 100
	auth_failure_delay = 0
	auth_mechanisms = plain login cram-md5 scram-sha-256 xoauth2 oauthbearer
	auth_cache_size = 0
	ssl = yes
	ssl_cert = <$DOVECOT_DIR/ca/server.crt
	ssl_key = <$DOVECOT_DIR/ca/server.key
	mail_location = maildir:~/Maildir
	namespace inbox {
	  inbox = yes
	  separator = /
	}
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2 oauthbearer
	  args = $DOVECOT_DIR/oauth2.conf
	}
	passdb {
	  driver = passwd-file
	  mechanisms = plain login cram-md5 scram-sha-256
	  args = scheme=PLAIN username_format=%u $DOVECOT_DIR/users
	}
	userdb {
	  driver = static
	  args = uid=$dovecot_mail_user gid=$dovecot_mail_group home=$DOVECOT_DIR/mail/%u
	}
	service anvil {
	  chroot =
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	service stats {
	  chroot =
	}
	service imap-login {
	  chroot =
	  inet_listener imap {
	    port = $DOVECOT_IMAP
	  }
	  inet_listener imaps {
	    port = $DOVECOT_IMAPS
	    ssl = yes
	  }
	}
	service pop3-login {
	  chroot =
	  inet_listener pop3 {
	    port = $DOVECOT_POP3
	  }
	  inet_listener pop3s {
	    port = $DOVECOT_POP3S
	    ssl = yes
	  }
	}
	EOF
}

# Validation of tokens without a server of their issuer: HS256 with a key in a file.
dovecot_oauth2() {
	local keys=$DOVECOT_DIR/keys/default/HS256
	mkdir -p "$keys"
	printf 'mailrail test token key, 32 byte' | base64 -w0 >"$keys/default"
	cat <<-EOF
	introspection_mode = local
	local_validation_key_dict = fs:posix:prefix=$DOVECOT_DIR/keys/
	username_attribute = sub
	EOF
}

dovecot_token() {
	perl -MMIME::Base64=encode_base64url -MDigest::SHA=hmac_sha256 -e '
		my $now = time;
		my $text = join ".", map { encode_base64url($_) }
			"{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
			sprintf("{\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}", $ARGV[0], $now, $now + 3600);
		print $text, ".", encode_base64url(
			hmac_sha256($text, "mailrail test token key, 32 byte")), "\n"' "$1"
}

# At its first start, the ports are its choice: one may be taken between here and there.
dovecot_launch() {
	[ -z "${dovecot_fresh:-}" ] || free_port DOVECOT_IMAP DOVECOT_IMAPS DOVECOT_POP3 DOVECOT_POP3S
	{ dovecot_conf && printf '%s\n' "$1"; } >"$DOVECOT_DIR/dovecot.conf"
	dovecot -c "$DOVECOT_DIR/dovecot.conf" >"$DOVECOT_DIR/start.log" 2>&1 </dev/null
}

dovecot_start() {
	local user
	dovecot_users
	DOVECOT_LOG=$DOVECOT_DIR/log
	DOVECOT_CA=$DOVECOT_DIR/ca/ca.pem
	if [ ! -f "$DOVECOT_CA" ]; then
		# The mail user must be able to walk to its mail.
		[ "$(id -u)" != 0 ] || chmod 711 "${DOVECOT_DIR%/*}"
		mkdir -p "$DOVECOT_DIR/run" "$DOVECOT_DIR/state" "$DOVECOT_DIR/mail"
		chmod 755 "$DOVECOT_DIR" "$DOVECOT_DIR/run" "$DOVECOT_DIR/state" "$DOVECOT_DIR/mail"
		ca_make "$DOVECOT_DIR/ca" && ca_sign "$DOVECOT_DIR/ca" server localhost ||
			bail_out "openssl makes no certificate: $(tail -1 "$DOVECOT_DIR/ca/ca.log")"
		chmod 755 "$DOVECOT_DIR/ca"
		chmod 644 "$DOVECOT_CA"
		printf '%s\n' 'alice:{PLAIN}alice secret' 'bob:{PLAIN}bob secret' >"$DOVECOT_DIR/users"
		dovecot_oauth2 >"$DOVECOT_DIR/oauth2.conf"
		for user in alice bob; do
			mkdir -p "$DOVECOT_DIR/mail/$user/Maildir/"{cur,new,tmp}
		done
		if [ "$(id -u)" = 0 ]; then
			chown -R "$dovecot_internal" "$DOVECOT_DIR/keys" "$DOVECOT_DIR/users" \
				"$DOVECOT_DIR/oauth2.conf"
		fi
		dovecot_fresh=yes
	fi
	dovecot_own
	dovecot_launch "${1:-}" || dovecot_launch "${1:-}" || dovecot_launch "${1:-}" ||
		bail_out "dovecot does not start: $(cat "$DOVECOT_DIR/start.log")"
	dovecot_fresh=
	wait_for 15 '[ -s "$DOVECOT_DIR/run/master.pid" ]' || bail_out 'dovecot ends at once'
	DOVECOT_PID=$(cat "$DOVECOT_DIR/run/master.pid")
	adopt "$DOVECOT_PID"
	at_exit dovecot_stop
}

dovecot_stop() {
	[ -n "${DOVECOT_PID:-}" ] || return 0
	# The whole group: the master alone waits for seconds for its idle services.
	kill -- "-$DOVECOT_PID" 2>/dev/null
	end_pid "$DOVECOT_PID"
	# It would be taken for running still, once another process has its number.
	rm -f "$DOVECOT_DIR/run/master.pid"
	DOVECOT_PID=
}

dovecot_own() {
	dovecot_users
	[ "$(id -u)" != 0 ] ||
		chown -R "$dovecot_mail_user:$dovecot_mail_group" "$DOVECOT_DIR"/mail/*
}

dovecot_folder() {
	local folder=$2
	case $folder in
	INBOX) folder= ;;
	*) folder=/.${folder//\//.} ;;
	esac
	echo "$DOVECOT_DIR/mail/$1/Maildir$folder"
}

# New names sort after those of earlier calls: Dovecot gives UIDs by file name.
dovecot_fill() {
	local dir user=$1 folder=$2
	dir=$(dovecot_folder "$user" "$folder")
	shift 2
	mkdir -p "$dir"/{cur,new,tmp}
	[ "$folder" = INBOX ] || : >"$dir/maildirfolder"
	# By a pipe: 100,000 names are too long for a command line.
	[ "$#" = 0 ] || printf '%s\0' "$@" | perl -0 -MTime::HiRes=time -MFile::Copy=copy -e '
		my ($dir, $n, $base) = (shift, 0, int(time * 1000));
		while (my $file = <STDIN>) {
			chomp $file;
			my $name = sprintf "%d.M%dP%05d_%07d.test", $base / 1000, $base, $$, $n++;
			copy($file, "$dir/new/$name") or die "$file: $!\n";
		}' "$dir" || return 1
	dovecot_own
}

dovecot_count() {
	local dir
	dir=$(dovecot_folder "$1" "$2")
	find "$dir/new" "$dir/cur" -type f 2>/dev/null | wc -l
}
