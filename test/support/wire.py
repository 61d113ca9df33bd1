"""Tells which chunks of SCTP pass by: one line for each packet that this host receives.

Each line has the ports and the chunks, as "1234>3868 AUTH(key 1, hmac 3) DATA(sid 0)".
"""

import socket
import struct

NAMES = {
    0: "DATA", 1: "INIT", 2: "INIT-ACK", 3: "SACK", 4: "HEARTBEAT", 5: "HEARTBEAT-ACK", 6: "ABORT",
    7: "SHUTDOWN", 8: "SHUTDOWN-ACK", 9: "ERROR", 10: "COOKIE-ECHO", 11: "COOKIE-ACK",
    14: "SHUTDOWN-COMPLETE", 15: "AUTH", 64: "I-DATA", 128: "ASCONF-ACK", 130: "RE-CONFIG",
    192: "FORWARD-TSN", 193: "ASCONF", 194: "I-FORWARD-TSN",
}  # fmt: skip


def describe(kind, flags, body):
    name = NAMES.get(kind, str(kind))
    if name == "AUTH":
        return "AUTH(key %d, hmac %d)" % struct.unpack_from("!HH", body)
    if name == "DATA":
        return "DATA(sid %d)" % struct.unpack_from("!4xH", body)
    if name == "I-DATA":
        sid, mid, fsn = struct.unpack_from("!4xHxxII", body)
        return "I-DATA(sid %d, mid %d, %s)" % (sid, mid, "first" if flags & 2 else "fsn %d" % fsn)
    return name


def chunks(packet):
    while len(packet) >= 4:
        kind, flags, length = struct.unpack_from("!BBH", packet)
        if length < 4:
            return
        yield describe(kind, flags, packet[4:length])
        packet = packet[(length + 3) & ~3 :]


def main():
    wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_SCTP)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    print("listening", flush=True)
    while True:
        packet = wire.recv(1 << 17)
        packet = packet[(packet[0] & 15) * 4 :]  # the IP header
        source, destination = struct.unpack_from("!HH", packet)
        print("%d>%d" % (source, destination), *chunks(packet[12:]), flush=True)


main()
