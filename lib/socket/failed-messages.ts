/** Puts undelivered messages together, of which the kernel reports every fragment. */
import type { NativeNotification } from '../../types/native';
import { causeName } from '../causes';
import { sendFailed } from '../errors';

type SendFailed = Extract<NativeNotification, { type: 'sendFailed' }>;

export class FailedMessages {
  #fragments: Buffer[] = [];

  /** @returns the error for a message whose last fragment this was */
  add(notification: SendFailed): Error | undefined {
    const { firstFragment, lastFragment, data, error, sid, ppid, context, unordered, sent } =
      notification;
    if (firstFragment) this.#fragments = [];
    this.#fragments.push(data);
    if (!lastFragment) return undefined;
    const message = { data: Buffer.concat(this.#fragments), sid, ppid, context, unordered, sent };
    this.#fragments = [];
    return sendFailed(message, error === 0 ? '' : causeName(error));
  }
}
