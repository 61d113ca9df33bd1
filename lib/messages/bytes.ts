/** The bytes of a message, from any view on memory. */
// The global is a getter, which costs as much as the rest of what is done for a message.
import { Buffer } from 'node:buffer';

import { byteLength } from '../validate';

/**
 * On the same memory, unless that can change its size: a message that waits must not become
 * shorter.
 */
export function toBuffer(view: ArrayBufferView): Buffer {
  // The usual case first: unlike `length`, V8 calls for `byteLength`.
  if (Buffer.isBuffer(view) && view.length > 0 && !isResizable(view.buffer)) return view;
  // Perhaps on memory that is detached or has shrunk, where a DataView throws.
  if (byteLength(view) === 0) return Buffer.alloc(0);
  if (isResizable(view.buffer)) {
    return Buffer.from(new Uint8Array(view.buffer, view.byteOffset, byteLength(view)));
  }
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** Resizable memory is of ES2024. To look for what is not there is slow: what has the one has not the other. */
function isResizable(memory: ArrayBufferLike): boolean {
  const { resizable } = memory as { resizable?: boolean };
  return resizable ?? (memory as { growable?: boolean }).growable ?? false;
}
