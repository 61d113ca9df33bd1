"""A sender that is not ours, with the dialogue of end.ts: `python3 end.py SNDBUF`, 0 for the default."""
import json
import socket
import sys

SO_SNDBUFFORCE = 32
COUNTERS = ("T3RtxExpireds", "DelaySackExpireds", "InDataChunkDiscards", "InPktDiscards")


def counters():
    with open("/proc/net/sctp/snmp") as lines:
        all_counters = dict(line.split() for line in lines)
    return {name: int(all_counters["Sctp" + name]) for name in COUNTERS}


def main():
    sender, before = None, counters()
    for line in sys.stdin:
        command = json.loads(line)
        answer = None
        if command["do"] == "connect":
            sender = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
            if int(sys.argv[1]) > 0:
                sender.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, int(sys.argv[1]))
            sender.connect((command["host"], command["port"]))
            answer = sender.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        elif command["do"] == "prepare":
            before = counters()
        elif command["do"] == "transfer":
            message = b"m" * command["transfer"]["size"]
            for _ in range(command["transfer"]["count"]):
                if sender.send(message) != len(message):
                    raise RuntimeError("a message was sent in part")
            answer = {name: value - before[name] for name, value in counters().items()}
        elif command["do"] == "close":
            sender.close()
        print(json.dumps({"answer": answer}), flush=True)


main()
