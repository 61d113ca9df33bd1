/** What an association is given as soon as it is up. */
import type { SctpOptions } from '../../types/options';
import { constants } from '../constants';
import type { Link } from './link';

/** Paths with smaller packets are left alone: every network's are. */
const LARGE = 16_384;
/** With what the kernel adds, a packet of this size just fits into 16 KiB of memory. */
const MODERATE = 15_800;
/** A window should hold so many packets. */
const PACKETS = 16;
/** In milliseconds: long enough for a program to read what has filled its window. */
const SACK_DELAY = 20;

/** Gives it the receive buffer that its socket was asked to have: see setWindow. */
export function giveReceiveBuffer(link: Link, { rcvBuf }: SctpOptions): void {
  // Others share the buffer of a one-to-many socket, some of which have not begun.
  if (link.assocId !== undefined) return;
  // The kernel doubles what is set, and so would double what it had before.
  const value = rcvBuf ?? numberOf(link, 'rcvBuf');
  // From here on the window no longer follows the buffer.
  if (value !== undefined) link.setOption('rcvBuf', { value });
}

/**
 * On the loopback, where packets are of 64 KiB by default, a window of unprivileged size holds three:
 * what is lost or left over of so few is only noticed by a timer. So packets are kept small enough
 * for the peer's window.
 * @returns the length of packets as it was, if it is the loopback
 */
export function limitPackets(link: Link, { peerAddrParams = {} }: SctpOptions): number | undefined {
  const status = link.getOption('status', undefined, ['primaryMtu', 'rwnd']);
  if (typeof status === 'number') return undefined; // it is over, which was not reported yet
  const mtu = Number(status['primaryMtu']);
  if (mtu < LARGE) return undefined;
  const isSaid = Boolean(peerAddrParams.pathMtu) || Boolean(peerAddrParams.pmtudEnable);
  if (isSmall(Number(status['rwnd']), mtu) && !isSaid) {
    link.setOption('peerAddrParams', {
      pathMtu: MODERATE,
      flags: constants.SPP_PMTUD_DISABLE,
    });
  }
  return mtu;
}

/**
 * Limits packets, see above. A message that fills our window before it is whole still waits, with
 * every other message, until the last packet is acknowledged: that then takes less long. (Much less
 * would be too little for a program that computes meanwhile: once the sender knows that the window is
 * closed, it sends what is thrown away.)
 */
export function adaptToLoopback(link: Link, sctp: SctpOptions): void {
  const mtu = limitPackets(link, sctp);
  if (mtu === undefined) return;
  const { peerAddrParams: { sackDelay, sackDelayEnable } = {}, delayedSack } = sctp;
  if (delayedSack !== undefined || sackDelay || sackDelayEnable !== undefined) return;
  const own = link.getOption('assocInfo', undefined, ['localRwnd']);
  if (typeof own === 'number' || !isSmall(Number(own['localRwnd']), mtu)) return;
  const current = link.getOption('delayedSack');
  // It may have been set since, to less: 0 is none.
  if (typeof current === 'number' || Number(current['delay']) <= SACK_DELAY) return;
  link.setOption('delayedSack', { delay: SACK_DELAY });
}

const isSmall = (window: number, mtu: number): boolean => window < mtu * PACKETS;

function numberOf(link: Link, option: string): number | undefined {
  const values = link.getOption(option);
  return typeof values === 'number' ? undefined : Number(values['value']);
}
