/** What goes to a peer with an ABORT. */
import { constants as os } from 'node:os';

import type { NativeSeqpacketSocket } from '../../types/native';
import { invalidArgType, outOfRange } from '../errors';
import { toBuffer } from '../messages/bytes';
import { checkBytes } from '../validate';

const { EPIPE } = os.errno;

/** With the headers it goes into one IP packet. */
export const LONGEST_REASON = 65_000;

/** @throws TypeError, RangeError */
export function abortReason(reason: unknown): Uint8Array | undefined {
  if (reason === undefined) return undefined;
  if (typeof reason === 'string') return checkReason('reason', Buffer.from(reason));
  if (!ArrayBuffer.isView(reason)) {
    throw invalidArgType('reason', 'of type string or an ArrayBufferView', reason);
  }
  return checkReason('reason', toBuffer(checkBytes('reason', reason)));
}

/** @throws ERR_OUT_OF_RANGE */
export function checkReason(name: string, reason: Buffer): Buffer {
  const { length } = reason;
  if (length <= LONGEST_REASON) return reason;
  throw outOfRange(`${name}.length`, `<= ${String(LONGEST_REASON)} bytes for an ABORT`, length);
}

/**
 * Ends an association, whatever becomes of the reason: one that was not aborted would live on, and
 * its messages be acknowledged, with nobody to read them.
 *
 * @returns 0 or negative errno
 */
export function sendAbort(
  native: NativeSeqpacketSocket,
  assocId: number,
  reason: Uint8Array | undefined,
): number {
  const errno = native.abort(assocId, reason);
  const isDone = errno === 0 || errno === -EPIPE || reason === undefined;
  return isDone ? errno : native.abort(assocId);
}
