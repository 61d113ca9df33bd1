#!/usr/bin/env bash
# The first process of the test kernel: sets up a small system, runs the command, stores its status in the
# job's folder and powers off. Started as JOB/init.sh; what it prints goes to the kernel log.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Whatever goes wrong below, the machine ends.
mount -t proc proc /proc
trap 'sync; echo o > /proc/sysrq-trigger; sleep 60' EXIT

job=${0%/*}
declare kernel project command directory path hostname terminals merged size # the settings
# shellcheck source=/dev/null
source "$job/settings"
declare modules consoles # and share()
# shellcheck source=/dev/null
source "$job/$kernel.sh"
mapfile -d '' -t environment < "$job/environment"

# --- File systems ---

mount -t sysfs sysfs /sys
mountpoint --quiet /dev || mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=755 tmpfs /run
ln -sfn /proc/self/fd /dev/fd
ln -sfn fd/0 /dev/stdin
ln -sfn fd/1 /dev/stdout
ln -sfn fd/2 /dev/stderr

# The two writable folders. They may lie in one that was just covered.
mkdir -p "$project" "$job"
share project "$project"
share job "$job"

# --- Modules ---

# They lie in a folder of their own, since /lib/modules may not even exist. The variable tells modprobe where,
# the script in /run passes it to the kernel's own calls of modprobe: `ip link add type veth` makes one.
export MODPROBE_OPTIONS='--dirname=/run/modules'
mkdir -p /run/modules/lib/modules
ln -s "$modules/$(uname -r)" /run/modules/lib/modules/
printf '#!/bin/sh\nexec /sbin/modprobe %s "$@"\n' "$MODPROBE_OPTIONS" > /run/modules/modprobe
chmod +x /run/modules/modprobe
echo /run/modules/modprobe > /proc/sys/kernel/modprobe
modprobe --all sctp sctp_diag

# --- Network ---

ip link set lo up
echo "$hostname" > /proc/sys/kernel/hostname

# --- Output ---

# A terminal outside is a terminal inside. Anything else is a pipe inside, with a relay to the console.
opened=() relays=()
connect() { # connect CONSOLE 1|2: sets `channel`
  local console
  exec {console}> "$1"
  opened+=("$console") # until the end: a console that is closed forgets its mode
  stty raw -echo <&"$console" # among others: no CR before LF
  if [[ $terminals == *$2* ]]; then
    [[ ! $size ]] || stty rows "${size% *}" columns "${size#* }" <&"$console"
    exec {channel}>&"$console"
  else
    exec {channel}> >(exec cat >&"$console")
    relays+=($!)
  fi
}
connect "${consoles[0]}" 1
stdout=$channel
[[ $merged ]] || connect "${consoles[1]}" 2
stderr=$channel

# --- The command ---

environment+=(
  KERNEL_SCTP_GUEST="$kernel"
  MODPROBE_OPTIONS="$MODPROBE_OPTIONS"
  PATH="$path:/usr/local/sbin:/usr/sbin:/sbin"
  TMPDIR=/tmp
)
status=0
(
  exec < /dev/null 1>&"$stdout" 2>&"$stderr"
  for fd in "$stdout" "$stderr" "${opened[@]}"; do
    exec {fd}>&-
  done
  mkdir -p -- "$directory" # it may be below /tmp
  cd -- "$directory"
  ulimit -Hn 65536
  ulimit -Sn 4096
  exec env --ignore-environment "${environment[@]}" setsid -- "${command[@]}"
) || status=$?

# What it left in the background would keep the relays from ending.
exec {stdout}>&- {stderr}>&-
for process in /proc/[0-9]*; do
  process=${process#/proc/}
  [[ " 1 ${relays[*]} " == *" $process "* ]] || kill -KILL "$process" 2> /dev/null || :
done
wait "${relays[@]}" || :
for console in "${opened[@]}"; do
  stty raw <&"$console" # waits until all is written
done
echo "$status" > "$job/status"
