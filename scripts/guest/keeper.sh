#!/usr/bin/env bash
# Starts the test kernel of a job, ends it when its time is over or with-sctp is gone, and removes the job.
# A process and a session of its own, so that neither ctrl-C nor any end of with-sctp, be it SIGKILL, stops it.
#
#   keeper.sh JOB
#     fd 0     a pipe that ends when with-sctp does
#     fd 1     tells with-sctp how it went: an exit status, or late, unread or early. Ends when all here has
#     fd 3, 4  where the command's stdout and stderr go
set -euo pipefail

job=$1
exec 2> "$job/log"
trap '' PIPE # with-sctp may be gone
trap finish EXIT

# shellcheck disable=SC2317 # it is reached, by the trap
finish() {
  set +e
  if [[ -s $job/status ]]; then
    cat "$job/status"
  else
    echo early
  fi
  read -r # until with-sctp has seen it
  rm -rf "$job"
}

declare kernel project timeout # some of the settings
# shellcheck source=/dev/null
source "$job/settings"
# shellcheck source=/dev/null
source "$project/scripts/guest/$kernel.sh"

relay() { # relay PIPE FD
  cat "$1" 1>&"$2" || echo unread
}
mkfifo "$job/stdout" "$job/stderr"
relay "$job/stdout" 3 &
relays=($!)
relay "$job/stderr" 4 &
relays+=($!)
exec {stdout}> "$job/stdout" {stderr}> "$job/stderr"

# It leads a process group, for kill. All its processes hold with-sctp's pipe, as fd 5.
boot 5>&1 < /dev/null >&2 3>&"$stdout" 4>&"$stderr" {stdout}>&- {stderr}>&- &
guest=$!
exec {stdout}>&- {stderr}>&-

# Ends it. Until then, an empty line a second reaches with-sctp: see there.
{
  SECONDS=0
  until ((timeout && SECONDS >= timeout)) && echo late; do
    read -r -t 1 || (($? > 128)) || break
    echo
  done
  kill -KILL -- "-$guest" "$guest"
} <&0 &
watcher=$!

wait "$guest" || :
wait "${relays[@]}"
kill "$watcher" || :
