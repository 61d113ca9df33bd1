/**
 * The window that associations announce, against the receive buffer that has to bear it.
 *
 * The kernel counts a window in bytes of messages and a buffer in memory: every message costs some
 * 230 bytes more, and a packet that arrives while the socket is in a call up to twice its length.
 * With a window of half the buffer, which is what the kernel announces by itself, it throws away
 * data that it had announced room for, and the sender waits for its retransmission timer, a second
 * or more. With a quarter that is rare.
 *
 * A message that is longer than what is left of the window would take it all before it is delivered:
 * the kernel then hands over what it has. SCTP_PARTIAL_DELIVERY_POINT would make it do so earlier,
 * but then it does not look whether something that was sent before is missing (Linux 6.1, ulpqueue.c).
 * Messages change places, and where the last fragment is there before what was lost, the rest is
 * never handed over, nor anything after it.
 */
import type { EngineName } from '../../types/engine';
import type { NativeSocket } from '../../types/native';
import { OptionSet } from './option-set';
import { numberOption } from './options';

/** What sockets ask for: a window of 2 MiB, as long as the longest message of a Socket. */
export const DEFAULT_RCV_BUF = 4 * 1024 * 1024;
/** The window's share of the buffer as it is read back. */
const WINDOW_SHARE = 1 / 4;
/** What has to be set, which the kernel doubles to announce half of that. */
export function windowOf(buffer: number): number {
  return Math.max(1, Math.floor(buffer * WINDOW_SHARE));
}

/**
 * Sets the window of the associations that a new socket is to have, for the buffer that it has by
 * now. That takes a smaller buffer until they are up: see giveReceiveBuffer, and, where several
 * associations share it, ReceiveBuffer.
 */
export function setWindow(socket: NativeSocket, { engine }: { engine: EngineName }): void {
  if (engine === 'user') return; // it counts what it keeps, and announces no more
  windowFor(numberOption(socket, 'rcvBuf')).apply(socket);
}

/** The last: most sockets have the same buffer. */
let last: { buffer: number; options: OptionSet } | undefined;

function windowFor(buffer: number): OptionSet {
  if (last?.buffer !== buffer) {
    last = { buffer, options: new OptionSet({ rcvBuf: windowOf(buffer) }, ['rcvBuf']) };
  }
  return last.options;
}
