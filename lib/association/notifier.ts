/** 'notification': what the kernel reports, for listeners. */
import type { NativeNotification } from '../../types/native-values';
import { isChosen, type NotificationChoice, numbersOf } from '../notifications/choice';
import { toNotification } from '../notifications/notification';
import { isHeard, type Owner } from './owner';
import type { Part } from './part';
import type { Subscriptions } from './subscriptions';

export class Notifier implements Part {
  readonly #owner: Owner;
  readonly #choice: NotificationChoice;
  readonly #subscriptions: Subscriptions;

  constructor(owner: Owner, choice: NotificationChoice, subscriptions: Subscriptions) {
    this.#owner = owner;
    this.#choice = choice;
    this.#subscriptions = subscriptions;
  }

  onSettled(): void {
    this.#subscribe();
  }

  onListeners(event: string | symbol): void {
    if (event === 'notification') this.#subscribe();
  }

  onNotification(notification: NativeNotification): void {
    if (!isHeard(this.#owner, 'notification')) return;
    if (!isChosen(this.#choice, notification.type)) return;
    this.#owner.emit('notification', toNotification(notification));
  }

  /** While nobody listens only what our own state needs is asked for. */
  #subscribe(): void {
    const types = isHeard(this.#owner, 'notification') ? numbersOf(this.#choice) : [];
    this.#subscriptions.set('notification', types);
  }
}
