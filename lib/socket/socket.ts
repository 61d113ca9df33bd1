/** `Socket`: one association as a Duplex stream of messages, like `net.Socket`. */
import { constants as os } from 'node:os';
import { addAbortSignal } from 'node:stream';
import { inspect } from 'node:util';

import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import type { ConnectOptions, SocketOptions } from '../../types/socket';
import { socketClosed, systemError } from '../errors';
import { checkDuration, checkFunction, checkInteger, INT32 } from '../validate';
import { localAddressOf, peerAddressOf } from './addresses';
import { type SocketConfig, socketConfig } from './config';
import { connectArguments, connectConfig } from './connect-arguments';
import { ConnectAttempt } from './connect-attempt';
import * as hooks from './hooks';
import { IdleTimer } from './idle-timer';
import { TypedStream } from './typed-stream';

const { EALREADY, EISCONN } = os.errno;

/** For `Server` alone: what it makes a socket of. */
export const kAccepted = Symbol('accepted');
export interface Accepted {
  native: NativeStreamSocket;
  config: SocketConfig;
  /** No listener, which users could remove. */
  onClosed(): void;
}

/**
 * One association. Construct it and `connect`, or get it from a `Server`.
 *
 * One `write` is one message, and one 'data' is one whole message, in every style of reading.
 */
export class Socket extends TypedStream {
  #isReferenced = true;
  readonly #idle: IdleTimer;
  readonly #accepted: Accepted | undefined;
  #attempt: ConnectAttempt | undefined;
  #local: Address | undefined;
  #remote: Address | undefined;

  constructor(options?: SocketOptions) {
    const accepted = (options as { [kAccepted]?: Accepted } | undefined)?.[kAccepted];
    const config = accepted?.config ?? socketConfig(options);
    super(config);
    this.#accepted = accepted;
    this.#idle = new IdleTimer(() => {
      this.emit('timeout');
    });
    if (accepted) {
      this[hooks.adopt](accepted.native, true);
      this.#remote = peerAddressOf(accepted.native);
    }
    if (config.signal) addAbortSignal(config.signal, this);
  }

  /** Whether `connect` has been called and has not come to an end. */
  override get connecting(): boolean {
    return this.#attempt !== undefined;
  }

  /** Not connected: not yet, or not any more. */
  get pending(): boolean {
    return !this[hooks.transport] || this.connecting || this.destroyed;
  }

  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable && this.writable) return 'open';
    if (this.readable) return 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  /** Milliseconds of `setTimeout`; undefined if there is none. */
  get timeout(): number | undefined {
    return this.#idle.timeout || undefined;
  }

  get remoteAddress(): string | undefined {
    return this.#remote?.address;
  }

  get remoteFamily(): string | undefined {
    return this.#remote?.family;
  }

  get remotePort(): number | undefined {
    return this.#remote?.port;
  }

  get localAddress(): string | undefined {
    return this.#localEnd()?.address;
  }

  get localFamily(): string | undefined {
    return this.#localEnd()?.family;
  }

  get localPort(): number | undefined {
    return this.#localEnd()?.port;
  }

  /** The local end, or an empty object if there is none. */
  address(): Address | Record<string, never> {
    return this.#localEnd() ?? {};
  }

  /**
   * Begins an association. 'connect' tells that it is up, 'error' and 'close' that it failed.
   *
   * @throws TypeError, RangeError with Node's codes for bad arguments
   */
  connect(optionsOrPort: ConnectOptions | number, listener?: () => void): this;
  connect(port: number, host: string, listener?: () => void): this;
  connect(...args: unknown[]): this {
    const { options, listener } = connectArguments(args);
    const config = connectConfig(options);
    this.#checkUnused();
    if (listener) this.once('connect', listener);
    this.#attempt = new ConnectAttempt(config, this[hooks.config], {
      onLookup: (...found) => this.emit('lookup', ...found),
      onBegun: (native) => {
        this[hooks.adopt](native, false);
      },
      onFailed: (error) => {
        this.destroy(error);
      },
    });
    try {
      this.#attempt.begin();
    } catch (error) {
      this.#endConnecting(); // a `lookup` of the user's has thrown
      throw error;
    }
    return this;
  }

  /**
   * Emits 'timeout' once nothing was sent or received for a while; the socket stays open.
   * @param timeout milliseconds; 0 ends it
   */
  setTimeout(timeout: number, listener?: () => void): this {
    const value = checkDuration('msecs', timeout);
    if (listener !== undefined) checkFunction('callback', listener);
    this.#idle.set(this.destroyed ? 0 : value);
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
  setKeepAlive(enable = false, initialDelay = 0): this {
    const delay = checkInteger('initialDelay', initialDelay, 0, INT32);
    const params = enable
      ? { hbEnable: true, ...(delay > 0 && { hbInterval: delay }) }
      : { hbEnable: false };
    if (this[hooks.transport]?.isUp) {
      this.setOption('peerAddrParams', params);
    } else if (this[hooks.transport] && this.connecting) {
      this.once('connect', () => this.setKeepAlive(enable, initialDelay));
    } else {
      const { sctp } = this[hooks.config];
      const { hbInterval, ...others } = sctp.peerAddrParams ?? {};
      const kept = enable && hbInterval !== undefined && { hbInterval };
      sctp.peerAddrParams = { ...others, ...kept, ...params };
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

  [inspect.custom](): string {
    const { remoteAddress: address, remotePort: port } = this;
    const place = address === undefined ? '' : ` ${address}:${String(port)}`;
    return `${this.constructor.name} { ${this.readyState}${place} }`;
  }

  protected override [hooks.adopt](native: NativeStreamSocket, up: boolean): void {
    super[hooks.adopt](native, up);
    if (!this.#isReferenced) this[hooks.transport]?.unref();
  }

  protected override get [hooks.isBegun](): boolean {
    return this.connecting || this[hooks.transport] !== undefined;
  }

  protected override [hooks.onActivity](): void {
    super[hooks.onActivity]();
    this.#idle.refresh();
  }

  protected override [hooks.onConnected](): void {
    this.#endConnecting();
    const transport = this[hooks.transport];
    this.#remote = transport && peerAddressOf(transport.native);
    this[hooks.onActivity]();
    this.emit('connect');
    this.emit('ready');
  }

  protected override [hooks.onConnectFailed](errno: number): void {
    this.#attempt?.onRefused(errno);
  }

  protected override [hooks.onDestroy](): void {
    this.#localEnd(); // while there is somebody to ask
    this.#endConnecting();
    this.#idle.stop();
  }

  protected override [hooks.onClosed](): void {
    this.#accepted?.onClosed();
  }

  #checkUnused(): void {
    if (this.destroyed) throw socketClosed();
    if (this.connecting) throw systemError('connect', -EALREADY);
    if (this[hooks.transport]) throw systemError('connect', -EISCONN);
  }

  #localEnd(): Address | undefined {
    const transport = this[hooks.transport];
    if (this.#local === undefined && transport && !transport.isClosed && !this.connecting) {
      this.#local = localAddressOf(transport.native);
    }
    return this.#local;
  }

  #endConnecting(): void {
    this.#attempt?.end();
    this.#attempt = undefined;
  }
}
