/** The messages of a burst as one chunk, as Writable gets them. */
import { Buffer } from 'node:buffer';

import { burst, type BurstHolder } from '../../burst';
import type { CheckedSocketInfo } from '../../messages/info';
import type { OutgoingChunk } from './outgoing-chunk';

/** By the chunk that Writable has. */
const kGathered = Symbol('gathered');

export class GatheredChunk {
  /** All of them: first the burst's own memory, which is others' once the chunk has left. */
  data: Buffer;
  /** Unless the burst still has them. */
  #lengths: number[] | undefined;
  readonly #infos: readonly CheckedSocketInfo[] | undefined;
  readonly #holder: BurstHolder;

  /**
   * @param holder who has filled the burst
   * @param isFull more of the same tick follows
   */
  constructor(
    holder: BurstHolder,
    bytes: number,
    infos: readonly CheckedSocketInfo[] | undefined,
    readonly isFull: boolean,
  ) {
    this.#holder = holder;
    this.data = burst.bytes(bytes);
    (this.data as unknown as Record<symbol, GatheredChunk>)[kGathered] = this;
    this.#infos = infos;
  }

  static of(chunk: Uint8Array | undefined): GatheredChunk | undefined {
    return (chunk as Partial<Record<symbol, GatheredChunk>> | undefined)?.[kGathered];
  }

  /** Whether the burst still has them. */
  get isInBurst(): boolean {
    return this.#lengths === undefined;
  }

  /** Somebody else may fill the burst: they stay here, for later. */
  keep(): void {
    if (this.#lengths !== undefined) return;
    this.#lengths = burst.lengths();
    this.data = Buffer.from(this.data);
    burst.free(this.#holder);
  }

  /**
   * The messages from number `first` on, one by one, in memory of their own; those before it have
   * left. The burst is no longer theirs.
   */
  take(first = 0): OutgoingChunk[] {
    const messages: OutgoingChunk[] = [];
    if (this.isInBurst && first === burst.count) {
      this.#lengths = [];
      burst.free(this.#holder);
    }
    this.keep();
    let offset = 0;
    for (const [index, length] of (this.#lengths ?? []).entries()) {
      const data = this.data.subarray(offset, (offset += length));
      if (index < first) continue;
      const info = this.#infos?.[index];
      messages.push({ data, info, pending: undefined, isCollected: false, isLast: false });
    }
    this.#lengths = [];
    return messages;
  }
}
