"""An SCTP peer on Python's socket module: obeys JSON lines on stdin, reports JSON lines on stdout.

Each command {"do": name, ...} is answered by {"answer": result} or {"refused": errno name}, in
order. In between comes what happens by itself: {"event": "message" | "assoc" | ...}. It reads from
its sockets only while asked to.
"""

import binascii
import errno
import hashlib
import json
import os
import select
import socket
import struct
import sys
import time

SCTP = socket.IPPROTO_SCTP
SNDINFO, RCVINFO, PRINFO = 2, 3, 5
RECVRCVINFO, ASSOC_STATS, EVENT = 32, 112, 127
ASSOC_CHANGE, SHUTDOWN_EVENT, SEND_FAILED_EVENT = 0x8001, 0x8005, 0x800D
UNORDERED, EOF = 1, 0x200
MSG_NOTIFICATION = 0x8000
STATES = ["commUp", "commLost", "restart", "shutdownComp", "cantStrAssoc"]

sockets = []  # the last one is meant by commands: the one opened, or the last one accepted
partial = {}  # association id: pieces of a message that lacks its end
reading = False


def report(**what):
    print(json.dumps(what))


def do_open(style, family, host, port, options, listen):
    """Returns the port."""
    kind = {"seqpacket": socket.SOCK_SEQPACKET, "stream": socket.SOCK_STREAM}[style]
    s = socket.socket({4: socket.AF_INET, 6: socket.AF_INET6}[family], kind, SCTP)
    s.setsockopt(SCTP, RECVRCVINFO, 1)
    for event in (ASSOC_CHANGE, SHUTDOWN_EVENT, SEND_FAILED_EVENT):
        s.setsockopt(SCTP, EVENT, struct.pack("iHBx", 0, event, 1))
    for level, number, value in options:
        s.setsockopt(level, number, value if isinstance(value, int) else bytes.fromhex(value))
    s.bind(resolve(host, port))
    if listen:
        s.listen(16)
    sockets.append(s)
    return s.getsockname()[1]


def resolve(host, port):
    """Understands scopes: fe80::1%eth0."""
    return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)[0][4]


def do_connect(host, port):
    sockets[-1].connect(resolve(host, port))


def do_read(on):
    global reading
    reading = on


def do_send(data, to=None, times=1, sid=0, ppid=0, flags=0, context=0, pr=None):
    """Sends a message, the data so many times over; waits for room; returns the bytes accepted."""
    control = [(SCTP, SNDINFO, struct.pack("HHIIi", sid, flags, socket.htonl(ppid), context, 0))]
    if pr is not None:
        control.append((SCTP, PRINFO, struct.pack("HxxI", *pr)))
    message = binascii.a2b_base64(data) * times
    address = [resolve(*to)] if to else []
    return sockets[-1].sendmsg([message], control, socket.MSG_NOSIGNAL, *address)


def do_set(level, number, value):
    """An option, in hexadecimal digits."""
    sockets[-1].setsockopt(level, number, bytes.fromhex(value))


def do_shutdown(to=None):
    if to:
        do_send("", to=to, flags=EOF)
    else:
        sockets[-1].shutdown(socket.SHUT_WR)


def do_close(abort):
    """Closes the current socket. Unread input aborts too."""
    s = sockets.pop()
    if abort:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def do_acknowledged(count):
    """Waits until the peer has sent so many SACKs.

    Only for a connection: Python's getsockopt cannot name an association.
    """
    sas_isacks = 0
    while sas_isacks < count:
        time.sleep(0.01)
        (sas_isacks,) = struct.unpack_from("Q", sockets[-1].getsockopt(SCTP, ASSOC_STATS, 256), 144)


def receive(s):
    if s.type == socket.SOCK_STREAM and s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        connection, address = s.accept()
        sockets.append(connection)
        report(event="accepted", host=address[0], port=address[1])
        return
    try:
        data, control, flags, address = s.recvmsg(1 << 18, 256, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return
    except OSError as error:
        report(event="error", code=errno.errorcode[error.errno])
        return
    if flags & MSG_NOTIFICATION:
        notify(data)
    elif not data:
        report(event="end")
        sockets.remove(s)
        s.close()
    else:
        deliver(data, control, flags & socket.MSG_EOR, address or s.getpeername())


def notify(data):
    (kind,) = struct.unpack_from("H", data)
    if kind == ASSOC_CHANGE:
        state, error = struct.unpack_from("HH", data, 8)
        report(event="assoc", state=STATES[state], error=socket.ntohs(error))
    elif kind == SEND_FAILED_EVENT:
        report(event="sendFailed", length=len(data) - 32)
    else:
        report(event="notification", number=kind)


def deliver(data, control, ends, address):
    info = next(value for level, kind, value in control if (level, kind) == (SCTP, RCVINFO))
    sid, ssn, flags, ppid, _tsn, _cumtsn, context, assoc = struct.unpack("HHHxxIIIIi", info)
    pieces = partial.setdefault(assoc, [])
    pieces.append(data)
    if not ends:
        return
    del partial[assoc]
    message = b"".join(pieces)
    report(
        event="message",
        host=address[0],
        port=address[1],
        length=len(message),
        sha256=hashlib.sha256(message).hexdigest(),
        head=binascii.b2a_base64(message[:64], newline=False).decode(),
        sid=sid,
        ssn=ssn,
        ppid=socket.ntohl(ppid),
        unordered=bool(flags & UNORDERED),
        context=context,
    )


def obey(line):
    command = json.loads(line)
    try:
        report(answer=globals()["do_" + command.pop("do")](**command))
    except OSError as error:
        report(refused=errno.errorcode[error.errno])


def main():
    unread = bytearray()
    while True:
        ready, _, _ = select.select([sys.stdin, *(sockets if reading else [])], [], [])
        for s in ready:
            if s is not sys.stdin:
                receive(s)
        if sys.stdin in ready:
            more = os.read(0, 1 << 20)
            if not more:
                return
            unread += more
            if b"\n" in more:
                *lines, unread = unread.split(b"\n")
                for line in lines:
                    obey(line)


main()
