/**
 * Notices a peer that lives but takes nothing: its window stays closed, and the association would
 * wait for ever. The kernel does not report that, so this looks, as long as something waits.
 */
import type { StallInfo } from '../../types/socket';

/** In how many parts the time is looked at: a stall is reported that much late, at most. */
const LOOKS = 4;
/** What the kernel counts for a message beside its length is more than this. */
const OVERHEAD = 512;

export interface StallSource {
  /** What the peer has not acknowledged, with the kernel's overhead; or negative errno. */
  unacknowledgedBytes(): number;
  /** The peer's window, and what is too little for a packet. Nothing without an association. */
  peerWindow(): { size: number; packet: number } | undefined;
}

export interface StallEvents {
  onStalled(info: StallInfo): void;
  onRecovered(): void;
}

export class StallDetector {
  readonly #timeout: number;
  readonly #source: StallSource;
  readonly #events: StallEvents;
  #timer: NodeJS.Timeout | undefined;
  /** At the last look, and the least that was added since then. */
  #unacknowledged = 0;
  #added = 0;
  #looksInVain = 0;
  #isStalled = false;

  /** @param timeout ms, more than 0 */
  constructor(timeout: number, source: StallSource, events: StallEvents) {
    this.#timeout = timeout;
    this.#source = source;
    this.#events = events;
  }

  /** Begins to look, if something waits for the peer. */
  begin(): void {
    if (this.#timer !== undefined) return;
    this.#unacknowledged = this.#source.unacknowledgedBytes();
    if (this.#unacknowledged <= 0) return;
    this.#added = 0;
    this.#looksInVain = 0;
    // Whether the process lives on is for the socket to say.
    this.#timer = setInterval(() => {
      this.#look();
    }, this.#timeout / LOOKS).unref();
  }

  /** The kernel has taken a message of this length. */
  onAccepted(length: number): void {
    this.#added += length + OVERHEAD;
    this.begin();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#isStalled = false;
  }

  #look(): void {
    const unacknowledged = this.#source.unacknowledgedBytes();
    const window = this.#source.peerWindow();
    const wasStalled = this.#isStalled;
    const hasMoved = unacknowledged < this.#unacknowledged + this.#added;
    this.#unacknowledged = unacknowledged;
    this.#added = 0;
    if (!window || unacknowledged <= 0) this.end();
    if (hasMoved || !window) {
      this.#looksInVain = 0;
      this.#isStalled = false;
      if (wasStalled && window) this.#events.onRecovered();
      return;
    }
    // With room at the peer it is the path that fails, which the kernel sees to.
    this.#looksInVain = window.size < window.packet ? this.#looksInVain + 1 : 0;
    if (wasStalled || this.#looksInVain < LOOKS) return;
    this.#isStalled = true;
    this.#events.onStalled({
      duration: this.#timeout,
      unacknowledgedBytes: unacknowledged,
      peerWindow: window.size,
    });
  }
}
