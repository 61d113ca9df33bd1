/** Waits for what becomes of a message, whoever comes first: the answer or the question. */
import type { WriteCallback } from './outgoing';

export class Letter {
  /** Somebody wants to know what becomes of this very message. */
  readonly isHeard: boolean;
  #outcome: Error | null | undefined;
  #callback: WriteCallback | undefined;

  constructor(isHeard: boolean) {
    this.isHeard = isHeard;
  }

  /** Why it could not be sent, if so. */
  get failure(): Error | null {
    return this.#outcome ?? null;
  }

  readonly settle: WriteCallback = (error) => {
    this.#outcome = error ?? null;
    this.#callback?.(this.#outcome);
  };

  whenSettled(callback: WriteCallback): void {
    if (this.#outcome === undefined) this.#callback = callback;
    else callback(this.#outcome);
  }
}
