#!/usr/bin/env bash
# A certificate that ends soon is told once a day, by -v every time, and not at all if so
# configured.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"
. "$MR_TOP/t/lib/dovecot.sh"

dovecot_start
dovecot_stop
ca_sign "$DOVECOT_DIR/ca" server localhost 5
dovecot_start
config=$XDG_CONFIG_HOME/mailrail/config
date=$(date -u -d '5 days' +%F)

write() {
	printf 'account: { work: { host = "localhost"; port = %s; ca-file = "%s"; user = "alice"
		password = "alice secret"; %s } }\n' "$DOVECOT_IMAPS" "$DOVECOT_CA" "$1" >"$config"
	chmod 600 "$config"
}
# The certificate ends five days after its first second.
said() {
	sed 's/in 5 days/in 4 days/' "$ERR"
}
said="mr-fetch: account work: the certificate of localhost:$DOVECOT_IMAPS ends in 4 days, on $date"
write ''
exits 'the first run' 0 mr-fetch
is 'tells it' "$(said)" "$said"
run mr-fetch
is 'the second is quiet' "$(cat "$ERR")" ''
run mr-fetch -v
ok 'but for -v' 'grep -qxF "$said" <<<"$(said)"'
touch -d '25 hours ago' "$XDG_STATE_HOME/mailrail/run/fetch-work.certificate"
run mr-fetch
is 'a day later it is told again' "$(said)" "$said"
touch -d '2 hours' "$XDG_STATE_HOME/mailrail/run/fetch-work.certificate"
run mr-fetch
is 'a clock that went back does not silence it' "$(said)" "$said"
rm "$XDG_STATE_HOME/mailrail/run/fetch-work.certificate"
write 'cert-warn = "3d"'
run mr-fetch
is 'not as early as that' "$(cat "$ERR")" ''
write 'cert-warn = "0s"'
run mr-fetch -v
unlike 'never, if so configured' "$(cat "$ERR")" 'certificate'

done_testing
