# shellcheck shell=bash
# The name server t/fake/dns (which says what its table means) for a test.
# SPDX-License-Identifier: ISC
#
# Sourced after tap.sh.
#
#	dns_start            sets DNS: its ADDRESS:PORT
#	dns_table <LINES     what it says from now on
#	dns_log              prints the names that were asked for

dns_start() {
	rm -f "$TEST_HOME/dns.port"
	: >"$TEST_HOME/dns.names"
	: >"$TEST_HOME/dns.table"
	spawn dns perl "$MR_TOP/t/fake/dns" --port-file "$TEST_HOME/dns.port" \
		--log "$TEST_HOME/dns.names" --table "$TEST_HOME/dns.table"
	wait_for 10 '[ -s "$TEST_HOME/dns.port" ]' ||
		bail_out "the name server does not start: $(cat "$TEST_HOME/dns.log")"
	DNS=127.0.0.1:$(cat "$TEST_HOME/dns.port")
}

dns_table() {
	cat >"$TEST_HOME/dns.table.new"
	mv "$TEST_HOME/dns.table.new" "$TEST_HOME/dns.table"
	: >"$TEST_HOME/dns.names"
}

dns_log() {
	cat "$TEST_HOME/dns.names"
}
