/**
 * Detects a peer that is alive but reads nothing: its window stays closed, and the association
 * would wait forever. The kernel does not report that, so this polls, as long as something waits.
 */
import type { StallInfo } from '../../types/socket';

/** Polls per timeout: a stall is reported at most one interval late. */
const LOOKS = 4;
/** Less than what the kernel counts for a message beside its length. */
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
  #idleLooks = 0;
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
    this.#idleLooks = 0;
    // It is the socket that keeps the process alive.
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
      this.#idleLooks = 0;
      this.#isStalled = false;
      if (wasStalled && window) this.#events.onRecovered();
      return;
    }
    // If the peer has room it is the path that fails, which the kernel handles.
    this.#idleLooks = window.size < window.packet ? this.#idleLooks + 1 : 0;
    if (wasStalled || this.#idleLooks < LOOKS) return;
    this.#isStalled = true;
    this.#events.onStalled({
      duration: this.#timeout,
      unacknowledgedBytes: unacknowledged,
      peerWindow: window.size,
    });
  }
}
