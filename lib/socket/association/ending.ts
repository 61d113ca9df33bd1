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

  /** From now on progress is expected, be it only in sending what waits. */
  expect(): void {
    if (this.#timer !== undefined || this.#timeout === 0 || this.#transport.isClosed) return;
    this.#unacknowledged = this.#transport.native.unacknowledgedBytes();
    // The socket keeps the process alive, as long as it should.
    this.#timer = setTimeout(() => {
      this.#check();
    }, this.#timeout).unref();
  }

  /** SHUTDOWN, after everything that was sent. */
  begin(): void {
    if (this.#hasShutDown || this.#transport.isClosed) return;
    this.#hasShutDown = true;
    // Once the peer has been faster it is done; the kernel would only stop telling what happens.
    if (!this.#transport.peerEnded) this.#transport.native.shutdownWrite();
    this.expect();
  }

  /** The peer has sent something, or made room. */
  progress(): void {
    this.#timer?.refresh();
  }

  /** The association is over, or is being aborted. */
  over(): void {
    clearTimeout(this.#timer);
  }

  /** What a lost association has brought waits for a reader, but not for ever for the first. */
  awaitReader(onTimeout: () => void): void {
    if (this.#timeout > 0) this.#timer = setTimeout(onTimeout, this.#timeout).unref();
  }

  #check(): void {
    const { native } = this.#transport;
    const before = this.#unacknowledged;
    this.#unacknowledged = native.unacknowledgedBytes();
    // Nobody may have read the news yet that the association is over; and while our own side does
    // not read, the peer may have messages left that it must get rid of first.
    const waitsForUs = native.peerAddress() === undefined || !this.#transport.isReading;
    if (this.#unacknowledged !== before || waitsForUs) this.#timer?.refresh();
    else this.#onStuck();
  }
}
