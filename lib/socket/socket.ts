/** `Socket`: one association as a Duplex stream of messages, like `net.Socket`. */
import { addAbortSignal } from 'node:stream';
import { inspect } from 'node:util';

import type { NativeStreamSocket } from '../../types/native';
import type { SocketOptions } from '../../types/socket';
import { asyncDispose } from '../dispose';
import { socketClosed } from '../errors';
import { checkDuration, checkFunction } from '../validate';
import { type SocketConfig, socketConfig } from './config';
import { ConnectingStream } from './layers/connecting-stream';
import * as hooks from './hooks';
import { IdleTimer } from './association/idle-timer';
import { toMilliseconds, withKeepAlive } from './association/keep-alive';

/** For `Server` alone: what it makes a socket of. */
export const kAccepted = Symbol('accepted');
export interface Accepted {
  native: NativeStreamSocket;
  config: SocketConfig;
  /** No listener, which users could remove. */
  onOver(): void;
}

/**
 * One association. Construct it and `connect`, or get it from a `Server`.
 *
 * One `write` is one message, and one 'data' is one whole message, in every style of reading.
 */
export class Socket extends ConnectingStream {
  #isReferenced = true;
  readonly #idle: IdleTimer;
  /** Until its association is over. */
  #accepted: Accepted | undefined;

  constructor(options?: SocketOptions) {
    const accepted = (options as { [kAccepted]?: Accepted } | undefined)?.[kAccepted];
    const config = accepted?.config ?? socketConfig(options);
    super(config);
    this.#accepted = accepted;
    this.#idle = new IdleTimer(() => {
      this.emit('timeout');
    });
    if (accepted) this[hooks.adopt](accepted.native, true);
    if (config.signal) addAbortSignal(config.signal, this);
  }

  /**
   * As `writableLength`, as long as there is an association; else undefined, as with `net`, whose
   * types do not say so either.
   */
  get bufferSize(): number {
    const isThere = this[hooks.isBegun] && !this.destroyed;
    return isThere ? this.writableLength : (undefined as unknown as number);
  }

  /** Not connected: not yet, or not any more. */
  get pending(): boolean {
    return !this[hooks.transport] || this.connecting || this.destroyed;
  }

  /** Which directions are open: 'closed' is before `connect`, too. */
  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable && this.writable) return 'open';
    if (this.readable) return 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  /** Milliseconds of `setTimeout`, 0 if there is none any more; undefined if it was never set. */
  get timeout(): number | undefined {
    return this.#idle.timeout;
  }

  /**
   * Emits 'timeout' once nothing was sent or received for a while; the socket stays open.
   * @param timeout milliseconds; 0 ends it
   */
  setTimeout(timeout: number, listener?: () => void): this {
    const value = checkDuration('msecs', timeout);
    if (listener !== undefined) checkFunction('callback', listener);
    this.#idle.set(value);
    if (this.destroyed) this.#idle.stop();
    if (listener !== undefined) {
      if (value === 0) this.removeListener('timeout', listener);
      else this.once('timeout', listener);
    }
    return this;
  }

  /** Whether to send small messages at once, without waiting to bundle them. */
  setNoDelay(noDelay = true): this {
    const value = Boolean(noDelay as unknown); // as `net`, whatever it is
    this[hooks.config].sctp.noDelay = value;
    if (this[hooks.transport]?.isClosed === false) this.setOption('noDelay', value);
    return this;
  }

  /**
   * SCTP's own heartbeats do what `net` does with this; they are on by default.
   * @param initialDelay milliseconds a path is quiet before one is sent; 0 keeps the value
   */
  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    const delay = toMilliseconds(initialDelay);
    if (this[hooks.transport]?.isUp) {
      this.setOption('peerAddrParams', withKeepAlive({}, Boolean(enable), delay));
    } else if (this[hooks.transport] && this.connecting) {
      this.once('connect', () => this.setKeepAlive(enable, initialDelay));
    } else {
      const { sctp } = this[hooks.config];
      sctp.peerAddrParams = withKeepAlive(sctp.peerAddrParams ?? {}, Boolean(enable), delay);
    }
    return this;
  }

  /** Keeps the process alive again, after `unref`. */
  ref(): this {
    this.#isReferenced = true;
    this[hooks.transport]?.ref();
    return this;
  }

  /** Lets the process end though the socket is open. */
  unref(): this {
    this.#isReferenced = false;
    this[hooks.transport]?.unref();
    return this;
  }

  /** Aborts the association (RFC 9260 §9.1), whatever has been called before. */
  resetAndDestroy(): this {
    if (this.connecting) {
      this.once('connect', () => {
        this[hooks.reset]();
      });
    } else if (this[hooks.transport]) {
      this[hooks.reset]();
    } else {
      this.destroy(socketClosed());
    }
    return this;
  }

  /** Destroys the socket as soon as everything written has left. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** Destroys the socket, and waits until it is closed. */
  override async [asyncDispose](): Promise<void> {
    const closed = this[hooks.isOver] || new Promise((resolve) => this.once('close', resolve));
    if (this.destroyed)
      this.destroy(); // lest it connects again
    else await super[asyncDispose]();
    await closed;
  }

  [inspect.custom](): string {
    const { remoteAddress: address, remotePort: port } = this;
    const place = address === undefined ? '' : ` ${address}:${String(port)}`;
    return `${this.constructor.name} { ${this.readyState}${place} }`;
  }

  protected override [hooks.adopt](native: NativeStreamSocket, up: boolean): void {
    super[hooks.adopt](native, up);
    if (!this.#isReferenced) this[hooks.transport]?.unref();
  }

  protected override [hooks.onActivity](): void {
    super[hooks.onActivity]();
    this.#idle.refresh();
  }

  protected override [hooks.onConnected](): void {
    super[hooks.onConnected]();
    this[hooks.onActivity]();
    this.emit('connect');
    this.emit('ready');
  }

  protected override [hooks.onDestroy](): void {
    super[hooks.onDestroy]();
    this.#idle.stop();
  }

  /** A server that has waited for its last socket tells 'close' before that does, as with `net`. */
  protected override [hooks.onOver](): void {
    this.#accepted?.onOver();
    this.#accepted = undefined;
  }

  protected override [hooks.onConnecting](): void {
    this.#idle.start();
  }
}
