/** Adds to the stream of an association what its kernel tells of it. */
import type { NativeNotification } from '../../../types/native';
import { peerRestarted } from '../../errors';
import { isChosen, numbersOf } from '../../notifications/choice';
import { isRestart } from '../../notifications/names';
import { toNotification } from '../../notifications/notification';
import { FailedMessages } from '../association/failed-messages';
import * as hooks from '../hooks';
import { OptionStream } from './option-stream';

type OfType<Type> = Extract<NativeNotification, { type: Type }>;

export abstract class NotifyingStream extends OptionStream {
  readonly #failedMessages = new FailedMessages();
  /** Messages have failed since the last notification of another kind, and nobody was told. */
  #hasUntoldLoss = false;

  protected override [hooks.onSettled](): void {
    this.#subscribe();
    super[hooks.onSettled]();
  }

  protected override [hooks.onListeners](event: string | symbol): void {
    super[hooks.onListeners](event);
    if (event === 'notification') this.#subscribe();
  }

  protected override [hooks.onNotification](notification: NativeNotification): void {
    super[hooks.onNotification](notification);
    try {
      if (notification.type === 'sendFailed') this.#onSendFailed(notification);
      this.#tell(notification);
    } finally {
      // Whatever a listener throws, the messages of a former association must not leave now.
      if (isRestart(notification)) this.#onRestart(notification);
      if (notification.type !== 'sendFailed') this.#hasUntoldLoss = false;
    }
  }

  #onSendFailed(notification: OfType<'sendFailed'>): void {
    const failed = this.#failedMessages.add(notification);
    if (failed === undefined) return;
    if (this.listenerCount('sendFailed') > 0) this.emit('sendFailed', failed());
    else this.#hasUntoldLoss = true;
  }

  #onRestart({ outboundStreams, inboundStreams }: OfType<'assocChange'>): void {
    if (this.destroyed) return;
    const isHeard = ['restart', 'notification'].some((event) => this.listenerCount(event) > 0);
    const hasWaiting = this.writableLength > 0 && this.listenerCount('sendFailed') === 0;
    const error = peerRestarted();
    this[hooks.failWritten](error);
    this.emit('restart', { outboundStreams, inboundStreams });
    if (isHeard || (!this.#hasUntoldLoss && !hasWaiting)) return;
    this[hooks.whenRead](() => this.destroy(error));
  }

  #tell(notification: NativeNotification): void {
    if (this.listenerCount('notification') === 0) return;
    if (!isChosen(this[hooks.config].notifications, notification.type)) return;
    this.emit('notification', toNotification(notification));
  }

  /** While nobody listens only what our own state needs is asked for. */
  #subscribe(): void {
    const isListened = this.listenerCount('notification') > 0;
    const types = isListened ? numbersOf(this[hooks.config].notifications) : [];
    this[hooks.subscriptions]?.set('notification', types);
  }
}
