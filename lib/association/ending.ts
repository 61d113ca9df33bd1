/** How our side of an association ends: in order, and not for ever. */
import type { Dryness } from './dryness';
import type { Part, PartHost } from './part';

/** How long to wait before asking the kernel how far the association has come, in milliseconds. */
const SOON = 100;

export class Ending implements Part {
  readonly #host: PartHost;
  readonly #dryness: () => Dryness;
  #hasShutDown = false;
  #timer: NodeJS.Timeout | undefined;
  #acknowledged: number | undefined;

  constructor(host: PartHost, dryness: () => Dryness) {
    this.#host = host;
    this.#dryness = dryness;
  }

  /** From now on progress is expected, if only in sending what waits. */
  expect(): void {
    const { config, isClosed } = this.#host;
    if (this.#timer !== undefined || config.closeTimeout === 0 || isClosed) return;
    // Most associations have ended by then. The socket keeps the process alive, as long as it should.
    const delay = Math.min(SOON, config.closeTimeout / 10);
    this.#timer = setTimeout(() => {
      this.#beginChecks();
    }, delay).unref();
  }

  /** SHUTDOWN, after everything that was sent. */
  begin(): void {
    const { link, isClosed, peerEnded } = this.#host;
    if (this.#hasShutDown || isClosed) return;
    this.#hasShutDown = true;
    // If the peer has shut down first there is nothing to do; the kernel would stop reporting.
    if (!peerEnded) link.shutdown();
    this.expect();
  }

  /**
   * Expects progress until the peer has acknowledged everything, and calls back then; or as soon as
   * it never will, because it has restarted. Not once the association is over: that is reported.
   */
  whenAcknowledged(callback: () => void): void {
    this.expect();
    if (this.#host.isClosed) return;
    if (this.#host.link.unacknowledgedBytes() === 0) {
      callback();
      return;
    }
    const settled = (): void => {
      if (!this.#host.isClosed) callback();
    };
    this.#dryness().wait().then(settled, settled);
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
    const { closeTimeout } = this.#host.config;
    if (closeTimeout > 0) this.#timer = setTimeout(onTimeout, closeTimeout).unref();
  }

  #beginChecks(): void {
    this.#acknowledged = this.#host.progress()?.acknowledged;
    this.#timer = setTimeout(() => {
      this.#check();
    }, this.#host.config.closeTimeout).unref();
  }

  #check(): void {
    const { link, calls, isReading } = this.#host;
    const before = this.#acknowledged;
    this.#acknowledged = this.#host.progress()?.acknowledged;
    // The end of the association may not have been read yet; and while our side does not read, the
    // peer may still have messages to send first.
    const waitsForUs = !isReading || link.isGone();
    if (this.#acknowledged !== before || waitsForUs) this.#timer?.refresh();
    else calls.onStuck();
  }
}
