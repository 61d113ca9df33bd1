/** The UDP ports of this thread: those with a number of their own are shared by its sockets. */
import { constants as os } from 'node:os';

import { familyNumberOf } from '../addresses/family';
import type { NativeUdpSocket } from '../../types/native-engine';
import { binding } from '../binding';
import { UdpPort } from './udp-port';

const { EAFNOSUPPORT } = os.errno;

const shared = new Map<number, UdpPort>();

/** Every address of the machine: which of them a listener takes, it says itself. */
export function sharedPort(number: number): UdpPort | number {
  const known = shared.get(number);
  if (known) return known;
  let native = new binding.UdpSocket();
  let errno = native.open(6, false);
  if (errno === 0) errno = native.bind('::', number);
  if (errno === -EAFNOSUPPORT) {
    native.close();
    native = new binding.UdpSocket();
    errno = native.open(4, false);
    if (errno === 0) errno = native.bind('0.0.0.0', number);
  }
  if (errno < 0) {
    native.close();
    return errno;
  }
  const port = new UdpPort(native, () => shared.delete(number));
  shared.set(number, port);
  return port;
}

/** One that exists already. */
export function knownPort(number: number): UdpPort | undefined {
  return shared.get(number);
}

/** For one association. @param native open and connected */
export function ownPort(native: NativeUdpSocket): UdpPort {
  return new UdpPort(native, () => undefined);
}

/** The longest packet that gets to a peer in one piece; or errno. */
export function longestPacketTo(host: string, port: number): number {
  const native = new binding.UdpSocket();
  try {
    const opened = native.open(familyNumberOf(host), false);
    const connected = opened < 0 ? opened : native.connect(host, port);
    return connected < 0 ? connected : native.longestDatagram();
  } finally {
    native.close();
  }
}

/** Whether this machine has an address. @returns 0 or errno */
export function checkOwnAddress(host: string): number {
  const native = new binding.UdpSocket();
  try {
    const opened = native.open(familyNumberOf(host), false);
    return opened < 0 ? opened : native.bind(host, 0);
  } finally {
    native.close();
  }
}
