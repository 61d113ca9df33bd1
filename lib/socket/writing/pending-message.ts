/** One message between `write` and the kernel, with its outcome. */
import type { WriteCallback } from '../../../types/messages';
import type { CheckedSocketInfo } from '../../messages/info';

/** The outcome can be awaited before or after it is known. */
export class PendingMessage {
  /** What is left out follows the socket's defaults. */
  readonly info: CheckedSocketInfo | undefined;
  /** Its sender gets the outcome of this very message. */
  readonly isAwaited: boolean;
  #outcome: Error | null | undefined;
  #callback: WriteCallback | undefined;

  constructor(info: CheckedSocketInfo | undefined, isAwaited: boolean) {
    this.info = info;
    this.isAwaited = isAwaited;
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
