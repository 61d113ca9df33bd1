/** 'stalled' and 'recovered', while somebody listens. */
import type { Life } from './life';
import type { Link } from './link';
import { optionOf } from './options';
import { isHeard, type Owner } from './owner';
import type { Part } from './part';
import { StallDetector } from './stall-detector';

export class StallWatch implements Part {
  readonly #link: Link;
  readonly #life: Life;
  readonly #owner: Owner;
  readonly #timeout: number;
  /** While somebody listens. */
  #detector: StallDetector | undefined;

  /** @param timeout ms; 0 never calls a peer stalled */
  constructor(link: Link, life: Life, owner: Owner, timeout: number) {
    this.#link = link;
    this.#life = life;
    this.#owner = owner;
    this.#timeout = timeout;
  }

  /** The kernel has taken a message of this length. */
  onAccepted(length: number): void {
    this.#detector?.onAccepted(length);
  }

  onSettled(): void {
    this.#update();
  }

  onListeners(event: string | symbol): void {
    if (event === 'stalled' || event === 'recovered') this.#update();
  }

  onDismissed(): void {
    this.#end();
  }

  onOver(): void {
    this.#end();
  }

  #update(): void {
    const isWanted = isHeard(this.#owner, 'stalled', 'recovered');
    if (!isWanted || this.#timeout === 0 || !this.#life.isUp || this.#owner.destroyed) {
      this.#end();
      return;
    }
    this.#detector ??= new StallDetector(
      this.#timeout,
      {
        unacknowledgedBytes: () => (this.#life.isUp ? this.#link.unacknowledgedBytes() : 0),
        peerWindow: () => this.#peerWindow(),
      },
      {
        onStalled: (info) => this.#owner.emit('stalled', info),
        onRecovered: () => this.#owner.emit('recovered'),
      },
    );
    this.#detector.begin();
  }

  #end(): void {
    this.#detector?.end();
    this.#detector = undefined;
  }

  #peerWindow(): { size: number; packet: number } | undefined {
    try {
      const { rwnd, fragmentationPoint } = optionOf(this.#link, 'status');
      return { size: rwnd, packet: fragmentationPoint };
    } catch {
      return undefined; // the association is over, which is yet to be reported
    }
  }
}
