/**
 * Small packets on the loopback, while long messages leave: those of 64 KiB are too few in the peer's
 * window, and what is lost or left over of so few is only noticed by a timer.
 *
 * Only then: Linux throws away a chunk that is longer than what is left of our window and one chunk
 * of ours together. Other programs send chunks of 64 KiB, which would hardly arrive.
 */
import type { SctpOptions } from '../../types/options';
import { constants } from '../constants';
import type { Link } from './link';

const { SPP_PMTUD_DISABLE, SPP_PMTUD_ENABLE } = constants;

/** With what the kernel adds, a packet of this size just fits into 16 KiB of memory. */
const MODERATE = 15_800;
/** In milliseconds, between two looks at whether all has been acknowledged: from the first on, twice as long. */
const FIRST_LOOK = 10;
const LAST_LOOK = 320;

type Packets = Pick<Link, 'getOption' | 'setOption' | 'unacknowledgedBytes'>;

/** Whether nothing is said of the length of packets. */
export function mayLimitPackets({ peerAddrParams = {} }: SctpOptions): boolean {
  return !peerAddrParams.pathMtu && peerAddrParams.pmtudEnable === undefined;
}

export class SmallPackets {
  readonly #link: Packets;
  /** While they are small. */
  #timer: NodeJS.Timeout | undefined;
  #wait = FIRST_LOOK;
  #isOver = false;

  constructor(link: Packets) {
    this.#link = link;
  }

  /** A long message is about to leave. */
  begin(): void {
    this.#wait = FIRST_LOOK;
    if (this.#timer !== undefined || this.#isOver || this.#areLimited()) return;
    const limit = { pathMtu: MODERATE, flags: SPP_PMTUD_DISABLE };
    if (this.#link.setOption('peerAddrParams', limit) < 0) return;
    this.#look();
  }

  /** Packets are as they were, from now on. */
  end(): void {
    this.#isOver = true;
    if (this.#timer !== undefined) this.#restore();
  }

  /** The association is over, or its Link is. */
  drop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Whether its user has limited them since. */
  #areLimited(): boolean {
    const current = this.#link.getOption('peerAddrParams', undefined, ['flags']);
    return typeof current === 'number' || (Number(current['flags']) & SPP_PMTUD_DISABLE) !== 0;
  }

  #look(): void {
    this.#timer = setTimeout(() => {
      if (this.#link.unacknowledgedBytes() > 0) this.#look();
      else this.#restore();
    }, this.#wait).unref();
    this.#wait = Math.min(this.#wait * 2, LAST_LOOK);
  }

  #restore(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const current = this.#link.getOption('peerAddrParams', undefined, ['pathMtu']);
    // Its user may have set another meanwhile.
    if (typeof current === 'number' || Number(current['pathMtu']) !== MODERATE) return;
    this.#link.setOption('peerAddrParams', { flags: SPP_PMTUD_ENABLE });
  }
}
