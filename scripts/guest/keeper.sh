#!/usr/bin/env bash
# Runs a test kernel for with-sctp: creates the job, a folder for all that is said between outside and inside,
# starts the kernel, ends it when its time is over or with-sctp is gone, and removes the job.
# A process and a session of its own, so that neither ctrl-C nor any end of with-sctp, be it SIGKILL, stops it.
#
#   fd 0     from with-sctp: the settings, then nothing until with-sctp ends
#   fd 1     to with-sctp: an empty line every second (see there), then how it went, which is an exit status,
#            late, unread, or early and the kernel's log. Ends when all processes have
#   fd 3, 4  where the command's stdout and stderr go
set -euo pipefail
trap '' PIPE # with-sctp may be gone

# Not below TMPDIR, because the guest has a /tmp of its own, nor in the project, because its path may have
# spaces, which a kernel's command line has not.
job=$(mktemp -d /var/tmp/kernel-sctp.XXXXXX)
exec 2> "$job/log"
trap finish EXIT

# shellcheck disable=SC2317 # it is reached, by the trap
finish() {
  set +e
  if [[ -s $job/status ]]; then
    cat "$job/status"
  else
    echo "early $job/log"
  fi
  read -r # until with-sctp has seen it
  rm -rf "$job"
}

read -r -d '' settings
declare kernel project timeout # some of them
eval "$settings"
echo "$settings" > "$job/settings"
cat "/proc/$PPID/environ" > "$job/environment" # of with-sctp when it started
cp "$project/scripts/guest/"{init,"$kernel"}.sh "$job"
ln -s "$project" "$job/project"
mkfifo "$job/stdout" "$job/stderr"

# Passes on what the guest writes, until it ends. The guest does not get the caller's files and terminal
# themselves, because it would change their mode.
relay() { # relay PIPE FD
  cat "$1" 1>&"$2" || echo unread
}
relay "$job/stdout" 3 &
relays=($!)
relay "$job/stderr" 4 &
relays+=($!)
exec {stdout}> "$job/stdout" {stderr}> "$job/stderr"

# Start. The kernel leads a process group, for kill, and all its processes hold our fd 1, as fd 5.
# shellcheck source=/dev/null
source "$job/$kernel.sh"
boot 5>&1 < /dev/null >&2 3>&"$stdout" 4>&"$stderr" {stdout}>&- {stderr}>&- &
guest=$!
exec {stdout}>&- {stderr}>&-

# End.
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
