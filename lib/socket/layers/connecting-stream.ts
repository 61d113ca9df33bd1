/** Adds to the stream of an association how to begin one: `connect`, also once one is over. */
import { isIPv4, type TcpSocketConnectOpts } from 'node:net';
import { constants as os } from 'node:os';

import type { ConnectOptions } from '../../../types/socket';
import { mergeOptions } from '../../defaults';
import { checkNeeds } from '../../options/bags';
import { systemError } from '../../errors';
import { connectArguments, connectConfig } from '../connecting/connect-arguments';
import { type AttemptEvents, ConnectAttempt } from '../connecting/connect-attempt';
import * as hooks from '../hooks';
import { givenOptions } from '../short-options';
import { TypedStream } from './typed-stream';

const { EALREADY, EISCONN } = os.errno;

export abstract class ConnectingStream extends TypedStream {
  #attempt: ConnectAttempt | undefined;
  /** 'close' was emitted, and nothing has been connected since. */
  #isOver = false;
  #attempted: string[] = [];
  /** `connect` has been called before. */
  #hasBegun = false;

  /** Whether `connect` has been called and has not come to an end. */
  override get connecting(): boolean {
    return this.#attempt !== undefined;
  }

  /** Which addresses the last `connect` has tried first, as `address:port`. */
  get autoSelectFamilyAttemptedAddresses(): string[] {
    return this.#attempted;
  }

  /**
   * Begins an association. 'connect' tells that it is up, 'error' and 'close' that it failed.
   *
   * @throws TypeError, RangeError with Node's codes for bad arguments
   */
  connect(options: ConnectOptions, listener?: () => void): this;
  connect(options: TcpSocketConnectOpts, listener?: () => void): this;
  connect(port: number | string, listener?: () => void): this;
  connect(port: number | string, host: string, listener?: () => void): this;
  connect(...args: unknown[]): this {
    const { options, listener } = connectArguments(args);
    const config = connectConfig(options);
    // Later the same object is read anew: what was made of it may be used up, as a key is.
    const isKnown = !this.#hasBegun && this[hooks.config].isSource?.(options) === true;
    const given = isKnown ? {} : givenOptions(options);
    const sctp = mergeOptions(this[hooks.config].sctp, given);
    checkNeeds('options.sctp', sctp);
    this.#checkUnused();
    if (this[hooks.config].signal?.aborted) return this; // which it has told, or is about to
    this[hooks.config].sctp = sctp;
    this.#hasBegun = true;
    if (listener) this.once('connect', listener);
    const attempt = new ConnectAttempt(config, this[hooks.config], this.#attemptEvents());
    this.#attempt = attempt;
    this.#attempted = [];
    if (!this.destroyed || this.#isOver) this.#begin(attempt); // else once it is closed
    return this;
  }

  override destroy(error?: Error | null): this {
    if (this.destroyed) this.#endConnecting(); // again, which has not begun yet
    return super.destroy(error ?? undefined);
  }

  protected override get [hooks.isBegun](): boolean {
    return this.connecting || this[hooks.transport] !== undefined;
  }

  protected get [hooks.isOver](): boolean {
    return this.#isOver;
  }

  /** `connect` is about to begin. */
  protected abstract [hooks.onConnecting](): void;

  protected override [hooks.onConnected](): void {
    super[hooks.onConnected]();
    this.#endConnecting();
  }

  protected override [hooks.onConnectFailed](errno: number): void {
    this.#attempt?.onRefused(errno);
  }

  protected override [hooks.onDestroy](): void {
    super[hooks.onDestroy]();
    this.#endConnecting();
  }

  protected override [hooks.onClosed](): void {
    this.#isOver = true;
    const attempt = this.#attempt;
    if (!attempt) return;
    // Apart from 'close', whose listeners may throw.
    process.nextTick(() => {
      if (this.#attempt === attempt) this.#begin(attempt);
    });
  }

  protected override [hooks.renew](): void {
    super[hooks.renew]();
    this.#isOver = false;
  }

  #begin(attempt: ConnectAttempt): void {
    if (this.#isOver) this[hooks.renew]();
    this[hooks.onConnecting]();
    try {
      attempt.begin();
    } catch (error) {
      this.#endConnecting(); // a `lookup` of the user's has thrown
      throw error;
    }
  }

  #attemptEvents(): AttemptEvents {
    return {
      onLookup: (...found) => this.emit('lookup', ...found),
      onAttempt: (address, port) => {
        this.#attempted.push(`${address}:${String(port)}`);
        this.emit('connectionAttempt', address, port, isIPv4(address) ? 4 : 6);
      },
      onAttemptFailed: (address, port, error) => {
        this.emit('connectionAttemptFailed', address, port, isIPv4(address) ? 4 : 6, error);
      },
      onBegun: (native) => {
        this[hooks.adopt](native, false);
      },
      onFailed: (error) => {
        this.destroy(error);
      },
    };
  }

  #checkUnused(): void {
    if (this.connecting) throw systemError('connect', -EALREADY);
    if (this[hooks.transport] && !this.destroyed) throw systemError('connect', -EISCONN);
  }

  #endConnecting(): void {
    this.#attempt?.end();
    this.#attempt = undefined;
  }
}
