/** Puts undelivered messages together, of which the kernel reports every fragment. */
import type { NativeNotification } from '../../types/native';
import type { SendFailedError } from '../../types/socket';
import { causeName } from '../causes';
import { sendFailed } from '../errors';

export type NativeSendFailed = Extract<NativeNotification, { type: 'sendFailed' }>;

export interface FailedMessage extends Omit<SendFailedError, keyof Error | 'code' | 'data'> {
  /** In bytes. */
  readonly length: number;
  /** Names the kernel's reason; empty if it has none. */
  readonly why: string;
  /** The whole message. */
  data(): Buffer;
}

export class FailedMessages {
  /** By association, then by stream: their messages may come in turns. */
  readonly #begun = new Map<number, Map<string, Buffer[]>>();

  /** @returns the message, if this was its last fragment */
  add(notification: NativeSendFailed): FailedMessage | undefined {
    const { firstFragment, lastFragment, data, error, assocId, ...about } = notification;
    const { sid, ppid, context, unordered, sent } = about;
    const stream = `${String(sid)} ${String(unordered)}`;
    const begun = this.#begun.get(assocId);
    const fragments = firstFragment ? [] : (begun?.get(stream) ?? []);
    fragments.push(data);
    if (!lastFragment) {
      if (begun) begun.set(stream, fragments);
      else this.#begun.set(assocId, new Map([[stream, fragments]]));
      return undefined;
    }
    begun?.delete(stream);
    if (begun?.size === 0) this.#begun.delete(assocId);
    return {
      ...{ sid, ppid, context, unordered, sent },
      length: fragments.reduce((sum, fragment) => sum + fragment.length, 0),
      why: error === 0 ? '' : causeName(error),
      data: () => Buffer.concat(fragments),
    };
  }

  /** The association is over: what has not come of its messages never will. */
  forget(assocId: number): void {
    this.#begun.delete(assocId);
  }
}

export function failedMessageError(failed: FailedMessage): Error {
  const { sid, ppid, context, unordered, sent, why } = failed;
  return sendFailed({ data: failed.data(), sid, ppid, context, unordered, sent }, why);
}
