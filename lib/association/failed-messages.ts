/** Reassembles undelivered messages, which the kernel reports fragment by fragment. */
import type { NativeNotification } from '../../types/native-values';
import type { SendFailedError } from '../../types/association';
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
  /** By association, then by stream: fragments of different messages may alternate. */
  readonly #unfinished = new Map<number, Map<string, Buffer[]>>();

  /** @returns the message, if this was its last fragment */
  add(notification: NativeSendFailed): FailedMessage | undefined {
    const { firstFragment, lastFragment, data, error, assocId, ...about } = notification;
    const { sid, ppid, context, unordered, sent } = about;
    const stream = `${String(sid)} ${String(unordered)}`;
    const unfinished = this.#unfinished.get(assocId);
    const fragments = firstFragment ? [] : (unfinished?.get(stream) ?? []);
    fragments.push(data);
    if (!lastFragment) {
      if (unfinished) unfinished.set(stream, fragments);
      else this.#unfinished.set(assocId, new Map([[stream, fragments]]));
      return undefined;
    }
    unfinished?.delete(stream);
    if (unfinished?.size === 0) this.#unfinished.delete(assocId);
    return {
      ...{ sid, ppid, context, unordered, sent },
      length: fragments.reduce((sum, fragment) => sum + fragment.length, 0),
      why: error === 0 ? '' : causeName(error),
      data: () => Buffer.concat(fragments),
    };
  }

  /** The association is over: what has not come of its messages never will. */
  forget(assocId: number): void {
    this.#unfinished.delete(assocId);
  }
}

export function failedMessageError(failed: FailedMessage): SendFailedError {
  const { sid, ppid, context, unordered, sent, why } = failed;
  return sendFailed({ data: failed.data(), sid, ppid, context, unordered, sent }, why);
}
