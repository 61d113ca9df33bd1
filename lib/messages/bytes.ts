/** The bytes of a message, from any view on memory. */
import { byteLength } from '../validate';

/**
 * On the same memory, unless that can change its size: a message that waits must not become
 * shorter.
 */
export function toBuffer(view: ArrayBufferView): Buffer {
  // Perhaps on memory that is detached or has shrunk, where a DataView throws.
  if (byteLength(view) === 0) return Buffer.alloc(0);
  if (isResizable(view.buffer)) {
    return Buffer.from(new Uint8Array(view.buffer, view.byteOffset, byteLength(view)));
  }
  if (Buffer.isBuffer(view)) return view;
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** Of ES2024. */
function isResizable(memory: ArrayBufferLike): boolean {
  const { resizable, growable } = memory as { resizable?: boolean; growable?: boolean };
  return resizable === true || growable === true;
}
