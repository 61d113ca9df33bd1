/** What goes to a peer with an ABORT. */
import { invalidArgType } from '../errors';
import { toBuffer } from '../messages/bytes';
import { checkBytes } from '../validate';

export function abortReason(reason: unknown): Uint8Array | undefined {
  if (reason === undefined) return undefined;
  if (typeof reason === 'string') return Buffer.from(reason);
  if (!ArrayBuffer.isView(reason)) {
    throw invalidArgType('reason', 'of type string or an ArrayBufferView', reason);
  }
  return toBuffer(checkBytes('reason', reason));
}
