/** Requests to reset outgoing streams: several at once, and each stream once at a time. */
import type { ChannelTransport } from './channel-transport';

/** How often the peer may fail to do it. */
const TRIES = 5;

export class StreamResets {
  readonly #transport: ChannelTransport;
  readonly #waiting = new Map<number, () => void>();
  readonly #asked = new Map<number, { done: () => void; tries: number }>();
  readonly #tries = new Map<number, number>();
  #isScheduled = false;

  constructor(transport: ChannelTransport) {
    this.#transport = transport;
  }

  /** @param done called when the stream is reset, or cannot be */
  request(sid: number, done: () => void): void {
    this.#waiting.set(sid, done);
    // Channels that are closed together are reset together.
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.#ask();
    });
  }

  /** The answer to what was asked for. */
  onAnswer(sids: readonly number[], performed: boolean): void {
    for (const sid of sids) {
      const asked = this.#asked.get(sid);
      if (asked === undefined) continue;
      this.#asked.delete(sid);
      if (performed || asked.tries >= TRIES || this.#waiting.has(sid)) {
        this.#tries.delete(sid);
        asked.done();
      } else {
        this.#tries.set(sid, asked.tries);
        this.#waiting.set(sid, asked.done);
      }
    }
    this.#ask();
  }

  /** The association is over or has restarted: nobody answers any more. */
  clear(): void {
    this.#waiting.clear();
    this.#asked.clear();
    this.#tries.clear();
  }

  #ask(): void {
    const sids = [...this.#waiting.keys()].filter((sid) => !this.#asked.has(sid));
    if (sids.length === 0) return;
    const outcome = this.#transport.resetStreams(sids);
    if (outcome === 'busy' && this.#asked.size > 0) return; // the next answer brings us here again
    for (const sid of sids) {
      const done = this.#waiting.get(sid) as () => void;
      this.#waiting.delete(sid);
      if (outcome === 'started') {
        this.#asked.set(sid, { done, tries: (this.#tries.get(sid) ?? 0) + 1 });
      } else {
        done();
      }
    }
  }
}
