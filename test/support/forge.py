"""Puts chunks into an association of others: forge.py DEVICE SOURCE PORT DESTINATION PORT

Says "ready", learns the verification tag from the next packet that goes that way, says "tag", and
then sends each line of stdin, the chunks of a packet in hexadecimal, as if it came from SOURCE.
"""

import socket
import struct
import sys

ETH_P_IP = 0x0800
device, source, source_port, destination, destination_port = sys.argv[1:]
ports = struct.pack("!HH", int(source_port), int(destination_port))

POLYNOMIAL = 0x82F63B78
table = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
    table.append(byte)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return struct.pack("<I", crc ^ 0xFFFFFFFF)


def learn_tag(sniffer):
    while True:
        packet = sniffer.recv(65536)
        header = (packet[0] & 0xF) * 4
        if packet[9] == socket.IPPROTO_SCTP and packet[header : header + 4] == ports:
            return packet[header + 4 : header + 8]


sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
sniffer.bind((device, ETH_P_IP))
print("ready", flush=True)
tag = learn_tag(sniffer)
print("tag", flush=True)
sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_SCTP)
sender.bind((source, 0))
for line in sys.stdin:
    chunks = bytes.fromhex(line)
    checksum = crc32c(ports + tag + bytes(4) + chunks)
    sender.sendto(ports + tag + checksum + chunks, (destination, 0))
