/** Requests to reconfigure an association's streams (RFC 6525): one at a time, each to its answer. */
import { constants as os } from 'node:os';

import type { NativeNotification, NativeStreamSocket } from '../../../types/native';
import { binding } from '../../binding';
import { reconfigurationFailed, reconfigurationOver, reconfigurationRefused } from '../../errors';

const { SCTP_STREAM_RESET_INCOMING, SCTP_STREAM_RESET_OUTGOING } = binding.constants;
const { EAGAIN, EINPROGRESS } = os.errno;

/** How often to try again while the kernel has data on its way, or answers the peer, in ms. */
const RETRY_MS = 20;

type Answer = Extract<NativeNotification, { type: 'streamReset' | 'assocReset' | 'streamChange' }>;

interface Request {
  /** "reset streams" */
  readonly what: string;
  /** The switch of the option enableStreamReset that allows it. */
  readonly allowedBy: 'resetStreams' | 'resetAssoc' | 'changeAssoc';
  /** @returns 0 or negative errno */
  begin(native: NativeStreamSocket): number;
  isAnswer(answer: Answer): boolean;
}

export function resetRequest(direction: 'incoming' | 'outgoing', streams: number[]): Request {
  const flag = direction === 'incoming' ? SCTP_STREAM_RESET_INCOMING : SCTP_STREAM_RESET_OUTGOING;
  const list = String([...streams].sort());
  return {
    what: `reset ${direction} streams`,
    allowedBy: 'resetStreams',
    begin: (native) => native.resetStreams(flag, streams),
    isAnswer: (answer) =>
      answer.type === 'streamReset' &&
      answer[direction] &&
      String([...answer.streams].sort()) === list,
  };
}

export function addRequest(direction: 'incoming' | 'outgoing', count: number): Request {
  const [incoming, outgoing] = direction === 'incoming' ? [count, 0] : [0, count];
  return {
    what: `add ${direction} streams`,
    allowedBy: 'changeAssoc',
    begin: (native) => native.addStreams(incoming, outgoing),
    isAnswer: (answer) =>
      answer.type === 'streamChange' &&
      answer.inboundStreams === incoming &&
      answer.outboundStreams === outgoing,
  };
}

export const associationRequest: Request = {
  what: 'reset the association',
  allowedBy: 'resetAssoc',
  begin: (native) => native.resetAssociation(),
  isAnswer: (answer) => answer.type === 'assocReset',
};

interface Waiting {
  readonly request: Request;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Reconfiguration {
  readonly #native: NativeStreamSocket;
  readonly #onBusy: (busy: boolean) => void;
  readonly #queue: Waiting[] = [];
  /** The first in the queue has been sent. */
  #isSent = false;
  #retry: NodeJS.Timeout | undefined;

  /** @param onBusy answers are to be heard, or not any more */
  constructor(native: NativeStreamSocket, onBusy: (busy: boolean) => void) {
    this.#native = native;
    this.#onBusy = onBusy;
  }

  /** The kernel may know already what is yet to be read: then it has no association to tell of. */
  get #isOver(): boolean {
    return typeof this.#native.getOption('status', {}) === 'number';
  }

  /** @throws ERR_SCTP_RECONFIGURATION if nobody is there to be asked */
  checkNotOver(): void {
    if (this.#isOver) throw reconfigurationOver();
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
    const errno = first.request.begin(this.#native);
    if (errno === -EAGAIN || errno === -EINPROGRESS) {
      this.#retry = setTimeout(() => {
        this.#begin();
      }, RETRY_MS).unref();
    } else if (errno < 0) {
      this.#finish(({ request, reject }) => {
        reject(this.#isOver ? reconfigurationOver() : reconfigurationFailed(request, errno));
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
