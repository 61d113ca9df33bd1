/**
 * Detects an association whose peer acknowledges nothing: one that reads nothing, or a path that
 * lets heartbeats through and loses data. The kernel may wait for ever and report neither, so this
 * polls, as long as something waits.
 */
import type { StallInfo } from '../../types/association';
import type { Progress } from './progress';

/** Polls per timeout: a stall is reported at most one interval late. */
const POLLS = 4;

export interface StallEvents {
  onStalled(info: StallInfo): void;
  onRecovered(): void;
}

export class StallDetector {
  readonly #timeout: number;
  readonly #progress: () => Progress | undefined;
  readonly #events: StallEvents;
  #timer: NodeJS.Timeout | undefined;
  /** At the last poll. */
  #acknowledged = 0;
  #idlePolls = 0;
  #isStalled = false;

  /**
   * @param timeout ms, more than 0
   * @param progress returns nothing once there is no association
   */
  constructor(timeout: number, progress: () => Progress | undefined, events: StallEvents) {
    this.#timeout = timeout;
    this.#progress = progress;
    this.#events = events;
  }

  /** Begins to look, if something waits for the peer. */
  begin(): void {
    if (this.#timer !== undefined) return;
    const progress = this.#progress();
    if (!progress || progress.unacknowledgedBytes <= 0) return;
    this.#acknowledged = progress.acknowledged;
    this.#idlePolls = 0;
    // It is the socket that keeps the process alive.
    this.#timer = setInterval(() => {
      this.#poll();
    }, this.#timeout / POLLS).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#isStalled = false;
  }

  #poll(): void {
    const progress = this.#progress();
    const wasStalled = this.#isStalled;
    if (!progress) {
      this.end();
      return;
    }
    const { acknowledged, underWay, unacknowledgedBytes, peerWindow } = progress;
    const isDone = unacknowledgedBytes <= 0; // acknowledged, or given up for its lifetime
    // Whatever the difference: after a restart the count may be lower. And on a shared descriptor
    // the bytes are known to be acknowledged only later.
    const hasMoved = isDone || underWay === 0 || acknowledged !== this.#acknowledged;
    this.#acknowledged = acknowledged;
    if (isDone) this.end();
    if (hasMoved) {
      this.#idlePolls = 0;
      this.#isStalled = false;
      if (wasStalled) this.#events.onRecovered();
      return;
    }
    this.#idlePolls++;
    if (wasStalled || this.#idlePolls < POLLS) return;
    this.#isStalled = true;
    this.#events.onStalled({ duration: this.#timeout, unacknowledgedBytes, peerWindow });
  }
}
