/** Waits for what becomes of a message, whoever comes first: the answer or the question. */
import type { WriteCallback } from './outgoing';

export class Letter {
  #outcome: Error | null | undefined;
  #callback: WriteCallback | undefined;

  readonly settle: WriteCallback = (error) => {
    this.#outcome = error ?? null;
    this.#callback?.(this.#outcome);
  };

  whenSettled(callback: WriteCallback): void {
    if (this.#outcome === undefined) this.#callback = callback;
    else callback(this.#outcome);
  }
}
