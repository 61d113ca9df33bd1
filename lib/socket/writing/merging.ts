/**
 * Byte streams (`byteStream: true`): what is written becomes messages of up to 64 KiB, whatever the
 * chunks were. The first chunk of a tick leaves at once; small ones that follow it within the tick
 * are collected, and leave with the tick or as soon as they fill a message.
 */
import { TickHold } from '../../association/tick-hold';

/**
 * The longest message. A bit less than 64 KiB: with its headers it fits into one packet of the
 * loopback, where longer ones run at half the speed.
 */
export const LONGEST_MERGED = 63 * 1024;

/** Longer chunks are sent at once: copying them costs more than it saves. */
const LONGEST_COLLECTED = 16 * 1024;

/** Buffers to collect in: as many as there are sockets that write within one tick. */
const MOST_SPARE = 16;
const spare: Buffer[] = [];

/** Chunks as messages of up to `longest` bytes. What needs no copy is not copied. */
export function merged(chunks: readonly Buffer[], longest: number): Buffer[] {
  const messages: Buffer[] = [];
  let parts: Buffer[] = [];
  let room = longest;
  const close = (): void => {
    const [first] = parts;
    if (first) messages.push(parts.length === 1 ? first : Buffer.concat(parts));
    parts = [];
    room = longest;
  };
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length;) {
      const part = chunk.subarray(start, start + room);
      parts.push(part);
      start += part.length;
      room -= part.length;
      if (room === 0) close();
    }
  }
  close();
  return messages;
}

export interface MergingHost {
  /** Sends a message before anything else. @returns whether the kernel has taken it already */
  sendCollected(message: Buffer): boolean;
  /** The longest message that the kernel takes. */
  readonly longestMessage: number;
}

export class Merging {
  readonly #host: MergingHost;
  #buffer: Buffer | undefined;
  #length = 0;
  /** Holds from the first chunk of a tick on, which leaves at once. */
  readonly #hold = new TickHold(() => {
    this.flush();
  });

  constructor(host: MergingHost) {
    this.#host = host;
  }

  /** The most bytes of one message. */
  get longest(): number {
    return Math.min(this.#host.longestMessage, LONGEST_MERGED);
  }

  /**
   * Copies small chunks, to send them later in this tick.
   * @param bytes of all of them
   * @returns false if they are not collected: they must leave now, after `flush`
   */
  collect(chunks: readonly Buffer[], bytes: number): boolean {
    if (!this.#hold.isHolding) {
      this.#hold.hold();
      return false;
    }
    if (bytes === 0 || bytes > LONGEST_COLLECTED) return false;
    const { longest } = this;
    for (const chunk of chunks) {
      for (let start = 0; start < chunk.length;) {
        const buffer = (this.#buffer ??= spare.pop() ?? Buffer.allocUnsafeSlow(LONGEST_MERGED));
        const end = Math.min(chunk.length, start + longest - this.#length);
        this.#length += chunk.copy(buffer, this.#length, start, end);
        start = end;
        if (this.#length === longest) this.flush();
      }
    }
    return true;
  }

  /** Sends what was collected. */
  flush(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || this.#length === 0) return;
    const message = buffer.subarray(0, this.#length);
    this.#buffer = undefined;
    this.#length = 0;
    // What waits keeps its memory.
    if (this.#host.sendCollected(message) && spare.length < MOST_SPARE) spare.push(buffer);
  }

  /** Forgets what was collected: the association is over. */
  drop(): void {
    this.#buffer = undefined;
    this.#length = 0;
  }
}
