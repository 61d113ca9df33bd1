/** Closes a handle once nothing would be lost, or after a time-out. */

const TIMEOUT_MS = 30_000;

export interface ClosingHost {
  /** Messages that wait to be sent, and associations that are being set up. */
  count(): { waiting: number; starting: number };
  /** No new associations. */
  stopListening(): void;
  /** Everything. The kernel ends the associations in order. */
  close(): void;
}

export class Closer {
  readonly #host: ClosingHost;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #deadline: NodeJS.Timeout | undefined;
  #problems: string[] = [];

  constructor(host: ClosingHost) {
    this.#host = host;
  }

  /** The handle is closed: this can only become a process warning. */
  onTrouble(text: string): void {
    if (this.#state !== 'closed') this.#problems.push(text);
  }

  begin(): void {
    this.#state = 'closing';
    this.settle();
    if (this.#isClosed()) return;
    this.#host.stopListening();
    this.#deadline = setTimeout(() => {
      const { waiting, starting } = this.#host.count();
      this.onTrouble(
        `closed after ${String(TIMEOUT_MS / 1000)} s, with ${String(waiting)} messages not yet ` +
          `sent and ${String(starting)} associations not yet set up`,
      );
      this.#close();
    }, TIMEOUT_MS).unref();
  }

  /** To be called whenever something may have been the last thing to wait for. */
  settle(): void {
    if (this.#state !== 'closing') return;
    const { waiting, starting } = this.#host.count();
    // The kernel silently drops an association that is not up yet when its socket closes.
    if (waiting === 0 && starting === 0) this.#close();
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #close(): void {
    this.#state = 'closed';
    clearTimeout(this.#deadline);
    this.#host.close();
    const count = this.#problems.length;
    if (count === 0) return;
    const others = count > 1 ? ` (the last of ${String(count)} problems)` : '';
    const message = `after close(): ${String(this.#problems.at(-1))}${others}`;
    process.emitWarning(message, { type: 'SctpWarning', code: 'SCTP_LOST_AFTER_CLOSE' });
  }
}
