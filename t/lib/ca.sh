# shellcheck shell=bash
# A certificate authority of a test's own, and server certificates signed by it.
# SPDX-License-Identifier: ISC
#
#	ca_make DIRECTORY                       DIRECTORY/ca.pem and its key
#	ca_sign DIRECTORY NAME HOST [DAYS]      DIRECTORY/NAME.pem (the certificate, then its
#	                                        key) and NAME.key, for the DNS name HOST only;
#	                                        DAYS = -1 makes one that has run out

ca_make() {
	mkdir -p "$1" || return 1
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj '/CN=mailrail test CA' -keyout "$1/ca.key" -out "$1/ca.pem" \
		-addext 'keyUsage=critical,keyCertSign,cRLSign' 2>"$1/ca.log"
}

# An end date in the past is legal for "openssl ca" only, so the clock of the certificate is
# given by "x509 -days": -1 means that it ended yesterday.
ca_sign() {
	local dir=$1 name=$2 host=$3 days=${4:-30}
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/CN=$host" -keyout "$dir/$name.key" -out "$dir/$name.csr" 2>>"$dir/ca.log" &&
	openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" \
		-set_serial "$((RANDOM * 32768 + RANDOM))" -days "$days" \
		-extfile <(echo "subjectAltName=DNS:$host") -out "$dir/$name.crt" 2>>"$dir/ca.log" &&
	cat "$dir/$name.crt" "$dir/$name.key" >"$dir/$name.pem"
}
