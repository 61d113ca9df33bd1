/** Requests to reconfigure an association's streams: one at a time, each to its answer. */
import { constants as os } from 'node:os';

import { reconfigurationFailed, reconfigurationOver, reconfigurationRefused } from '../../errors';
import type { Link } from '../link';
import type { Answer, Request } from './requests';

const { EAGAIN, EINPROGRESS } = os.errno;

/** How often to try again while the kernel has data on its way, or answers the peer, in ms. */
const RETRY_MS = 20;

interface Waiting {
  readonly request: Request;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class RequestQueue {
  readonly #link: Link;
  readonly #onBusy: (busy: boolean) => void;
  readonly #queue: Waiting[] = [];
  /** The first in the queue has been sent. */
  #isSent = false;
  #retry: NodeJS.Timeout | undefined;

  /** @param onBusy answers are wanted, or no longer */
  constructor(link: Link, onBusy: (busy: boolean) => void) {
    this.#link = link;
    this.#onBusy = onBusy;
  }

  /** @returns settled by the peer's answer */
  ask(request: Request): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      if (this.#queue.length > 1) return;
      this.#onBusy(true);
      this.#begin();
    });
  }

  /** @returns whether it is the answer to a request of ours, and not the peer's doing */
  onAnswer(answer: Answer): boolean {
    const [first] = this.#queue;
    if (!this.#isSent || !first?.request.isAnswer(answer)) return false;
    const { denied, failed } = answer;
    if (denied || failed) {
      this.#finish((waiting) => {
        waiting.reject(reconfigurationRefused(first.request, denied ? 'denied' : 'failed'));
      });
    } else {
      this.#finish(({ resolve }) => {
        resolve();
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
      this.#retry = setTimeout(() => {
        this.#begin();
      }, RETRY_MS).unref();
    } else if (errno < 0) {
      this.#finish(({ request, reject }) => {
        reject(this.#link.isGone() ? reconfigurationOver() : reconfigurationFailed(request, errno));
      });
    } else {
      this.#isSent = true;
    }
  }

  #finish(settle: (waiting: Waiting) => void): void {
    const waiting = this.#queue.shift();
    this.#isSent = false;
    if (waiting) settle(waiting);
    if (this.#queue.length === 0) this.#onBusy(false);
    else this.#begin();
  }
}
