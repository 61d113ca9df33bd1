/** Adds to the stream of an association what its kernel tells of it: 'notification', 'sendFailed'. */
import type { NativeNotification } from '../../types/native';
import { toNotification } from '../notifications/notification';
import { FailedMessages } from './failed-messages';
import * as hooks from './hooks';
import { OptionStream } from './option-stream';

export abstract class NotifyingStream extends OptionStream {
  readonly #failedMessages = new FailedMessages();

  protected override [hooks.onNotification](notification: NativeNotification): void {
    super[hooks.onNotification](notification);
    if (notification.type === 'sendFailed') {
      const failed = this.#failedMessages.add(notification);
      if (failed) this.emit('sendFailed', failed);
    }
    if (this.listenerCount('notification') > 0) {
      this.emit('notification', toNotification(notification));
    }
  }
}
