/** 'notification': what the kernel reports, for listeners. */
import type { NativeNotification } from '../../types/native-values';
import { isChosen, numbersOf } from '../notifications/choice';
import { toNotification } from '../notifications/notification';
import { isHeard } from './owner';
import type { Part, PartHost } from './part';

export class Notifier implements Part {
  readonly #host: PartHost;

  constructor(host: PartHost) {
    this.#host = host;
  }

  onSettled(): void {
    this.#subscribe();
  }

  onListeners(): void {
    this.#subscribe();
  }

  onNotification(notification: NativeNotification): void {
    const { owner, config } = this.#host;
    if (!isHeard(owner, 'notification')) return;
    if (!isChosen(config.notifications, notification.type)) return;
    owner.emit('notification', toNotification(notification));
  }

  /** While nobody listens only what our own state needs is asked for. */
  #subscribe(): void {
    const { owner, config, subscriptions } = this.#host;
    const types = isHeard(owner, 'notification') ? numbersOf(config.notifications) : [];
    subscriptions.set('notification', types);
  }
}
