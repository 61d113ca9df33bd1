# shellcheck shell=bash
# This machine's own kernel.

# Says why this kernel cannot be used, or fails if it can.
unavailable() {
  # Opening a socket loads the module, for any user; modprobe does, for root, where there is no perl.
  perl -e 'socket(my $socket, 2, 1, 132)' 2> /dev/null || modprobe --quiet sctp 2> /dev/null || :
  ! grep --quiet --no-messages '^SCTP ' /proc/net/protocols || return
  echo 'this kernel has no SCTP, not even as a module'
}
