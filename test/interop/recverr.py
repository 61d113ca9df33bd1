"""recverr.py PID: makes ICMP errors fatal (IP_RECVERR) on each SCTP socket of another process."""

import ctypes
import os
import socket
import sys

SYS_PIDFD_GETFD = 438
IP_RECVERR = 11

pid = int(sys.argv[1])
pidfd = os.pidfd_open(pid)
syscall = ctypes.CDLL(None, use_errno=True).syscall
found = 0
for name in os.listdir(f"/proc/{pid}/fd"):
    if not os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
        continue
    fd = syscall(SYS_PIDFD_GETFD, pidfd, int(name), 0)
    if fd < 0:
        sys.exit(f"pidfd_getfd: {os.strerror(ctypes.get_errno())}")
    with socket.socket(fileno=fd) as theirs:
        if theirs.proto == socket.IPPROTO_SCTP:
            theirs.setsockopt(socket.SOL_IP, IP_RECVERR, 1)
            found += 1
print(f"{found} sockets")
