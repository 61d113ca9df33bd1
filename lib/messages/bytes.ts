/** The bytes of a message, from any view on memory. */
import { byteLength } from '../validate';

/** On the same memory. */
export function toBuffer(view: ArrayBufferView): Buffer {
  if (Buffer.isBuffer(view)) return view;
  if (byteLength(view) === 0) return Buffer.alloc(0); // perhaps on detached memory
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
