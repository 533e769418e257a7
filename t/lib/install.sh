# shellcheck shell=bash
# What building and testing need from Debian 12, and how to get it without questions.
# SPDX-License-Identifier: ISC
#
#	install_packages PACKAGE...   installs what is missing; does nothing (and needs no
#	                              root) when all are there
#	$packages_build, $packages_test   the lists
#
# A mail server that is installed for the tests alone must not start serving this machine:
# no service is started meanwhile, and a Dovecot that was not here before is disabled.

packages_build="gcc libc6-dev meson ninja-build pkg-config libcurl4-openssl-dev libssl-dev
	libpcre2-dev libsqlite3-dev libgsasl-dev libjansson-dev libconfig-dev zlib1g-dev
	libunistring-dev"
packages_demo="dovecot-imapd dovecot-pop3d openssl perl ca-certificates sqlite3"
packages_test="$packages_build $packages_demo libcmocka-dev clang libclang-rt-dev llvm mandoc
	strace procps libio-socket-ssl-perl dovecot-sieve dovecot-lmtpd"

install_as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

# What apt-get says is of interest only when it fails.
install_quietly() {
	local log status=0
	log=$(mktemp) || return 1
	"$@" >"$log" 2>&1 || status=$?
	[ "$status" = 0 ] || tail -n 20 "$log" >&2
	rm -f "$log"
	return "$status"
}

install_packages() {
	local missing=() package new_dovecot=
	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			missing+=("$package")
	done
	[ "${#missing[@]}" != 0 ] || return 0
	if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
		echo "missing, and neither root nor sudo: apt-get install ${missing[*]}" >&2
		return 1
	fi
	echo "installing: ${missing[*]}"
	dpkg-query -W dovecot-core >/dev/null 2>&1 || new_dovecot=1
	install_quietly install_as_root apt-get -q -q update || return 1
	install_quietly install_as_root sh -c '
		policy=/usr/sbin/policy-rc.d
		if [ ! -e $policy ]; then
			printf "#!/bin/sh\nexit 101\n" >$policy && chmod 755 $policy
			trap "rm -f $policy" EXIT
			trap "exit 1" HUP INT TERM
		fi
		DEBIAN_FRONTEND=noninteractive apt-get -q -q -y --no-install-recommends \
			-o Dpkg::Use-Pty=0 install "$@"' install "${missing[@]}" || return 1
	if [ -n "$new_dovecot" ] && [ -d /run/systemd/system ]; then
		install_as_root systemctl disable --now dovecot.service dovecot.socket \
			>/dev/null 2>&1
	fi
	return 0
}
