/** Watches an association that is ending, and tells when it has got stuck. */
import type { NativeStreamSocket } from '../../types/native';

export class CloseWatch {
  readonly #native: NativeStreamSocket;
  readonly #timeout: number;
  readonly #onStuck: () => void;
  #timer: NodeJS.Timeout | undefined;
  #unacknowledged = 0;

  /** @param timeout ms without progress; 0 waits for ever */
  constructor(native: NativeStreamSocket, timeout: number, onStuck: () => void) {
    this.#native = native;
    this.#timeout = timeout;
    this.#onStuck = onStuck;
  }

  begin(): void {
    if (this.#timer !== undefined || this.#timeout === 0) return;
    this.#unacknowledged = this.#native.unacknowledgedBytes();
    // The socket keeps the process alive, as long as it should.
    this.#timer = setTimeout(() => {
      this.#check();
    }, this.#timeout).unref();
  }

  /** The peer has sent something. */
  progress(): void {
    this.#timer?.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    const before = this.#unacknowledged;
    this.#unacknowledged = this.#native.unacknowledgedBytes();
    // Nobody may have read the news yet that the association is over.
    const isOver = this.#native.peerAddress() === undefined;
    if (this.#unacknowledged !== before || isOver) this.#timer?.refresh();
    else this.#onStuck();
  }
}
