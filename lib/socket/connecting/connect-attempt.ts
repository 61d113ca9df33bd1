/** From a host to an association on its way: looks the name up, and tries what it finds. */
import { connectError, connectTimeout, errnoName, type Place } from '../../errors';
import type { ConnectConfig } from './connect-arguments';
import { type LookupReport, resolve } from './resolve';

/** `Started` is what an association that is being set up is known by. */
export interface AttemptEvents<Started> {
  /**
   * Begins an association with these addresses, the first of them tried first.
   * @throws what the kernel refuses
   */
  begin(addresses: readonly string[]): Started;
  onLookup(...found: Parameters<LookupReport>): void;
  /** An association is about to start, with this address first. */
  onAttempt(address: string, port: number): void;
  onAttemptFailed(address: string, port: number, error: Error): void;
  /** An association was started; its notifications report the outcome. */
  onStarted(started: Started): void;
  onFailed(error: Error): void;
}

export class ConnectAttempt<Started> {
  readonly #config: ConnectConfig;
  readonly #events: AttemptEvents<Started>;
  #addresses: readonly string[] = [];
  #tried = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: ConnectConfig, events: AttemptEvents<Started>) {
    this.#config = config;
    this.#events = events;
  }

  begin(): void {
    const { connectTimeout: timeout } = this.#config;
    if (timeout > 0) {
      this.#timer = setTimeout(() => {
        this.#fail(connectTimeout(timeout, this.#place()));
      }, timeout).unref();
    }
    const report: LookupReport = (...found) => {
      if (this.#isOver || this.#tried > 0) return false; // or a `lookup` calls back again
      this.#events.onLookup(...found);
      return !this.#isOver;
    };
    resolve(this.#config, report, (error, addresses) => {
      this.#addresses = addresses;
      if (error)
        this.#later(() => {
          this.#fail(error);
        });
      else this.#tryNext();
    });
  }

  /** The association of `onStarted` could not be set up. */
  onRefused(errno: number): void {
    const isLast = this.#tried >= this.#addresses.length;
    const { localHosts, localPort } = this.#config;
    const [address] = localHosts;
    const local = { ...(address !== undefined && { address }), port: localPort };
    const error = connectError(errno, this.#place(), local);
    this.#reportFailed(error);
    if (this.#isOver) return;
    if (errnoName(errno) === 'ECONNREFUSED' && !isLast) this.#tryNext();
    else this.#fail(error);
  }

  /** Succeeded, or no longer wanted. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Each address once as the first: behind a name may be one that nobody listens on. */
  #tryNext(): void {
    const tried = this.#tried++;
    const inOrder = [...this.#addresses.slice(tried), ...this.#addresses.slice(0, tried)];
    try {
      this.#events.onStarted(this.#events.begin(inOrder));
    } catch (error) {
      this.#later(() => {
        this.#onNotStarted(error as NodeJS.ErrnoException);
      });
      return;
    }
    this.#later(() => {
      this.#reportAttempt();
    });
  }

  #onNotStarted(error: NodeJS.ErrnoException): void {
    if (error.syscall === 'connect') {
      this.#reportAttempt();
      if (!this.#isOver) this.#reportFailed(error);
      if (this.#isOver) return;
      if (this.#tried < this.#addresses.length) {
        this.#tryNext();
        return;
      }
    }
    this.#fail(error);
  }

  /** As with `net`, `connect` returns a socket that is connecting. */
  #later(task: () => void): void {
    process.nextTick(() => {
      if (!this.#isOver) task();
    });
  }

  #reportAttempt(): void {
    const { address, port } = this.#place();
    if (address !== undefined) this.#events.onAttempt(address, port);
  }

  #reportFailed(error: Error): void {
    const { address, port } = this.#place();
    if (address !== undefined) this.#events.onAttemptFailed(address, port, error);
  }

  #fail(error: Error): void {
    this.end();
    this.#events.onFailed(error);
  }

  #place(): Place & { port: number } {
    const address = this.#addresses[Math.max(0, this.#tried - 1)];
    return { ...(address !== undefined && { address }), port: this.#config.port };
  }
}
