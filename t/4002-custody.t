#!/usr/bin/env bash
# Custody: exit status 0 means on stable storage; every failing or killed system call of a
# submission leaves the whole message queued or nothing.
# SPDX-License-Identifier: ISC
. "${BASH_SOURCE[0]%/*}/lib/tap.sh"

cat >"$XDG_CONFIG_HOME/mailrail/config" <<-EOF
	relay: { hostname = "laptop.test", send = "manual" }
EOF
queue=$XDG_STATE_HOME/mailrail/queue
{ printf 'To: a@x\nBcc: b@x\nSubject: s\n\n'; seq 20000; } >"$TEST_HOME/message"
sendmail -t <"$TEST_HOME/message"
whole=$(grep -vE '^(From|Date|Message-ID):' "$queue/content/"* | cksum)
rm -rf "$queue"/{queue,content}/*

# The order on a queue that is there already, by the names behind the descriptors.
strace -f -y -o "$TEST_HOME/trace" sendmail -t <"$TEST_HOME/message"
grep -nE '(fsync|renameat2|exit_group)\(' "$TEST_HOME/trace" |
	sed -E "s,$queue,Q,g; s,[0-9]+<,<,g; s,/[0-9a-z]{16},/ID,g" >"$TEST_HOME/order"
steps=$(sed -E 's,^[^ ]* *,,' "$TEST_HOME/order" | sed -nE \
	-e 's,^fsync\(<Q/(content/ID|content|staging/ID|queue)>.* = 0$,sync \1,p' \
	-e 's,^renameat2\(.* = 0$,place,p' -e 's,^exit_group\(0\).*,leave,p' | tr '\n' '|')
is 'synced in the order of the promise' "$steps" \
	'sync content/ID|sync content|sync staging/ID|place|sync queue|leave|'
ok 'no network is touched' '! grep -qE "AF_INET" "$TEST_HOME/trace"'
rm -rf "$queue"/{queue,content}/*

# state: nothing, or the one whole message; anything else is shown.
state() {
	local id content
	id=$(ls "$queue/queue" 2>/dev/null)
	[ -n "$id" ] || { echo nothing; return; }
	content=$(grep -vE '^(From|Date|Message-ID):' "$queue/content/$id" | cksum)
	[ "$content" = "$whole" ] && mailq | grep -q 'in 1 Request' && echo whole && return
	echo "half: $id"
}

# Calls of one name: each of them fails once.
fail_each() {
	local call=$1 error=$2 count n status
	count=$(grep -cE "^[0-9]+ +$call\(" "$TEST_HOME/trace")
	for n in $(seq "$count"); do
		strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:error=$error:when=$n" \
			sendmail -t <"$TEST_HOME/message" 2>"$ERR"
		status=$?
		echo "$n $status $(state)"
		rm -rf "$queue"/{queue,content}/*
	done >"$TEST_HOME/$call"
	# A write that fails in the end leaves nothing; one that was repeated, all.
	is "$call fails by $error ($count calls)" \
		"$(grep -vE '^[0-9]+ ([1-9][0-9]* nothing|0 whole)$' "$TEST_HOME/$call")" ''
}
fail_each write ENOSPC
fail_each fsync EIO
fail_each renameat2 ENOSPC
ok 'a failed write is told' 'grep -q " 75 nothing" "$TEST_HOME/write"'
ok 'no failed fsync is taken for success' '! grep -q " 0 " "$TEST_HOME/fsync"'
ok 'nor a failed rename' '! grep -q " 0 " "$TEST_HOME/renameat2"'
fail_each openat ENOSPC

# Killed at the calls of a submission from its first look at the queue on: the nth of its name.
first=$(grep -nF "$queue" "$TEST_HOME/trace" | head -1 | cut -d: -f1)
sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$TEST_HOME/trace" |
	awk -v first="$first" '{ n = ++seen[$1] } NR >= first { print $1, n }' >"$TEST_HOME/calls"
while read -r call n; do
	strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$n" \
		sendmail -t <"$TEST_HOME/message" 2>"$ERR"
	echo "$call $n $(state)"
	rm -rf "$queue"/{queue,content}/*
done <"$TEST_HOME/calls" >"$TEST_HOME/killed" 2>/dev/null
is 'killed anywhere: nothing or the whole' "$(grep -vE ' (nothing|whole)$' "$TEST_HOME/killed")" ''
ok 'both were seen' 'grep -q nothing "$TEST_HOME/killed" && grep -q whole "$TEST_HOME/killed"'

# What a killed submission left is swept after 36 hours, what is queued is not.
sendmail -t <"$TEST_HOME/message"
touch "$queue/content/0000000000000000" "$queue/staging/0000000000000000" \
	"$queue/content/0000000000000001"
touch -d '37 hours ago' "$queue"/{content,staging}/*
touch "$queue/content/0000000000000001"
mr-relay run 2>"$ERR"
ok 'old remains are swept' '[ ! -e "$queue/content/0000000000000000" ] &&
	[ -z "$(ls "$queue/staging")" ]'
ok 'young ones are not' '[ -e "$queue/content/0000000000000001" ]'
is 'nor what is queued' "$(state)" whole
done_testing
