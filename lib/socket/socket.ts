/**
 * `Socket`: one association as a Duplex stream of messages, like `net.Socket`. What it offers is
 * listed here; `SocketCore` joins the parts that do it.
 */
import type { TcpSocketConnectOpts } from 'node:net';
import { addAbortSignal, Duplex } from 'node:stream';
import { inspect } from 'node:util';

import type { AssociationMembers } from '../../types/association';
import type { EngineName } from '../../types/engine';
import type { WithEvents } from '../../types/events';
import type { MessageData, SocketSendInfo, WriteCallback } from '../../types/messages';
import type {
  ConnectOptions,
  KeepAliveOptions,
  SocketEvents,
  SocketOptions,
} from '../../types/socket';
import type { SctpStream } from '../../types/streams';
import { addAssociationMembers } from '../association/members';
import { socketClosed } from '../errors';
import { checkDuration, checkFunction, checkInteger, isGiven, UINT16 } from '../validate';
import { type Accepted, kAccepted } from './accepted';
import { type SocketConfig, socketConfig } from './config';
import { ConnectArguments, connectArguments } from './connecting/connect-arguments';
import { SocketCore } from './core';
import { SocketMembers } from './members';
import { keepAliveOf } from './keep-alive';
import { getTypeOfService, setKeepAlive, setNoDelay, setTypeOfService } from './net-options';
import { readingOf } from './reading/message-reader';
import { callbackOf } from './writing/arguments';
import { MessageDuplex, setSink } from './writing/message-duplex';

let coreOf: (socket: Socket) => SocketCore;

const Base = MessageDuplex as WithEvents<typeof MessageDuplex, SocketEvents>;

// What every association offers.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- see the end of the file
export interface Socket extends AssociationMembers {}

/**
 * One association. Construct it and `connect`, or get it from a `Server`.
 *
 * One `write` is one message, and one 'data' is one whole message, in every style of reading.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see the end of the file
export class Socket extends Base {
  /** The server that has accepted it; null for others, as with `net`. */
  server: object | null = null;
  readonly #core: SocketCore;

  static {
    coreOf = (socket) => socket.#core;
  }

  constructor(given?: SocketOptions) {
    const accepted = (given as { [kAccepted]?: Accepted } | undefined)?.[kAccepted];
    const config = accepted?.config ?? configOf(given);
    const { allowHalfOpen, captureRejections, writableHighWaterMark, signal } = config;
    // 'close' is ours to emit: as with `net`, it says whether there was an error.
    const options = { allowHalfOpen, captureRejections, writableHighWaterMark, emitClose: false };
    super(options, config);
    this.#core = new SocketCore(this, readingOf(this), config);
    setSink(this, this.#core.writing);
    if (accepted) this.#core.accept(accepted);
    if (accepted?.isPaused === true) {
      readingOf(this).hold(true);
      this.#core.receiving.limit();
      this.pause();
    }
    if (signal) addAbortSignal(signal, this);
  }

  /** Which SCTP it runs on. */
  get engine(): EngineName {
    return this.#core.config.engine;
  }

  // --- The stream ---

  /** Bytes of received messages that nobody has read yet, here or from a single stream. */
  override get readAheadBytes(): number {
    return this.#core.readAheadBytes;
  }

  /** Received bytes, whether they have been read or not. */
  get bytesRead(): number {
    return this.#core.receiving.bytesRead;
  }

  /** Bytes that were written, those included that still wait for room in the kernel. */
  get bytesWritten(): number {
    return this.#core.batches.bytesWritten;
  }

  /**
   * As `writableLength`, as long as there is an association; else undefined, as with `net`, whose
   * types do not say so either.
   */
  get bufferSize(): number {
    const isThere = this.#core.isBegun && !this.destroyed;
    return isThere ? this.writableLength : (undefined as unknown as number);
  }

  /**
   * Sends one message, with `info`. Boundaries are kept, however long it is.
   *
   * @param data at least one byte; must not change until the callback
   * @param info what is left out follows the socket's defaults
   * @param callback the kernel has accepted the message, or it cannot be sent
   * @returns false if the caller should wait for 'drain', as `write` does
   * @throws TypeError, RangeError with Node's codes for bad arguments, among them a stream that
   *   was not negotiated
   * @throws ERR_SCTP_MESSAGE_TOO_LARGE for more than the kernel's send buffer
   */
  send(data: ArrayBufferView, info?: SocketSendInfo, callback?: WriteCallback): boolean;
  send(data: ArrayBufferView, callback: WriteCallback): boolean;
  send(data: ArrayBufferView, second?: unknown, third?: WriteCallback): boolean {
    const info = typeof second === 'function' || second === undefined ? {} : second;
    if (isGiven(third)) checkFunction('callback', third);
    return this.#core.writing.send(data, info, callbackOf(second, third));
  }

  /**
   * One stream of the association. What is written to it goes out on this stream. Once it is read
   * from, messages of this stream come there, and no longer here.
   *
   * @param sid below `OS`; of a stream that exists already, that one is returned
   * @param ppid for messages that name none: a number, or a name in `PPID` or `protocol`
   * @throws TypeError, RangeError with Node's codes for bad arguments
   * @throws ERR_SOCKET_CLOSED after the socket is destroyed
   */
  createStream(sid = 0, ppid?: number | string): SctpStream {
    checkInteger('sid', sid, 0, UINT16);
    if (this.destroyed) throw socketClosed();
    this.#core.upAssociation?.limits.checkStream(sid);
    const stream = this.#core.streams.of(sid);
    if (ppid !== undefined) stream.ppid = ppid;
    return stream;
  }

  /** Sends everything written, and one last message if there is one; then our side shuts down. */
  override end(callback?: () => void): this;
  override end(chunk: MessageData, callback?: () => void): this;
  override end(chunk: MessageData, encoding?: BufferEncoding, callback?: () => void): this;
  override end(...args: unknown[]): this {
    const isFirst = !this.destroyed && !this.writableEnded;
    this.#core.batches.endWith(() => {
      if (isFirst) this.#core.writing.release();
      super.end(...(args as [MessageData, BufferEncoding, () => void]));
    });
    if (isFirst) this.#core.upAssociation?.ending.expect();
    return this;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: WriteCallback): void {
    this.#core.batches.dispatch([chunk], callback);
  }

  override _writev(chunks: { chunk: unknown }[], callback: WriteCallback): void {
    const messages = new Array<Buffer>(chunks.length);
    for (let i = 0; i < chunks.length; i++) messages[i] = (chunks[i] as { chunk: Buffer }).chunk;
    this.#core.batches.dispatch(messages, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#core.closing.final(callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#core.closing.destroy(error, callback);
  }

  override destroy(error?: Error | null): this {
    if (this.destroyed)
      this.#core.connecting.end(); // a next attempt, not started yet
    else this.#core.writing.release(); // as if each `write` had sent
    return super.destroy(error ?? undefined);
  }

  // --- Its life ---

  /**
   * Sets up an association. 'connect' comes when it is up, 'error' and 'close' if it fails.
   *
   * @throws TypeError, RangeError with Node's codes for bad arguments
   */
  connect(options: ConnectOptions, listener?: () => void): this;
  connect(options: TcpSocketConnectOpts, listener?: () => void): this;
  connect(port: number | string, listener?: () => void): this;
  connect(port: number | string, host: string, listener?: () => void): this;
  connect(...args: unknown[]): this {
    this.#core.connecting.connect(connectArguments(args));
    return this;
  }

  /** Whether `connect` has been called and has not come to an end. */
  get connecting(): boolean {
    return this.#core.isConnecting;
  }

  /** Not connected: not yet, or no longer. */
  get pending(): boolean {
    return !this.#core.association || this.connecting || this.destroyed;
  }

  /** Which directions are open: 'closed' is before `connect`, too. */
  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening';
    if (this.readable && this.writable) return 'open';
    if (this.readable) return 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  /** Which addresses the last `connect` has tried first, as `address:port`. */
  get autoSelectFamilyAttemptedAddresses(): string[] {
    return this.#core.connecting.attempted;
  }

  /** Aborts the association (RFC 9260 §9.1), whatever has been called before. */
  resetAndDestroy(): this {
    if (this.connecting) this.once('connect', () => this.resetAndDestroy());
    else if (this.#core.association) this.#core.closing.reset();
    else this.destroy(socketClosed());
    return this;
  }

  /** Destroys the socket as soon as everything written has left. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** Destroys the socket, and waits until it is closed. */
  override async [Symbol.asyncDispose](): Promise<void> {
    const { isOver } = this.#core;
    const closed = isOver || new Promise((resolve) => this.once('close', resolve));
    if (this.destroyed)
      this.destroy(); // lest it connect again
    else await super[Symbol.asyncDispose]();
    await closed;
  }

  /**
   * Milliseconds of `setTimeout`, 0 if there is no longer one; undefined if it was never set. As
   * with `net`, assigning starts and stops nothing.
   */
  get timeout(): number | undefined {
    return this.#core.idle.timeout;
  }

  set timeout(value: number | undefined) {
    this.#core.idle.timeout = value;
  }

  /**
   * Emits 'timeout' once nothing was sent or received for a while; the socket stays open.
   * @param timeout milliseconds; 0 ends it
   */
  setTimeout(timeout: number, listener?: () => void): this {
    const value = checkDuration('msecs', timeout);
    if (listener !== undefined) checkFunction('callback', listener);
    this.#core.idle.set(value);
    if (this.destroyed) this.#core.idle.stop();
    if (listener !== undefined) {
      if (value === 0) this.removeListener('timeout', listener);
      else this.once('timeout', listener);
    }
    return this;
  }

  /** Keeps the process alive again, after `unref`. */
  ref(): this {
    this.#core.ref();
    return this;
  }

  /** Lets the process end though the socket is open. */
  unref(): this {
    this.#core.unref();
    return this;
  }

  // --- Options that `net` has methods for ---

  /** Whether to send small messages at once, without waiting to bundle them. */
  setNoDelay(noDelay?: boolean): this {
    setNoDelay(this.#core, noDelay);
    return this;
  }

  /**
   * SCTP's own heartbeats do what `net` does with this; they are on by default.
   * @param initialDelay milliseconds a path is quiet before one is sent; 0 keeps the value
   */
  setKeepAlive(enable?: boolean, initialDelay?: number): this;
  /** As since Node 24.19: `interval` counts where there is no `initialDelay`. */
  setKeepAlive(options: KeepAliveOptions): this;
  setKeepAlive(first?: unknown, initialDelay?: unknown): this {
    setKeepAlive(this.#core, keepAliveOf(first, initialDelay));
    return this;
  }

  /**
   * Sets the field Type of Service, or Traffic Class, of the packets; before `connect` too.
   * @param tos 0 to 255, of which the kernel takes the upper six bits: the option `dscp`
   */
  setTypeOfService(tos: number): this {
    setTypeOfService(this.#core, tos);
    return this;
  }

  /** What `setTypeOfService` or the option `dscp` has set: four times the latter. */
  getTypeOfService(): number {
    return getTypeOfService(this.#core);
  }

  // --- What others look at ---

  [inspect.custom](): string {
    const { remoteAddress: address, remotePort: port } = this;
    const place = address === undefined ? '' : ` ${address}:${String(port)}`;
    return `${this.constructor.name} { ${this.readyState}${place} }`;
  }
}

/** What `connect` was given comes here first, parsed. */
function configOf(given: unknown): SocketConfig {
  if (given instanceof ConnectArguments) return socketConfig(given.options, 'connect');
  return socketConfig(given);
}

// Without the cork by which we hold back what is written within one tick.
const corked = Object.getOwnPropertyDescriptor(Duplex.prototype, 'writableCorked');
Object.defineProperty(Socket.prototype, 'writableCorked', {
  configurable: true,
  get(this: Socket) {
    const count = (corked?.get?.call(this) ?? 0) as number;
    return Math.max(0, count - (coreOf(this).writing.isCorked ? 1 : 0));
  },
});

addAssociationMembers(Socket.prototype, (socket) => new SocketMembers(coreOf(socket)));
