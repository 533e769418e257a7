# shellcheck shell=bash
# The scripted peer (t/fake/peer, which says what a transcript is) for a test.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh.
#
#	start_peer NAME TRANSCRIPT...   sets PEER_PORT. A TRANSCRIPT is a path, or a file
#	                                t/fake/NAME/TRANSCRIPT, or - for standard input.
#	                                Connection n plays transcript n, later ones the last.
#	stop_peer [NAME]
#	wire [NAME]                     prints the wire log of that peer (default: the last)
#	wire_ok [NAME]                  true if no client broke the script
#
# PEER_CA is the authority of the peers' certificate, which is for localhost; set PEER_CERT
# (a PEM file with certificate and key, see ca.sh) before start_peer for another one.

. "${BASH_SOURCE[0]%/*}/ca.sh"

PEER_CA=$TEST_HOME/peer-ca/ca.pem

start_peer() {
	local name=$1 transcript count=0 files=()
	shift
	[ -f "$PEER_CA" ] || { ca_make "$TEST_HOME/peer-ca" &&
		ca_sign "$TEST_HOME/peer-ca" server localhost; } ||
		bail_out "openssl makes no certificate: $(tail -1 "$TEST_HOME/peer-ca/ca.log")"
	for transcript; do
		if [ "$transcript" = - ]; then
			count=$((count + 1))
			cat >"$TEST_HOME/$name.transcript$count"
			files+=("$TEST_HOME/$name.transcript$count")
		elif [ -f "$transcript" ]; then
			files+=("$transcript")
		else
			files+=("$MR_TOP/t/fake/$name/$transcript")
		fi
	done
	peer_last=$name
	rm -f "$TEST_HOME/$name.port" "$TEST_HOME/$name.wire"
	spawn "peer-$name" perl "$MR_TOP/t/fake/peer" --port-file "$TEST_HOME/$name.port" \
		--wire "$TEST_HOME/$name.wire" \
		--cert "${PEER_CERT:-$TEST_HOME/peer-ca/server.pem}" "${files[@]}"
	echo "$PID" >"$TEST_HOME/$name.pid"
	wait_for 10 '[ -s "$TEST_HOME/$name.port" ] || ! kill -0 "$PID" 2>/dev/null'
	PEER_PORT=$(cat "$TEST_HOME/$name.port" 2>/dev/null) ||
		bail_out "peer $name does not start: $(cat "$TEST_HOME/peer-$name.log")"
}

stop_peer() {
	local name=${1:-$peer_last}
	end_pid "$(cat "$TEST_HOME/$name.pid")"
}

wire() {
	cat "$TEST_HOME/${1:-$peer_last}.wire"
}

wire_ok() {
	! wire "$@" | grep -a '^!'
}
