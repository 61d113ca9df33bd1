# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # variables of and for with-sctp and init.sh; commas in options
# User Mode Linux: a kernel that is an ordinary process, needs no privilege, and uses the machine's own files.

unavailable() {
  local missing=() PATH=$PATH:/usr/sbin:/sbin
  type -P linux.uml > /dev/null || missing+=(user-mode-linux)
  type -P modprobe > /dev/null || missing+=(kmod)
  type -P ip > /dev/null || missing+=(iproute2)
  ((${#missing[@]})) || return
  echo "not installed; run scripts/setup, or on Debian and Ubuntu: apt-get install ${missing[*]}"
}

boot() {
  # Consoles 0 and 1 are the command's stdout and stderr; console 2 is the kernel log.
  local arguments=(
    root=/dev/root rootfstype=hostfs rootflags=/ ro mem="${memory:=4G}"
    init="$job/init.sh" uml_dir="$job/" umid=uml
    con=null con0=null,fd:3 con1=null,fd:4 con2=null,fd:1 console=tty2 ssl=null quiet loglevel=4
  )
  exec env --ignore-environment PATH="$PATH" TMPDIR="$(memory_folder)" setsid linux.uml "${arguments[@]}"
}

# The kernel's memory is a file, mapped executable. It is fastest in /dev/shm, which containers make small and
# non-executable.
memory_folder() {
  local wanted available
  wanted=$(numfmt --from=iec "$memory")
  available=$(df --output=avail --block-size=1 /dev/shm 2> /dev/null | tail -n 1)
  if ((${available:-0} >= wanted)) && [[ $(findmnt -no OPTIONS -T /dev/shm) != *noexec* ]]; then
    echo /dev/shm
  else
    echo /var/tmp
  fi
}

# --- Inside ---

modules=/usr/lib/uml/modules
consoles=(/dev/tty0 /dev/tty1)

# Makes a folder of the machine writable: the job, or the project, to which the job has a link. So the option's
# value is never a path with special characters.
share() { # share job|project FOLDER
  local options=$job
  [[ $1 == job ]] || options+=/$1
  mount -t hostfs -o "$options" "$1" "$2"
}
