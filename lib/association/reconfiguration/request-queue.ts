/** Requests to reconfigure an association's streams: one at a time, each to its answer. */
import { constants as os } from 'node:os';

import { reconfigurationFailed, reconfigurationOver, reconfigurationRefused } from '../../errors';
import type { Link } from '../link';
import type { Answer, Request } from './requests';

const { EAGAIN, EINPROGRESS } = os.errno;

/** How often to try again while the kernel has data on its way, or answers the peer, in ms. */
const RETRY_MS = 20;

/**
 * A peer that has a request of its own under way fails ours, and we fail its. Both try again, each
 * after a random time: at the same moment they would collide for ever.
 */
const TRIES = 10;
/** The longest an answer is taken to need, in ms. */
const SLOWEST_ANSWER = 1000;

interface Waiting {
  readonly request: Request;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** How often it has reached the peer. */
  tries: number;
}

export class RequestQueue {
  readonly #link: Link;
  readonly #onBusy: (busy: boolean) => void;
  readonly #queue: Waiting[] = [];
  /** The first in the queue has been sent. */
  #isSent = false;
  #sentAt = 0;
  #retry: NodeJS.Timeout | undefined;

  /** @param onBusy answers are wanted, or no longer */
  constructor(link: Link, onBusy: (busy: boolean) => void) {
    this.#link = link;
    this.#onBusy = onBusy;
  }

  /** @returns settled by the peer's answer */
  ask(request: Request): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject, tries: 0 });
      if (this.#queue.length > 1) return;
      this.#onBusy(true);
      this.#begin();
    });
  }

  /** @returns whether it is the answer to a request of ours, and not the peer's doing */
  onAnswer(answer: Answer): boolean {
    const [first] = this.#queue;
    if (!this.#isSent || !first?.request.isAnswer(answer)) return false;
    if (answer.denied) {
      this.#finish(({ request, reject }) => {
        reject(reconfigurationRefused(request, 'denied'));
      });
    } else if (!answer.failed) {
      this.#finish(({ resolve }) => {
        resolve();
      });
    } else if (first.tries < TRIES) {
      this.#isSent = false;
      this.#beginIn(backOff(first.tries, performance.now() - this.#sentAt));
    } else {
      this.#finish(({ request, reject }) => {
        reject(reconfigurationRefused(request, 'failed'));
      });
    }
    return true;
  }

  /** No answer will come any more. */
  fail(error: Error): void {
    clearTimeout(this.#retry);
    if (this.#queue.length === 0) return;
    this.#isSent = false;
    this.#onBusy(false);
    for (const { reject } of this.#queue.splice(0)) reject(error);
  }

  #begin(): void {
    const [first] = this.#queue;
    if (!first) return;
    const errno = first.request.begin(this.#link);
    if (errno === -EAGAIN || errno === -EINPROGRESS) {
      this.#beginIn(RETRY_MS);
    } else if (errno < 0) {
      this.#finish(({ request, reject }) => {
        reject(this.#link.isGone() ? reconfigurationOver() : reconfigurationFailed(request, errno));
      });
    } else {
      first.tries++;
      this.#isSent = true;
      this.#sentAt = performance.now();
    }
  }

  #beginIn(ms: number): void {
    this.#retry = setTimeout(() => {
      this.#begin();
    }, ms).unref();
  }

  #finish(settle: (waiting: Waiting) => void): void {
    const waiting = this.#queue.shift();
    this.#isSent = false;
    if (waiting) settle(waiting);
    if (this.#queue.length === 0) this.#onBusy(false);
    else this.#begin();
  }
}

/** As Ethernet does after a collision: a random part of a time that doubles, in round trips. */
function backOff(tries: number, roundTrip: number): number {
  const slot = Math.min(Math.max(roundTrip, RETRY_MS), SLOWEST_ANSWER);
  return Math.random() * slot * Math.min(2 ** tries, 16);
}
