/** How our side of an association ends: in order, and not for ever. */
import type { Transport } from './transport';

export class Ending {
  readonly #transport: Transport;
  readonly #timeout: number;
  readonly #onStuck: () => void;
  #hasShutDown = false;
  #timer: NodeJS.Timeout | undefined;
  #unacknowledged = 0;

  /**
   * @param timeout ms without progress after which it counts as stuck; 0: never
   * @param onStuck nothing more is to be expected from the peer
   */
  constructor(transport: Transport, timeout: number, onStuck: () => void) {
    this.#transport = transport;
    this.#timeout = timeout;
    this.#onStuck = onStuck;
  }

  /** SHUTDOWN, after everything that was sent. */
  begin(): void {
    if (this.#hasShutDown || this.#transport.isClosed) return;
    this.#hasShutDown = true;
    // It can fail only if the peer has been faster: then it is done.
    this.#transport.native.shutdownWrite();
    if (this.#timeout === 0) return;
    this.#unacknowledged = this.#transport.native.unacknowledgedBytes();
    // The socket keeps the process alive, as long as it should.
    this.#timer = setTimeout(() => {
      this.#check();
    }, this.#timeout).unref();
  }

  /** The peer has sent something. */
  progress(): void {
    this.#timer?.refresh();
  }

  /** The association is over, or is being aborted. */
  over(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    const { native } = this.#transport;
    const before = this.#unacknowledged;
    this.#unacknowledged = native.unacknowledgedBytes();
    // Nobody may have read the news yet that the association is over.
    const isOver = native.peerAddress() === undefined;
    if (this.#unacknowledged !== before || isOver) this.#timer?.refresh();
    else this.#onStuck();
  }
}
