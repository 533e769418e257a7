# shellcheck shell=bash
# Debian packages unpacked in private, for servers that a test machine must not install.
# SPDX-License-Identifier: ISC
#
#	packages_unpack NAME PACKAGE...   apt-get download and dpkg -x into
#	                                  $MR_SERVERS/NAME (default: t/.servers/NAME), once
#
# To install Postfix or Exim would replace the mail system of the machine and start it.

MR_SERVERS=${MR_SERVERS:-$MR_TOP/t/.servers}

packages_unpack() {
	local name=$1 work
	shift
	[ ! -d "$MR_SERVERS/$name" ] || return 0
	mkdir -p "$MR_SERVERS" && chmod a+rx "$MR_SERVERS" || return 1
	# Renamed when it is whole: two tests may come here at once, and one may be killed.
	work=$(mktemp -d "$MR_SERVERS/.$name.XXXXXX") || return 1
	(
		cd "$work" && chmod 755 . && mkdir root &&
		apt-get -q -o APT::Sandbox::User=root download "$@" >log 2>&1 &&
		for deb in *.deb; do
			dpkg -x "$deb" root || exit 1
		done
	) && chmod -R a+rX "$work" && { mv -T "$work" "$MR_SERVERS/$name" 2>/dev/null || true; }
	if [ ! -d "$MR_SERVERS/$name" ]; then
		diag "apt-get download $*: $(tail -2 "$work/log" 2>&1)"
		rm -rf "$work"
		return 1
	fi
	rm -rf "$work"
}

# packages_libraries NAME: the library path inside, for LD_LIBRARY_PATH.
packages_libraries() {
	local root=$MR_SERVERS/$1/root triplet
	triplet=$(gcc -print-multiarch 2>/dev/null || echo "$(uname -m)-linux-gnu")
	echo "$root/usr/lib/postfix:$root/usr/lib/$triplet:$root/lib/$triplet"
}
