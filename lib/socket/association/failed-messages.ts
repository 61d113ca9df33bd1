/** Puts undelivered messages together, of which the kernel reports every fragment. */
import type { NativeNotification } from '../../../types/native';
import { causeName } from '../../causes';
import { sendFailed } from '../../errors';

type SendFailed = Extract<NativeNotification, { type: 'sendFailed' }>;

export class FailedMessages {
  /** By stream: their messages may come in turns. */
  readonly #begun = new Map<string, Buffer[]>();

  /** @returns what makes the error for a message, if this was its last fragment */
  add(notification: SendFailed): (() => Error) | undefined {
    const { firstFragment, lastFragment, data, error, ...about } = notification;
    const { sid, ppid, context, unordered, sent } = about;
    const stream = `${String(sid)} ${String(unordered)}`;
    const fragments = firstFragment ? [] : (this.#begun.get(stream) ?? []);
    fragments.push(data);
    if (!lastFragment) {
      this.#begun.set(stream, fragments);
      return undefined;
    }
    this.#begun.delete(stream);
    return () => {
      const message = { data: Buffer.concat(fragments), sid, ppid, context, unordered, sent };
      return sendFailed(message, error === 0 ? '' : causeName(error));
    };
  }
}
