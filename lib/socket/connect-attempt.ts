/** From a host to an association on its way: looks the name up, and tries what it finds. */
import type { NativeStreamSocket } from '../../types/native';
import { connectTimeout, errnoName, type Place, systemError } from '../errors';
import type { SocketConfig } from './config';
import type { ConnectConfig } from './connect-arguments';
import { beginAssociation } from './connector';
import { type LookupReport, resolve } from './resolve';

export interface AttemptEvents {
  onLookup: LookupReport;
  /** An association has begun; its notifications tell what becomes of it. */
  onBegun(native: NativeStreamSocket): void;
  onFailed(error: Error): void;
}

export class ConnectAttempt {
  readonly #config: ConnectConfig;
  readonly #socketConfig: SocketConfig;
  readonly #events: AttemptEvents;
  #addresses: readonly string[] = [];
  #tried = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: ConnectConfig, socketConfig: SocketConfig, events: AttemptEvents) {
    this.#config = config;
    this.#socketConfig = socketConfig;
    this.#events = events;
  }

  begin(): void {
    const { connectTimeout: timeout } = this.#config;
    if (timeout > 0) {
      this.#timer = setTimeout(() => {
        this.#fail(connectTimeout(timeout, this.#place()));
      }, timeout).unref();
    }
    resolve(this.#config, this.#events.onLookup, (error, addresses) => {
      if (this.#isOver) return;
      this.#addresses = addresses;
      if (error) this.#fail(error);
      else this.#tryNext();
    });
  }

  /** What `onBegun` has handed over has come to nothing. */
  onRefused(errno: number): void {
    const isLast = this.#tried >= this.#addresses.length;
    if (errnoName(errno) === 'ECONNREFUSED' && !isLast) this.#tryNext();
    else this.#fail(systemError('connect', errno, this.#place()));
  }

  /** Succeeded, or not wanted any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Each address once as the first: behind a name may be one that nobody listens on. */
  #tryNext(): void {
    const tried = this.#tried++;
    const inOrder = [...this.#addresses.slice(tried), ...this.#addresses.slice(0, tried)];
    try {
      this.#events.onBegun(beginAssociation(inOrder, this.#config, this.#socketConfig));
    } catch (error) {
      // As with `net`, `connect` returns a socket that is connecting.
      process.nextTick(() => {
        if (!this.#isOver) this.#fail(error as Error);
      });
    }
  }

  #fail(error: Error): void {
    this.end();
    this.#events.onFailed(error);
  }

  #place(): Place {
    const address = this.#addresses[Math.max(0, this.#tried - 1)];
    return { ...(address !== undefined && { address }), port: this.#config.port };
  }
}
