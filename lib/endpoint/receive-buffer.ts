/**
 * The receive buffer that the associations of one descriptor share, and their windows. How large a
 * window is follows from the buffer at the moment an association begins: so that is smaller while
 * one may begin and nothing needs it, which is before the first, and while we begin one.
 */
import type { NativeSocket } from '../../types/native';
import { getOption } from '../options/options';
import { setWindow, windowOf } from '../options/receive-window';

export class ReceiveBuffer {
  readonly #native: NativeSocket;
  #size: number;
  #isNarrow = true;

  /** @param native open, with its options set, and nothing that may set up an association yet */
  constructor(native: NativeSocket) {
    this.#native = native;
    this.#size = getOption(native, 'rcvBuf');
    setWindow(native, { engine: 'kernel' });
  }

  /** In bytes, as the kernel counts: that of associations which are up. */
  get size(): number {
    return this.#size;
  }

  /** There is an association: its window no longer follows the buffer. */
  widen(): void {
    if (!this.#isNarrow) return;
    this.#isNarrow = false;
    this.#set(Math.ceil(this.#size / 2));
    // Less, if the process has lost the privilege for so much since.
    this.#size = getOption(this.#native, 'rcvBuf');
  }

  /** There is none. */
  narrow(): void {
    if (this.#isNarrow) return;
    this.#isNarrow = true;
    this.#set(windowOf(this.#size));
  }

  /** @param begin what sets up an association */
  whileNarrow<Result>(begin: () => Result): Result {
    const wasNarrow = this.#isNarrow;
    this.narrow();
    try {
      return begin();
    } finally {
      if (!wasNarrow) this.widen();
    }
  }

  /** @param set what sets an option: the size itself, or one that is bounded by it */
  whileWide(set: () => void): void {
    const wasNarrow = this.#isNarrow;
    this.widen();
    try {
      set();
    } finally {
      this.#size = getOption(this.#native, 'rcvBuf');
      if (wasNarrow) this.narrow();
    }
  }

  /** The kernel doubles what is set. */
  #set(value: number): void {
    this.#native.setOption('rcvBuf', { value });
  }
}
