/**
 * Small packets on the loopback, while long messages leave: those of 64 KiB are too few in the peer's
 * window, and what is lost or left over of so few is only noticed by a timer.
 *
 * Only then: Linux throws away a chunk that is longer than what is left of our window and one chunk
 * of ours together. Other programs send chunks of 64 KiB, which would hardly arrive.
 */
import type { PeerAddrParams, SctpOptions } from '../../types/options';
import { constants } from '../constants';
import type { Link } from './link';

const { SPP_PMTUD_DISABLE, SPP_PMTUD_ENABLE } = constants;

/** With what the kernel adds, a packet of this size just fits into 16 KiB of memory. */
const MODERATE = 15_800;
/**
 * In milliseconds, between two looks at whether all has been acknowledged: each is twice the one
 * before. After the last, packets are as they were in any case: of steady traffic something is always
 * on its way.
 */
const FIRST_LOOK = 10;
const LAST_LOOK = 320;

type Packets = Pick<Link, 'getOption' | 'getNumber' | 'setOption'>;

/** Whether nothing is said of the length of packets, nor depends on it. */
export function mayLimitPackets(sctp: SctpOptions): boolean {
  return !Object.entries(sctp).some(([name, value]) => concernsLength(name, value));
}

function concernsLength(name: string, value: unknown): boolean {
  if (name === 'plpmtudProbeInterval') return value !== undefined;
  if (name === 'disableFragments') return value === true;
  if (name !== 'peerAddrParams' || typeof value !== 'object' || value === null) return false;
  const { pathMtu, pmtudEnable } = value as Partial<PeerAddrParams>;
  return Boolean(pathMtu) || pmtudEnable !== undefined;
}

/** Whoever closes the Link drops it. */
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
    if (this.#timer !== undefined || this.#isOver || !this.#areLong()) return;
    const limit = { pathMtu: MODERATE, flags: SPP_PMTUD_DISABLE };
    if (this.#link.setOption('peerAddrParams', limit) < 0) return;
    this.#look();
  }

  /** Its user reads an option, and is to see what was said. */
  beforeOptionRead(name: string): void {
    if (name === 'peerAddrParams') this.#restore();
  }

  /** Its user sets an option: what that says of the length of packets holds from now on. */
  beforeOptionSet(name: string, value: unknown): void {
    if (concernsLength(name, value)) this.end();
  }

  /** Packets are as they were, from now on. */
  end(): void {
    this.#isOver = true;
    this.#restore();
  }

  /** The association is over, or its Link is. */
  drop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Those of the path with the shortest, of several; and nobody else has limited them. */
  #areLong(): boolean {
    const current = this.#link.getOption('peerAddrParams', undefined, ['flags', 'pathMtu']);
    if (typeof current === 'number') return false;
    if ((Number(current['flags']) & SPP_PMTUD_DISABLE) !== 0) return false;
    if (Number(current['pathMtu']) <= MODERATE) return false;
    return this.#link.getNumber('disableFragments', 'value') === 0;
  }

  #look(): void {
    const wait = this.#wait;
    this.#wait = wait * 2;
    this.#timer = setTimeout(() => {
      if (wait < LAST_LOOK && this.#link.getNumber('status', 'unackData') > 0) this.#look();
      else this.#restore();
    }, wait).unref();
  }

  #restore(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#link.setOption('peerAddrParams', { flags: SPP_PMTUD_ENABLE });
  }
}
