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
 * Keeps the packets of a loopback path small enough for the peer's window. They are of 64 KiB by
 * default, so that a window of unprivileged size holds three: what is lost or left over of so few
 * is only noticed by a timer.
 */
export function moderatePackets(link: Link, { peerAddrParams = {} }: SctpOptions): void {
  if (peerAddrParams.pathMtu || peerAddrParams.pmtudEnable) return;
  const status = link.getOption('status', undefined, ['primaryMtu', 'rwnd']);
  if (typeof status === 'number') return; // it is over, which was not reported yet
  const mtu = Number(status['primaryMtu']);
  if (mtu < LARGE || Number(status['rwnd']) >= mtu * PACKETS) return;
  link.setOption('peerAddrParams', {
    pathMtu: MODERATE,
    flags: constants.SPP_PMTUD_DISABLE,
  });
}

function numberOf(link: Link, option: string): number | undefined {
  const values = link.getOption(option);
  return typeof values === 'number' ? undefined : Number(values['value']);
}
