/**
 * Keeps the packets of a loopback path small enough for the peer's window. They are of 64 KiB by
 * default, so that a window of unprivileged size holds three: what is lost or left over of so few
 * is only noticed by a timer.
 */
import type { SctpOptions } from '../../types/options';
import { binding } from '../binding';
import type { Link } from './link';
import { optionOf } from './options';
import type { Part } from './part';

/** Paths with smaller packets are left alone: every network's are. */
const LARGE = 16_384;
/** With what the kernel adds, a packet of this size just fits into 16 KiB of memory. */
const MODERATE = 15_800;
/** A window should hold so many packets. */
const PACKETS = 16;

export class PacketSize implements Part {
  readonly #link: Link;
  readonly #isChosen: boolean;

  constructor(link: Link, { peerAddrParams = {} }: SctpOptions) {
    this.#link = link;
    this.#isChosen = Boolean(peerAddrParams.pathMtu) || peerAddrParams.pmtudEnable === true;
  }

  onUp(): void {
    if (this.#isChosen) return;
    const { mtu, window } = this.#path();
    if (mtu < LARGE || window >= mtu * PACKETS) return;
    this.#link.setOption('peerAddrParams', {
      pathMtu: MODERATE,
      flags: binding.constants.SPP_PMTUD_DISABLE,
    });
  }

  /** The primary path's packet size, and the window that the peer has announced. */
  #path(): { mtu: number; window: number } {
    try {
      const { primary, rwnd } = optionOf(this.#link, 'status');
      return { mtu: primary.mtu, window: rwnd };
    } catch {
      return { mtu: 0, window: 0 }; // the association is over, which is yet to be reported
    }
  }
}
