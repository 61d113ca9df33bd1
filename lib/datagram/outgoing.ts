/** The arguments of a handle's `send`, checked; and why the kernel has refused a message. */
import type { NativeSendInfo } from '../../types/native';
import { addressHint } from '../address-hint';
import { sendError, suspects } from '../association/send-errors';
import { invalidArgValue } from '../errors';
import { checkIp, checkPort, type Family } from '../validate';

export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** @param family of the socket: an IPv4 socket reaches no IPv6 peer */
export function checkDestination(host: unknown, port: unknown, family: Family): Destination {
  if (checkIp('host', host) === 6 && family === 4) {
    throw invalidArgValue('host', host, 'must be an IPv4 address: the handle is bound to one');
  }
  return { host: host as string, port: checkPort('port', port, { allowZero: false }) };
}

/** What the kernel has refused. */
export interface RefusedDatagram extends Destination {
  readonly length: number;
  readonly info: NativeSendInfo;
}

export function refusedError(errno: number, refused: RefusedDatagram, longest: number): Error {
  const { length, host, port, info } = refused;
  return sendError({
    errno,
    syscall: 'send',
    length,
    place: { address: host, port },
    longestMessage: longest,
    remedy: '',
    suspects: [suspectOf(host, info)],
  });
}

/** What the kernel may find invalid about a message that has passed our checks. */
function suspectOf(host: string, [sid]: NativeSendInfo): string {
  const address = addressHint(host);
  if (address !== '') return address;
  return sid === 0
    ? 'the address cannot be reached from the one that the handle is bound to'
    : suspects({ sid }, 'sctp.initMsg.numOstreams').join('');
}
