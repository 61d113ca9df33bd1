/** How our side of an association ends: in order, and not for ever. */
import type { Life } from './life';
import type { Link } from './link';
import type { Part } from './part';
import type { Progress } from './progress';

export class Ending implements Part {
  readonly #link: Link;
  readonly #life: Life;
  readonly #progress: () => Progress | undefined;
  readonly #timeout: number;
  readonly #onStuck: () => void;
  #hasShutDown = false;
  #timer: NodeJS.Timeout | undefined;
  #acknowledged: number | undefined;

  /**
   * @param progress of what was sent
   * @param timeout ms without progress after which it counts as stuck; 0: never
   * @param onStuck nothing more is to be expected from the peer
   */
  constructor(
    link: Link,
    life: Life,
    progress: () => Progress | undefined,
    timeout: number,
    onStuck: () => void,
  ) {
    this.#link = link;
    this.#life = life;
    this.#progress = progress;
    this.#timeout = timeout;
    this.#onStuck = onStuck;
  }

  /** From now on progress is expected, if only in sending what waits. */
  expect(): void {
    if (this.#timer !== undefined || this.#timeout === 0 || this.#life.isClosed) return;
    this.#acknowledged = this.#progress()?.acknowledged;
    // The socket keeps the process alive, as long as it should.
    this.#timer = setTimeout(() => {
      this.#check();
    }, this.#timeout).unref();
  }

  /** SHUTDOWN, after everything that was sent. */
  begin(): void {
    if (this.#hasShutDown || this.#life.isClosed) return;
    this.#hasShutDown = true;
    // If the peer has shut down first there is nothing to do; the kernel would stop reporting.
    if (!this.#life.peerEnded) this.#link.shutdown();
    this.expect();
  }

  /** The peer has sent something, or made room. */
  progress(): void {
    this.#timer?.refresh();
  }

  onOver(): void {
    clearTimeout(this.#timer);
  }

  /** What a lost association has received waits for a reader; for the first one not forever. */
  awaitReader(onTimeout: () => void): void {
    if (this.#timeout > 0) this.#timer = setTimeout(onTimeout, this.#timeout).unref();
  }

  #check(): void {
    const before = this.#acknowledged;
    this.#acknowledged = this.#progress()?.acknowledged;
    // The end of the association may not have been read yet; and while our side does not read, the
    // peer may still have messages to send first.
    const waitsForUs = !this.#life.isReading || this.#link.isGone();
    if (this.#acknowledged !== before || waitsForUs) this.#timer?.refresh();
    else this.#onStuck();
  }
}
