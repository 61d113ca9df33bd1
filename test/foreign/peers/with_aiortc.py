"""aiortc's SCTP and data channels over UDP: with_aiortc.py PORT begin|wait

It sends back what it receives, and does what the channel 'commands' says: { open: init } and
{ close: label }.
"""
import asyncio
import json
import sys

from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcsctptransport import RTCSctpTransport


class Role:
    def __init__(self, begins):
        self.role = "controlling" if begins else "controlled"


class Transport(asyncio.DatagramProtocol):
    """What aiortc takes for its DTLS."""

    state = "connected"

    def __init__(self, begins):
        self.transport = Role(begins)
        self.udp = None
        self.receiver = None
        self.packets = asyncio.Queue()

    def connection_made(self, transport):
        self.udp = transport

    def datagram_received(self, data, address):
        self.packets.put_nowait(data)

    async def deliver(self):
        while True:
            packet = await self.packets.get()
            if self.receiver:
                await self.receiver._handle_data(packet)

    def _register_data_receiver(self, receiver):
        self.receiver = receiver

    def _unregister_data_receiver(self, receiver):
        self.receiver = None

    async def _send_data(self, data):
        self.udp.sendto(data)


async def main(port, begins):
    loop = asyncio.get_running_loop()
    udp, transport = await loop.create_datagram_endpoint(
        lambda: Transport(begins), remote_addr=("127.0.0.1", port)
    )
    sctp = RTCSctpTransport(transport)
    channels = {}

    def keep(channel):
        channels[channel.label] = channel
        channel.on("message", lambda message: received(channel, message))

    def received(channel, message):
        if channel.label != "commands":
            channel.send(message)
            return
        command = json.loads(message)
        if "open" in command:
            parameters = RTCDataChannelParameters(**command["open"])
            keep(RTCDataChannel(sctp, parameters))
        else:
            channels[command["close"]].close()

    sctp.on("datachannel", keep)
    print("port", udp.get_extra_info("sockname")[1], flush=True)
    await sctp.start(RTCSctpTransport.getCapabilities(), 5000)
    await transport.deliver()


asyncio.run(main(int(sys.argv[1]), sys.argv[2] == "begin"))
