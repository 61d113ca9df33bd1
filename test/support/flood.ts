/** A sender of another process that floods a socket of this one while its event loop stands still. */
import { spawnSync } from 'node:child_process';

const PROGRAM = `
import socket, sys, time
host, port, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sender = socket.socket(socket.AF_INET, socket.SOCK_SEQPACKET, 132)
sender.setsockopt(132, 3, 1)
sender.setblocking(False)
count, last = 0, time.monotonic()
while time.monotonic() - last < 2:
    try:
        sender.sendto(bytes(length), (host, port))
        count, last = count + 1, time.monotonic()
    except BlockingIOError:
        time.sleep(0.01)
print(count)
`;

/**
 * Sends messages of this length until no more are taken; what the sender has left arrives later.
 * @returns how many
 */
export function floodStandingStill(host: string, port: number, length: number): number {
  const args = ['-c', PROGRAM, host, String(port), String(length)];
  const { status, stdout, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}
