/** Where packets go: one after the other, no faster than they are taken. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** Bytes that may wait for a slow reader or disk; what is beyond is dropped. */
const MOST_WAITING = 67_108_864;

type Write = (data: string | Uint8Array) => Promise<void>;

export class Sink {
  readonly #write: Write;
  readonly #finish: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** How often there was no room. */
  dropped = 0;

  /** @param onError called once: nothing more can be written */
  constructor(write: Write, onError: (error: unknown) => void, finish = () => Promise.resolve()) {
    this.#write = write;
    this.#onError = onError;
    this.#finish = finish;
  }

  static toFile(path: string, onError: (error: unknown) => void): Sink {
    const file = createWriteStream(path);
    file.on('error', onError);
    const write: Write = async (data) => {
      if (!file.write(data)) await once(file, 'drain');
    };
    return new Sink(write, onError, async () => {
      file.end();
      if (!file.closed) await once(file, 'close');
    });
  }

  put(data: string | Buffer): void {
    if (this.#waiting > MOST_WAITING) {
      this.dropped++;
      return;
    }
    this.#waiting += data.length;
    this.#last = this.#last
      .then(() => this.#write(data))
      .then(() => {
        this.#waiting -= data.length;
      });
    this.#last.catch(this.#onError);
  }

  /** Waits until everything is written. */
  async end(): Promise<void> {
    await this.#last;
    await this.#finish();
  }
}
