/** Reassembles undelivered messages, which the kernel reports fragment by fragment. */
import type { NativeNotification } from '../../types/native';
import type { SendFailedError } from '../../types/socket';
import { causeName } from '../causes';
import { sendFailed } from '../errors';

export type NativeSendFailed = Extract<NativeNotification, { type: 'sendFailed' }>;

export interface FailedMessage extends Omit<SendFailedError, keyof Error | 'code'> {
  /** Names the kernel's reason; empty if it has none. */
  readonly why: string;
}

export class FailedMessages {
  /** By association and stream: fragments of different messages may alternate. */
  readonly #unfinished = new Map<string, Buffer[]>();

  /** @returns the message, if this was its last fragment */
  add(notification: NativeSendFailed): (() => FailedMessage) | undefined {
    const { firstFragment, lastFragment, data, error, assocId, ...about } = notification;
    const { sid, ppid, context, unordered, sent } = about;
    const source = `${String(assocId)} ${String(sid)} ${String(unordered)}`;
    const fragments = firstFragment ? [] : (this.#unfinished.get(source) ?? []);
    fragments.push(data);
    if (!lastFragment) {
      this.#unfinished.set(source, fragments);
      return undefined;
    }
    this.#unfinished.delete(source);
    return () => ({
      data: Buffer.concat(fragments),
      ...{ sid, ppid, context, unordered, sent },
      why: error === 0 ? '' : causeName(error),
    });
  }
}

export function failedMessageError({ why, ...message }: FailedMessage): Error {
  return sendFailed(message, why);
}
