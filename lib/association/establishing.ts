/** What an association is given as soon as it is up. */
import type { SctpOptions } from '../../types/options';
import type { Link } from './link';
import { mayLimitPackets, SmallPackets } from './small-packets';

/** Paths with smaller packets are left alone: every network's are. */
const LARGE = 16_384;
/** A window should hold so many packets. */
const PACKETS = 16;
/** In milliseconds: long enough for a program to read what has filled its window. */
const SACK_DELAY = 20;

/** Gives it the receive buffer that its socket was asked to have: see setWindow. */
export function giveReceiveBuffer(link: Link, { rcvBuf }: SctpOptions): void {
  // Others share the buffer of a one-to-many socket, some of which have not begun.
  if (link.assocId !== undefined) return;
  // The kernel doubles what is set, and so would double what it had before.
  const value = rcvBuf ?? link.getNumber('rcvBuf', 'value');
  // From here on the window no longer follows the buffer.
  if (value >= 0) link.setOption('rcvBuf', { value });
}

/**
 * On the loopback, where packets are of 64 KiB by default, a window of unprivileged size holds one.
 * @returns what keeps packets smaller where the peer's window is of that size
 */
export function adaptToLoopback(link: Link, sctp: SctpOptions): SmallPackets | undefined {
  const mtu = link.getNumber('status', 'primaryMtu');
  if (mtu < LARGE) return undefined; // or it is over, which was not reported yet
  const window = link.getNumber('assocInfo', 'localRwnd');
  if (window < 0) return undefined;
  const isSmall = (bytes: number): boolean => bytes < mtu * PACKETS;
  if (isSmall(window)) acknowledgeSooner(link, sctp);
  // Where not even one packet of the peer's fits into our window, none would be accepted meanwhile.
  if (window < mtu || !mayLimitPackets(sctp)) return undefined;
  const room = link.getNumber('status', 'rwnd');
  return room >= 0 && isSmall(room) ? new SmallPackets(link) : undefined;
}

/**
 * A message that fills our window before it is whole waits, with every other message, until the last
 * packet is acknowledged: that then takes less long. (Much less would be too little for a program that
 * computes meanwhile: once the sender knows that the window is closed, it sends what is thrown away.)
 */
function acknowledgeSooner(link: Link, { peerAddrParams = {}, delayedSack }: SctpOptions): void {
  const { sackDelay, sackDelayEnable } = peerAddrParams;
  if (delayedSack !== undefined || sackDelay || sackDelayEnable !== undefined) return;
  // It may have been set since, to less: 0 is none.
  if (link.getNumber('delayedSack', 'delay') <= SACK_DELAY) return;
  link.setOption('delayedSack', { delay: SACK_DELAY });
}
