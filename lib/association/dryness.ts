/** Waits until the peer has acknowledged everything (SCTP_SENDER_DRY_EVENT, RFC 6458 §6.1.9). */
import type { NativeNotification } from '../../types/native-values';
import { constants } from '../constants';
import { peerRestarted, systemError } from '../errors';
import { isRestart } from '../notifications/names';
import type { Link } from './link';
import type { Part } from './part';
import type { Subscriptions } from './subscriptions';

const { SCTP_SENDER_DRY_EVENT } = constants;

const POLL_MS = 50;

interface Waiter {
  resolve: () => void;
  reject: (error: Error) => void;
}

export class Dryness implements Part {
  readonly #link: Pick<Link, 'unacknowledgedBytes' | 'isGone'>;
  readonly #subscriptions: Subscriptions;
  readonly #waiters: Waiter[] = [];
  #restarts = 0;
  /** Polls, since the notification may be queued behind messages that nobody reads. */
  #poll: NodeJS.Timeout | undefined;

  constructor(link: Pick<Link, 'unacknowledgedBytes' | 'isGone'>, subscriptions: Subscriptions) {
    this.#link = link;
    this.#subscriptions = subscriptions;
  }

  /** How often the peer has restarted: what was unacknowledged then never will be acknowledged. */
  get restarts(): number {
    return this.#restarts;
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      // Each subscription of a socket that is dry already is answered at once.
      const error = this.#subscriptions.renew('dry', [SCTP_SENDER_DRY_EVENT]);
      if (error < 0) this.fail(systemError('setsockopt', error));
      else
        this.#poll ??= setInterval(() => {
          this.onSenderDry();
        }, POLL_MS).unref();
    });
  }

  onNotification(notification: NativeNotification): void {
    if (notification.type === 'senderDry') this.onSenderDry();
    if (!isRestart(notification)) return;
    this.#restarts++;
    this.fail(peerRestarted());
  }

  /** The kernel reports that everything was acknowledged, as of when it queued the report. */
  onSenderDry(): void {
    if (this.#waiters.length === 0 || this.#link.unacknowledgedBytes() > 0) return;
    // An association that is over has nothing unacknowledged either: how it ended comes later.
    if (this.#link.isGone()) return;
    this.#subscriptions.set('dry', []);
    this.settle();
  }

  /** Everything was acknowledged: the association has ended in order. */
  settle(): void {
    this.#stopLooking();
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  fail(error: Error): void {
    this.#stopLooking();
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }

  #stopLooking(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}
